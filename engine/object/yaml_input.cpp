// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_input.h"

#include "object/utf8.h"

#include <algorithm>

namespace tiphys::object::detail {

namespace {

/// Bytes that go-yaml decodes at once.
constexpr std::size_t kPiece = 512;

bool isAllowed(char32_t value)
{
    return value == 0x09 || value == 0x0A || value == 0x0D || (value >= 0x20 && value <= 0x7E) || value == 0x85
           || (value >= 0xA0 && value <= 0xD7FF) || (value >= 0xE000 && value <= 0xFFFD)
           || (value >= 0x10000 && value <= 0x10FFFF);
}

/// One decoded character: its bytes, or what is wrong with it.
struct Decoded
{
    char32_t value = 0;
    std::size_t size = 0;
    std::string_view problem;
    bool isIncomplete = false; ///< the text ends inside of it
};

Decoded decodeUtf8(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    const std::size_t size = first < 0x80               ? 1
                             : (first & 0xE0u) == 0xC0u ? 2
                             : (first & 0xF0u) == 0xE0u ? 3
                             : (first & 0xF8u) == 0xF0u ? 4
                                                        : 0;
    if (size == 0)
        return {.problem = "invalid leading UTF-8 octet"};
    if (size > text.size())
        return {.problem = "incomplete UTF-8 octet sequence", .isIncomplete = true};
    char32_t value = size == 1 ? first : first & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0u) != 0x80u)
            return {.problem = "invalid trailing UTF-8 octet"};
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < kLeast[size])
        return {.problem = "invalid length of a UTF-8 sequence"};
    if ((value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF)
        return {.problem = "invalid Unicode character"};
    return {.value = value, .size = size};
}

enum class ByteOrder { LittleEndian, BigEndian };

Decoded decodeUtf16(std::string_view text, ByteOrder order)
{
    const auto unit = [&](std::size_t i) {
        const char32_t a = static_cast<unsigned char>(text[i]);
        const char32_t b = static_cast<unsigned char>(text[i + 1]);
        return order == ByteOrder::LittleEndian ? a | (b << 8) : (a << 8) | b;
    };
    if (text.size() < 2)
        return {.problem = "incomplete UTF-16 character", .isIncomplete = true};
    const char32_t high = unit(0);
    if ((high & 0xFC00u) == 0xDC00u)
        return {.problem = "unexpected low surrogate area"};
    if ((high & 0xFC00u) != 0xD800u)
        return {.value = high, .size = 2};
    if (text.size() < 4)
        return {.problem = "incomplete UTF-16 surrogate pair", .isIncomplete = true};
    const char32_t low = unit(2);
    if ((low & 0xFC00u) != 0xDC00u)
        return {.problem = "expected low surrogate area"};
    return {.value = 0x10000 + ((high & 0x3FFu) << 10) + (low & 0x3FFu), .size = 4};
}

bool isPlainAscii(std::string_view text)
{
    // In bytes throughout, which compilers do many of at once.
    unsigned char bad = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const auto above = static_cast<unsigned char>(byte - 0x20);
        bad |= static_cast<unsigned char>(above > 0x7E - 0x20) & static_cast<unsigned char>(byte != '\n');
    }
    return bad == 0;
}

} // namespace

YamlInput yamlInputOf(std::string_view source)
{
    using namespace std::string_view_literals;
    YamlInput input;
    const bool isLittle = source.starts_with("\xFF\xFE"sv);
    const bool isBig = source.starts_with("\xFE\xFF"sv);
    const bool isUtf16 = isLittle || isBig;
    std::size_t at = isUtf16 ? 2 : source.starts_with("\xEF\xBB\xBF"sv) ? 3 : 0;
    std::size_t pieceEnd = std::min(kPiece, source.size());
    std::size_t pieceStart = 0;
    input.text.reserve(source.size() + YamlInput::kPadding);
    while (at < source.size()) {
        const std::string_view rest = source.substr(at, pieceEnd - at);
        const Decoded point = rest.empty() ? Decoded{.isIncomplete = true}
                              : isLittle   ? decodeUtf16(rest, ByteOrder::LittleEndian)
                              : isBig      ? decodeUtf16(rest, ByteOrder::BigEndian)
                                           : decodeUtf8(rest);
        if (point.isIncomplete && pieceEnd < source.size()) {
            pieceEnd = std::min(at + kPiece, source.size());
            pieceStart = input.text.size();
            continue;
        }
        std::string_view problem = point.problem;
        if (point.isIncomplete)
            pieceStart = input.text.size();
        if (problem.empty() && !isAllowed(point.value))
            problem = "control characters are not allowed";
        if (!problem.empty()) {
            input.trouble = pieceStart;
            input.problem = problem;
            input.refused = at;
            input.text.resize(pieceStart);
            break;
        }
        appendUtf8(input.text, point.value);
        at += point.size;
    }
    input.text.append(YamlInput::kPadding, '\0');
    return input;
}

bool isOrdinaryYamlText(std::string_view text)
{
    constexpr std::size_t kStep = 256;
    for (std::size_t start = 0; start < text.size();) {
        const std::string_view part = text.substr(start, kStep);
        if (isPlainAscii(part)) {
            start += part.size();
            continue;
        }
        const std::size_t end = start + part.size();
        while (start < end) {
            const CodePoint point = codePointAt(text, start);
            const char32_t value = point.value;
            const bool isOrdinary = point.isValid && value != 0x0D && value != 0x85 && value != 0x2028
                                    && value != 0x2029 && value != 0xFEFF && isAllowed(value);
            if (!isOrdinary)
                return false;
            start += point.size;
        }
    }
    return true;
}

} // namespace tiphys::object::detail
