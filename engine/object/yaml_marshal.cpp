// SPDX-License-Identifier: GPL-3.0-or-later
// Source of what is refused: go.yaml.in/yaml/v2 readerc.go@v2.4.2
#include "object/json.h"
#include "object/utf8.h"
#include "object/yaml.h"

#include <algorithm>
#include <cmath>

namespace tiphys::object {

namespace {

constexpr std::string_view kControlCharacters = "yaml: control characters are not allowed";

/// What go-yaml's reader refuses in the JSON that Marshal makes first.
std::optional<std::string> problemOf(std::string_view text)
{
    if (detail::isAscii(text))
        return text.find('\x7F') == text.npos ? std::nullopt : std::optional<std::string>(kControlCharacters);
    for (std::size_t at = 0; at < text.size();) {
        const detail::CodePoint point = detail::codePointAt(text, at);
        const char32_t c = point.value;
        if ((c >= 0x7F && c < 0xA0 && c != 0x85) || c == 0xFFFE || c == 0xFFFF)
            return std::string(kControlCharacters);
        at += point.size;
    }
    return std::nullopt;
}

/// Characters of a key in JSON, quotes included.
std::size_t writtenLength(std::string_view key)
{
    const std::string written = toJson(Value(key), {.escapesHtml = true});
    return static_cast<std::size_t>(
        std::ranges::count_if(written, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::optional<std::string> problemOf(const Value &value)
{
    constexpr std::size_t kLongestJsonKey = 1024;
    switch (value.type()) {
    case Type::String: return problemOf(*value.asString());
    case Type::Double:
        if (const double number = *value.asNumber(); !std::isfinite(number))
            return std::string("json: unsupported value: ")
                   + (std::isnan(number) ? "NaN"
                      : number > 0       ? "+Inf"
                                         : "-Inf");
        return std::nullopt;
    case Type::List:
        for (const Value &item : value.items()) {
            if (std::optional<std::string> problem = problemOf(item))
                return problem;
        }
        return std::nullopt;
    case Type::Map:
        for (const auto &[key, held] : value.entries()) {
            if (std::optional<std::string> problem = problemOf(key))
                return problem;
            if (key.size() > kLongestJsonKey / 6 && writtenLength(key) > kLongestJsonKey)
                return "yaml: did not find expected ',' or '}'";
            if (std::optional<std::string> problem = problemOf(held))
                return problem;
        }
        return std::nullopt;
    case Type::Null:
    case Type::Bool:
    case Type::Int:
    case Type::Uint: return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

Expected<std::string> marshalYaml(const Value &value)
{
    if (std::optional<std::string> problem = problemOf(value))
        return failure(ErrorCode::InvalidInput, std::move(*problem));
    return toYaml(value);
}

} // namespace tiphys::object
