// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::compare {

/// Part of a line that differs from its partner on the other side, in bytes.
struct TextRange
{
    std::uint32_t start = 0;
    std::uint32_t length = 0;

    bool operator==(const TextRange &) const = default;
};

/// One line of a diff: in both texts, only in the first, or only in the second.
struct TextLine
{
    enum class Kind : std::uint8_t { Same, Removed, Added };
    Kind kind = Kind::Same;
    std::uint32_t before = 0;     ///< line number in the first text from 1, 0 if absent there
    std::uint32_t after = 0;      ///< line number in the second text from 1, 0 if absent there
    std::string_view text;        ///< without its line feed; a view into the text it is from
    std::vector<TextRange> words; ///< what differs from the partner line, empty if there is none

    bool operator==(const TextLine &) const = default;
};

/// All lines of \p before and \p after in order: removed lines stand before the added ones that replace them.
///
/// Lines that are unique in both texts anchor the comparison; between anchors the shortest edit is searched for, up
/// to a bound, so that texts of many megabytes stay fast. The views live as long as both texts do.
std::vector<TextLine> textDiff(std::string_view before, std::string_view after);

/// The hunks of a unified diff with \p context lines around each change, without file headers; "" if equal.
std::string unifiedDiff(std::string_view before, std::string_view after, int context = 3);

} // namespace tiphys::compare
