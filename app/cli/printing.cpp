// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "object/json.h"
#include "object/text_place.h"
#include "object/yaml_print.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#if !defined(_WIN32)
#include <poll.h>
#include <unistd.h>
#endif

namespace tiphys::cli {

namespace {

std::function<void()> &lostAction()
{
    static std::function<void()> action;
    return action;
}

void tellIfLost()
{
    if (std::ferror(stdout) != 0 && lostAction())
        std::exchange(lostAction(), {})();
}

/// True if standard output is a pipe that nobody reads any more.
bool isReaderGone()
{
#if defined(_WIN32)
    return false;
#else
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
#endif
}

} // namespace

int fail(const Error &error, int code)
{
    const std::string text = "error: " + object::textWithPlace(error) + "\n";
    std::fputs(text.c_str(), stderr);
    return code;
}

void print(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    tellIfLost();
}

void flushOutput()
{
    std::fflush(stdout);
    tellIfLost();
}

void whenOutputIsLost(std::function<void()> action)
{
    lostAction() = std::move(action);
}

int finished(int code, int failed)
{
    errno = 0;
    const bool isWritten = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (isWritten)
        return code;
    const std::string reason = errno != 0 ? std::string(": ") + std::strerror(errno) : std::string();
    if (!isReaderGone())
        std::fputs(("error: the output could not be written" + reason + "\n").c_str(), stderr);
    return std::max(code, failed);
}

void printValue(const object::Value &value, Output output)
{
    if (output == Output::Yaml)
        object::printYaml(value, print);
    else
        print(object::toJson(value, {.style = object::JsonStyle::Indented, .order = object::KeyOrder::Kept}) + "\n");
}

namespace {

/// Documents of a stream, made by whoever has time and printed in their order.
class DocumentPress
{
public:
    explicit DocumentPress(const std::vector<object::Object> &objects)
        : m_objects(objects), m_made(std::min(objects.size(), kMostGroups))
    {
    }

    bool isWorthThreads() const
    {
        // The first of each group tells about how large all are.
        std::size_t bytes = 0;
        for (std::size_t group = 0; group < groups(); ++group)
            bytes += m_objects[startOf(group)].value().storageBytes() * (startOf(group + 1) - startOf(group));
        return groups() > 1 && bytes >= kLeastSpread;
    }
    std::size_t groups() const { return m_made.size(); }

    void make(std::size_t group)
    {
        std::vector<std::string> pieces;
        const auto release = [&pieces] {
            for (const std::string &piece : pieces)
                print(piece);
            pieces.clear();
        };
        const std::function<void(std::string_view)> take = [&](std::string_view piece) {
            if (m_turn.load(std::memory_order_acquire) != group) {
                pieces.emplace_back(piece);
                return;
            }
            release();
            print(piece);
        };
        for (std::size_t i = startOf(group); i < startOf(group + 1); ++i)
            printDocument(m_objects[i], i, take);
        const std::lock_guard lock(m_mutex);
        std::size_t turn = m_turn.load(std::memory_order_relaxed);
        if (turn != group) {
            m_made[group] = std::move(pieces);
            return;
        }
        release();
        for (++turn; turn < groups() && m_made[turn]; ++turn) {
            pieces = *std::exchange(m_made[turn], std::nullopt);
            release();
        }
        m_turn.store(turn, std::memory_order_release);
    }

    static void printDocument(const object::Object &object, std::size_t number,
                              const std::function<void(std::string_view)> &take)
    {
        if (number > 0)
            take("---\n");
        object::printYaml(object.value(), take);
    }

private:
    /// Bytes of values whose text takes about a millisecond: less is not worth a thread.
    static constexpr std::size_t kLeastSpread = 768 * 1024;
    static constexpr std::size_t kMostGroups = 64;

    std::size_t startOf(std::size_t group) const { return group * m_objects.size() / m_made.size(); }

    const std::vector<object::Object> &m_objects;
    std::mutex m_mutex;                                          ///< guards m_made, and who has the turn next
    std::vector<std::optional<std::vector<std::string>>> m_made; ///< before their turn
    std::atomic<std::size_t> m_turn = 0;                         ///< the group that prints: nobody else does meanwhile
};

} // namespace

void printObjects(const std::vector<object::Object> &objects, Output output, const ForEach &forEach)
{
    if (output == Output::Json) {
        std::vector<object::Value> values;
        values.reserve(objects.size());
        for (const object::Object &object : objects)
            values.push_back(object.value());
        print(object::toJson(object::Value::list(values), {.style = object::JsonStyle::Indented}) + "\n");
        return;
    }
    if (forEach) {
        DocumentPress press(objects);
        if (press.isWorthThreads()) {
            forEach(press.groups(), [&press](std::size_t group) { press.make(group); });
            return;
        }
    }
    for (std::size_t i = 0; i < objects.size(); ++i)
        DocumentPress::printDocument(objects[i], i, print);
}

} // namespace tiphys::cli
