// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "object/json.h"
#include "object/text_place.h"
#include "object/yaml_print.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
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

void printObjects(const std::vector<object::Object> &objects, Output output)
{
    if (output == Output::Json) {
        std::vector<object::Value> values;
        values.reserve(objects.size());
        for (const object::Object &object : objects)
            values.push_back(object.value());
        print(object::toJson(object::Value::list(values), {.style = object::JsonStyle::Indented}) + "\n");
        return;
    }
    bool isFirst = true;
    for (const object::Object &object : objects) {
        if (!isFirst)
            print("---\n");
        isFirst = false;
        object::printYaml(object.value(), print);
    }
}

} // namespace tiphys::cli
