// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/template_errors.h"

#include "base/text.h"

#include <optional>
#include <vector>

namespace tiphys::render {

using text::TemplateError;

namespace {

constexpr std::string_view kStart = "HELM_ERR_START";
constexpr std::string_view kEnd = "HELM_ERR_END";

/// One level of an execution error.
struct Level
{
    std::string place;
    std::string message;
    std::string call;

    bool operator==(const Level &) const = default;
    std::string text() const
    {
        std::string text;
        if (!place.empty())
            text += place + "\n  ";
        if (!call.empty())
            text += call + "\n    ";
        if (!message.empty())
            text += message + "\n";
        return text;
    }
};

/// \p message without the next level that follows in it.
std::string withoutNext(std::string_view message)
{
    return std::string(message.substr(0, message.find(" template:")));
}

/// "NAME: executing \"F\" at <X>: MESSAGE".
std::optional<Level> executingLevel(std::string_view text)
{
    constexpr std::string_view kExecuting = ": executing ";
    const auto executing = text.find(kExecuting);
    if (executing == std::string_view::npos)
        return std::nullopt;
    const std::string_view after = text.substr(executing + kExecuting.size());
    const auto quote = after.starts_with('"') ? after.find('"', 1) : std::string_view::npos;
    if (quote == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = after.substr(quote + 1);
    if (!rest.starts_with(" at <"))
        return std::nullopt;
    const auto close = rest.find(">: ");
    if (close == std::string_view::npos)
        return std::nullopt;
    return Level{std::string(text.substr(0, executing)), withoutNext(rest.substr(close + 3)),
                 "executing " + std::string(after.substr(0, quote + 1)) + " at <"
                     + std::string(rest.substr(5, close - 5)) + ">:"};
}

std::optional<Level> levelOf(std::string_view text)
{
    constexpr std::string_view kPrefix = "template: ";
    if (!text.starts_with(kPrefix))
        return std::nullopt;
    const std::string_view rest = text.substr(kPrefix.size());
    if (rest.starts_with("no template "))
        return Level{"", std::string(text), ""};
    if (const std::optional<Level> level = executingLevel(rest))
        return level;
    const auto colon = rest.rfind(": ");
    if (colon == std::string_view::npos)
        return std::nullopt;
    return Level{std::string(rest.substr(0, colon)), withoutNext(rest.substr(colon + 2)), ""};
}

bool isExecution(const TemplateError *error)
{
    for (; error; error = error->cause.get()) {
        if (error->isExecution)
            return true;
    }
    return false;
}

} // namespace

TemplateError standaloneError(std::string_view text)
{
    return {ErrorCode::InvalidInput, std::string(kStart) + std::string(text) + std::string(kEnd)};
}

Error parseErrorOf(std::string_view file, const TemplateError &error)
{
    // "template: NAME:LINE: … : MESSAGE"
    std::vector<std::string_view> tokens;
    std::string_view rest = error.text;
    while (true) {
        const auto colon = rest.find(": ");
        tokens.push_back(rest.substr(0, colon));
        if (colon == std::string_view::npos)
            break;
        rest.remove_prefix(colon + 2);
    }
    if (tokens.size() == 1)
        return {error.code, "parse error in (" + std::string(file) + "): " + error.text};
    return {error.code, "parse error at (" + std::string(tokens[1]) + "): " + std::string(tokens.back())};
}

Error executionErrorOf(std::string_view file, const TemplateError &error)
{
    const std::string &whole = error.text;
    if (!isExecution(&error))
        return {error.code, whole};
    const auto first = whole.find(": ");
    const auto second = first == std::string::npos ? first : whole.find(": ", first + 2);
    if (second == std::string::npos)
        return {error.code, "execution error in (" + std::string(file) + "): " + whole};
    const std::string place = whole.substr(first + 2, second - first - 2);
    const auto start = whole.find(kStart, second);
    const auto end = whole.rfind(kEnd);
    if (start != std::string::npos && end != std::string::npos && end >= start + kStart.size())
        return {error.code, "execution error at (" + place
                                + "): " + whole.substr(start + kStart.size(), end - start - kStart.size())};
    std::vector<Level> levels;
    for (const TemplateError *current = &error; current; current = current->cause.get()) {
        const std::optional<Level> level = levelOf(current->text);
        if (!level)
            return {error.code, whole};
        if (levels.empty() || levels.back() != *level)
            levels.push_back(*level);
    }
    std::string text;
    for (const Level &level : levels)
        text += level.text();
    return {error.code, std::string(trimmed(text))};
}

} // namespace tiphys::render
