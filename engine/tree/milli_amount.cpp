// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/pod.h"

#include <array>
#include <charconv>
#include <limits>

namespace tiphys::tree {

namespace {

struct Suffix
{
    std::string_view text;
    int tens;  ///< power of 10
    int kibis; ///< power of 1024
};

constexpr std::array<Suffix, 16> kSuffixes{{{"", 0, 0},
                                            {"n", -9, 0},
                                            {"u", -6, 0},
                                            {"m", -3, 0},
                                            {"k", 3, 0},
                                            {"M", 6, 0},
                                            {"G", 9, 0},
                                            {"T", 12, 0},
                                            {"P", 15, 0},
                                            {"E", 18, 0},
                                            {"Ki", 0, 1},
                                            {"Mi", 0, 2},
                                            {"Gi", 0, 3},
                                            {"Ti", 0, 4},
                                            {"Pi", 0, 5},
                                            {"Ei", 0, 6}}};

constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();

std::uint64_t times(std::uint64_t value, std::uint64_t factor)
{
    return value > kMost / factor ? kMost : value * factor;
}

/// Digits before and after the point, and how many stand after it.
struct Digits
{
    std::uint64_t value = 0;
    int decimals = 0;
    std::size_t length = 0; ///< of the text that was read
    bool any = false;
};

Digits readDigits(std::string_view text)
{
    Digits digits;
    bool isFraction = false;
    for (; digits.length < text.size(); ++digits.length) {
        const char c = text[digits.length];
        if (c == '.' && !isFraction) {
            isFraction = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        digits.any = true;
        if (digits.value > kMost / 10 - 1)
            continue;
        digits.value = digits.value * 10 + static_cast<std::uint64_t>(c - '0');
        digits.decimals += isFraction ? 1 : 0;
    }
    return digits;
}

std::optional<Suffix> suffixOf(std::string_view text)
{
    for (const Suffix &suffix : kSuffixes) {
        if (suffix.text == text)
            return suffix;
    }
    if (text.size() < 2 || (text.front() != 'e' && text.front() != 'E'))
        return std::nullopt;
    text.remove_prefix(text[1] == '+' ? 2 : 1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return Suffix{{}, exponent, 0};
}

} // namespace

std::optional<std::int64_t> milliAmountOf(std::string_view quantity)
{
    const bool isNegative = quantity.starts_with('-');
    if (isNegative || quantity.starts_with('+'))
        quantity.remove_prefix(1);
    const Digits digits = readDigits(quantity);
    const std::optional<Suffix> suffix = suffixOf(quantity.substr(digits.length));
    if (!digits.any || !suffix)
        return std::nullopt;
    std::uint64_t value = digits.value;
    for (int i = 0; i < suffix->kibis; ++i)
        value = times(value, 1024);
    const int tens = suffix->tens + 3 - digits.decimals;
    for (int i = 0; i < tens && value != 0 && value != kMost; ++i)
        value = times(value, 10);
    bool hasRest = false;
    for (int i = 0; i > tens && value != 0; --i) {
        hasRest = hasRest || value % 10 != 0;
        value /= 10;
    }
    value += hasRest && value < kMost ? 1 : 0;
    const std::int64_t result = static_cast<std::int64_t>(value);
    return isNegative ? -result : result;
}

} // namespace tiphys::tree
