// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_key_order.h"

#include "object/short_text.h"
#include "object/utf8.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace tiphys::object::detail {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Letters as Go's unicode.IsLetter has them for ASCII and Latin-1; above, blocks of signs, marks and pictures are
/// told from the rest.
bool isLetter(char32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0x100)
        return c == 0xAA || c == 0xB5 || c == 0xBA || (c >= 0xC0 && c != 0xD7 && c != 0xF7);
    struct Block
    {
        char32_t first;
        char32_t last;
    };
    constexpr std::array kOthers{Block{0x0300, 0x036F}, Block{0x2000, 0x2070}, Block{0x2072, 0x207E},
                                 Block{0x2080, 0x208F}, Block{0x20A0, 0x2101}, Block{0x2190, 0x2BFF},
                                 Block{0x2E80, 0x3004}, Block{0x3007, 0x3030}, Block{0x3036, 0x303A},
                                 Block{0xD800, 0xF8FF}, Block{0xFE00, 0xFE6F}, Block{0xFEFF, 0xFEFF},
                                 Block{0xFF00, 0xFF20}, Block{0xFFE0, 0xFFFF}, Block{0x1F000, 0x1FAFF}};
    return std::ranges::none_of(kOthers, [c](const Block &block) { return c >= block.first && c <= block.last; });
}

/// Digits from a place on: how many there are and the number they make (it may wrap around, as in Go).
struct Digits
{
    std::size_t end;
    std::uint64_t number;
};

Digits digitsFrom(std::string_view text, std::size_t at, std::uint64_t number)
{
    while (at < text.size() && isDigit(text[at]))
        number = number * 10 + static_cast<std::uint64_t>(text[at++] - '0');
    return {at, number};
}

/// True if the digits in front of \p at are not all zeros.
bool hasValueBefore(std::string_view text, std::size_t at)
{
    while (at > 0 && isDigit(text[at - 1])) {
        if (text[--at] != '0')
            return true;
    }
    return false;
}

} // namespace

bool comesBefore(std::string_view a, std::string_view b)
{
    const auto different = std::ranges::mismatch(a, b);
    auto at = static_cast<std::size_t>(different.in1 - a.begin());
    if (at == a.size() || at == b.size())
        return a.size() < b.size();
    while (at > 0 && (static_cast<unsigned char>(a[at]) & 0xC0u) == 0x80u)
        --at;
    const char32_t ca = codePointAt(a, at).value;
    const char32_t cb = codePointAt(b, at).value;
    const bool isLetterA = isLetter(ca);
    const bool isLetterB = isLetter(cb);
    if (isLetterA && isLetterB)
        return ca < cb;
    if (isLetterA || isLetterB)
        return isLetterB;
    const bool isZero = a[at] == '0' || b[at] == '0';
    const std::uint64_t start = isZero && hasValueBefore(a, at) ? 1 : 0;
    const Digits da = digitsFrom(a, at, start);
    const Digits db = digitsFrom(b, at, start);
    if (da.number != db.number)
        return static_cast<std::int64_t>(da.number) < static_cast<std::int64_t>(db.number);
    if (da.end != db.end)
        return da.end < db.end;
    return ca < cb;
}

/// Bytewise.
bool YamlKeySorter::isBefore(const Place &a, const Place &b)
{
    return a.lead != b.lead ? a.lead < b.lead : a.text() < b.text();
}

/// Whether \p b may stand behind \p a, which is bytewise before it.
bool YamlKeySorter::isInOrder(const Place &a, const Place &b)
{
    const std::uint64_t different = a.lead ^ b.lead;
    if (different != 0) {
        const int shift = 56 - std::countl_zero(different) / 8 * 8;
        const auto byteA = static_cast<unsigned char>(a.lead >> shift);
        const auto byteB = static_cast<unsigned char>(b.lead >> shift);
        const auto isAsciiLetter = [](unsigned char c) { return c < 0x80 && isLetter(c); };
        if (isAsciiLetter(byteA) && isAsciiLetter(byteB))
            return true;
    }
    return !comesBefore(b.text(), a.text());
}

std::size_t YamlKeySorter::push(const Node &map)
{
    const std::size_t first = m_places.size();
    const auto add = [this](const Entry &entry) {
        const std::string_view text = entry.key->text();
        m_places.push_back({leadingBytes(text.data(), text.size()), &entry});
    };
    if (map.size > kIndexedFrom) {
        const std::uint32_t *order = sortedOrder(map);
        for (std::uint32_t i = 0; i < map.size; ++i)
            add(map.entries[order[i]]);
    } else {
        for (std::uint32_t i = 0; i < map.size; ++i)
            add(map.entries[i]);
        for (std::size_t i = first + 1; i < m_places.size(); ++i) {
            const Place place = m_places[i];
            std::size_t at = i;
            for (; at > first && isBefore(place, m_places[at - 1]); --at)
                m_places[at] = m_places[at - 1];
            m_places[at] = place;
        }
    }
    bool isSorted = true;
    for (std::size_t i = first + 1; isSorted && i < m_places.size(); ++i)
        isSorted = isInOrder(m_places[i - 1], m_places[i]);
    if (!isSorted)
        std::stable_sort(m_places.begin() + static_cast<std::ptrdiff_t>(first), m_places.end(),
                         [](const Place &a, const Place &b) { return comesBefore(a.text(), b.text()); });
    return first;
}

} // namespace tiphys::object::detail
