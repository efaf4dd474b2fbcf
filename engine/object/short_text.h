// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tiphys::object::detail {

// Texts of objects are short: a call of the C library costs more than comparing or copying them in two overlapping words.

template <typename Word>
constexpr Word wordAt(const char *text)
{
    if consteval {
        std::array<char, sizeof(Word)> bytes;
        std::copy_n(text, bytes.size(), bytes.begin());
        return std::bit_cast<Word>(bytes);
    } else {
        Word word;
        std::memcpy(&word, text, sizeof word);
        return word;
    }
}

template <typename Word>
bool isSameInWords(const char *a, const char *b, std::size_t size)
{
    const std::size_t last = size - sizeof(Word);
    return wordAt<Word>(a) == wordAt<Word>(b) && wordAt<Word>(a + last) == wordAt<Word>(b + last);
}

/// True if the \p size bytes at \p a and \p b are the same.
inline bool isSameText(const char *a, const char *b, std::size_t size)
{
    if (size > 16)
        return std::memcmp(a, b, size) == 0;
    if (size >= 8)
        return isSameInWords<std::uint64_t>(a, b, size);
    if (size >= 4)
        return isSameInWords<std::uint32_t>(a, b, size);
    if (size >= 2)
        return isSameInWords<std::uint16_t>(a, b, size);
    return size == 0 || *a == *b;
}

template <typename Word>
void copyInWords(char *to, const char *from, std::size_t size)
{
    const std::size_t last = size - sizeof(Word);
    const Word first = wordAt<Word>(from);
    const Word end = wordAt<Word>(from + last);
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + last, &end, sizeof end);
}

/// Copies \p size bytes; the places do not overlap.
inline void copyShortText(char *to, const char *from, std::size_t size)
{
    if (size > 16)
        std::memcpy(to, from, size);
    else if (size >= 8)
        copyInWords<std::uint64_t>(to, from, size);
    else if (size >= 4)
        copyInWords<std::uint32_t>(to, from, size);
    else if (size >= 2)
        copyInWords<std::uint16_t>(to, from, size);
    else if (size == 1)
        *to = *from;
}

/// A word of a text as a number with its first byte uppermost.
template <typename Word>
constexpr Word firstUppermost(Word word)
{
    return std::endian::native == std::endian::little ? std::byteswap(word) : word;
}

/// The first eight bytes of a text, the first one uppermost and zeros behind a shorter one: ordered as texts are, except that
/// texts with the same ones must be compared whole.
constexpr std::uint64_t leadingBytes(const char *text, std::size_t size)
{
    if (size >= 8)
        return firstUppermost(wordAt<std::uint64_t>(text));
    const auto byte = [text](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])); };
    const auto half = [text](std::size_t i) {
        return static_cast<std::uint64_t>(firstUppermost(wordAt<std::uint32_t>(text + i))) << 32;
    };
    if (size >= 4)
        return half(0) | half(size - 4) >> (8 * (size - 4));
    if (size == 0)
        return 0;
    return byte(0) << 56 | byte(size / 2) << (56 - 8 * (size / 2)) | byte(size - 1) << (56 - 8 * (size - 1));
}

/// Of equal texts the same; for tables in memory.
constexpr std::uint32_t textHash(std::string_view text)
{
    constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15u;
    std::uint64_t hash = text.size();
    for (; text.size() > 8; text.remove_prefix(8)) {
        hash = (hash ^ wordAt<std::uint64_t>(text.data())) * kFactor;
        hash ^= hash >> 32;
    }
    return static_cast<std::uint32_t>((hash ^ leadingBytes(text.data(), text.size())) * kFactor >> 32);
}

} // namespace tiphys::object::detail
