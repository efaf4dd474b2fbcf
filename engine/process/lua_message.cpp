// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_message.h"

#include <array>
#include <utility>

namespace tiphys::process {

namespace {

/// The type in "… (a nil value)" or "… a nil value"; "" in other sentences.
std::string_view typeAtEnd(std::string_view sentence)
{
    constexpr std::string_view kEnd = " value";
    if (sentence.ends_with(")"))
        sentence.remove_suffix(1);
    if (!sentence.ends_with(kEnd))
        return {};
    sentence.remove_suffix(kEnd.size());
    const std::size_t start = sentence.find_last_of(' ');
    return start == std::string_view::npos ? std::string_view() : sentence.substr(start + 1);
}

/// "bad argument #1 to 'insert' (…)" without the quotation marks.
std::string unquotedFunction(std::string_view sentence)
{
    constexpr std::string_view kBefore = " to '";
    const std::size_t open = sentence.find(kBefore);
    const std::size_t close = open == std::string_view::npos ? open : sentence.find('\'', open + kBefore.size());
    if (close == std::string_view::npos)
        return std::string(sentence);
    const std::size_t name = open + kBefore.size();
    std::string text(sentence.substr(0, name - 1));
    text += sentence.substr(name, close - name);
    text += sentence.substr(close + 1);
    constexpr std::string_view kNoValue = "got no value)";
    if (text.ends_with(kNoValue))
        text.replace(text.size() - kNoValue.size(), kNoValue.size(), "got nil)");
    return text;
}

std::string translated(std::string_view sentence)
{
    if (sentence.starts_with("attempt to call "))
        return "attempt to call a non-function object";
    if (sentence.starts_with("attempt to get length of "))
        return "__len undefined";
    if (sentence.starts_with("bad argument #"))
        return unquotedFunction(sentence);
    if (constexpr std::string_view kTwo = "attempt to compare two "; sentence.starts_with(kTwo)) {
        std::string_view type = sentence.substr(kTwo.size());
        type = type.substr(0, type.find(' '));
        return "attempt to compare " + std::string(type) + " with " + std::string(type);
    }
    if (sentence.starts_with("attempt to concatenate ")) {
        const std::string type(typeAtEnd(sentence));
        return "cannot perform concat operation between " + type + " and " + type;
    }
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kLoops{
        {{"'for' initial value must be a number", "for statement init must be a number"},
         {"'for' limit must be a number", "for statement limit must be a number"},
         {"'for' step must be a number", "for statement step must be a number"}}};
    for (const auto &[ours, theirs] : kLoops) {
        if (sentence == ours)
            return std::string(theirs);
    }
    if (sentence.starts_with("stack overflow"))
        return "stack overflow";
    return std::string(sentence);
}

} // namespace

std::string gopherMessage(std::string_view message)
{
    constexpr std::string_view kChunk = "<string>:";
    std::size_t start = 0;
    if (message.starts_with(kChunk)) {
        const std::size_t colon = message.find_first_not_of("0123456789", kChunk.size());
        if (colon != std::string_view::npos && message.substr(colon).starts_with(": "))
            start = colon + 2;
    }
    // Without a line it is what pcall says of a value that cannot be called.
    if (start == 0 && message == "attempt to call a nil value")
        return std::string(message);
    return std::string(message.substr(0, start)) + translated(message.substr(start));
}

} // namespace tiphys::process
