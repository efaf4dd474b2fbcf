// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tiphys::object::detail {

/// What a plain scalar stands for.
struct YamlScalar
{
    enum class Kind : std::uint8_t { String, Null, Bool, Int, Uint, Double, Timestamp, Merge };
    Kind kind = Kind::String;
    bool boolean = false;
    std::int64_t integer = 0;
    std::uint64_t unsignedInteger = 0;
    double number = 0;
};

/// Whether timestamps count: go-yaml tries them only for scalars without a tag, or with the timestamp tag.
enum class YamlTimestamps { Recognised, Ignored };

/// The meaning of \p text by the rules of YAML 1.1 as go-yaml v2 has them. A Timestamp stays a text for readers.
/// Source: go.yaml.in/yaml/v2 resolve.go@v2.4.2
YamlScalar resolveYamlScalar(std::string_view text, YamlTimestamps timestamps = YamlTimestamps::Recognised);

/// The numbers that are no finite ones (".nan", "-.inf"), which all readers spell alike; nothing for other texts.
std::optional<double> unboundYamlNumber(std::string_view text);

inline constexpr std::array<bool, 256> kYamlMeaningful = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("+-0123456789yYnNtTfFoO~.<"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

/// True if no text that starts with \p first can be anything but a string.
inline bool startsYamlString(char first)
{
    return !kYamlMeaningful[static_cast<unsigned char>(first)];
}

/// True for the four forms of dates that go-yaml accepts as timestamps.
bool isYamlTimestamp(std::string_view text);

/// True for a number to the base of 60 ("1:30"), which other readers take for a number.
bool isYamlBase60(std::string_view text);

} // namespace tiphys::object::detail
