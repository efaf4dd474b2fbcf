// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/text_diff.h"

#include "base/text.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <unordered_map>

namespace tiphys::compare {

namespace {

using Ids = std::span<const std::uint32_t>;
/// One flag per element: does it differ?
struct Marks
{
    std::vector<char> before;
    std::vector<char> after;
};

/// Edits beyond this are not searched for between two anchors: the rest counts as replaced.
constexpr std::ptrdiff_t kMostEdits = 2000;
constexpr std::size_t kLongestMarkedLine = 2000;

/// Marks what differs between two sequences of ids.
class SequenceDiff
{
public:
    SequenceDiff(const std::vector<std::uint32_t> &before, const std::vector<std::uint32_t> &after)
        : m_before(before), m_after(after)
    {
        m_marks.before.assign(before.size(), 0);
        m_marks.after.assign(after.size(), 0);
    }

    Marks run()
    {
        compare(0, m_before.size(), 0, m_after.size());
        return std::move(m_marks);
    }

private:
    void replaceAll(std::size_t b0, std::size_t b1, std::size_t a0, std::size_t a1)
    {
        std::fill(m_marks.before.begin() + static_cast<std::ptrdiff_t>(b0),
                  m_marks.before.begin() + static_cast<std::ptrdiff_t>(b1), 1);
        std::fill(m_marks.after.begin() + static_cast<std::ptrdiff_t>(a0),
                  m_marks.after.begin() + static_cast<std::ptrdiff_t>(a1), 1);
    }

    void compare(std::size_t b0, std::size_t b1, std::size_t a0, std::size_t a1)
    {
        while (b0 < b1 && a0 < a1 && m_before[b0] == m_after[a0]) {
            ++b0;
            ++a0;
        }
        while (b0 < b1 && a0 < a1 && m_before[b1 - 1] == m_after[a1 - 1]) {
            --b1;
            --a1;
        }
        if (b0 == b1 || a0 == a1)
            return replaceAll(b0, b1, a0, a1);
        const auto anchors = uniqueCommon(b0, b1, a0, a1);
        if (anchors.empty())
            return shortestEdit(b0, b1, a0, a1);
        for (const auto &[b, a] : anchors) {
            compare(b0, b, a0, a);
            b0 = b + 1;
            a0 = a + 1;
        }
        compare(b0, b1, a0, a1);
    }

    /// Elements that stand once in each range, as the longest chain that rises on both sides.
    std::vector<std::pair<std::size_t, std::size_t>> uniqueCommon(std::size_t b0, std::size_t b1, std::size_t a0,
                                                                  std::size_t a1) const
    {
        struct Seen
        {
            std::uint32_t before = 0, after = 0;
            std::size_t b = 0, a = 0;
        };
        std::unordered_map<std::uint32_t, Seen> seen;
        for (std::size_t b = b0; b < b1; ++b) {
            Seen &entry = seen[m_before[b]];
            ++entry.before;
            entry.b = b;
        }
        for (std::size_t a = a0; a < a1; ++a) {
            const auto found = seen.find(m_after[a]);
            if (found != seen.end()) {
                ++found->second.after;
                found->second.a = a;
            }
        }
        std::vector<std::pair<std::size_t, std::size_t>> pairs;
        for (const auto &[id, entry] : seen) {
            if (entry.before == 1 && entry.after == 1)
                pairs.emplace_back(entry.b, entry.a);
        }
        std::ranges::sort(pairs);
        return longestRise(pairs);
    }

    static std::vector<std::pair<std::size_t, std::size_t>>
    longestRise(const std::vector<std::pair<std::size_t, std::size_t>> &pairs)
    {
        std::vector<std::size_t> tails; // index of the pair that ends the best chain of each length
        std::vector<std::ptrdiff_t> previous(pairs.size(), -1);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto at = std::ranges::lower_bound(tails, pairs[i].second, {},
                                                     [&](std::size_t tail) { return pairs[tail].second; });
            if (at != tails.begin())
                previous[i] = static_cast<std::ptrdiff_t>(*(at - 1));
            if (at == tails.end())
                tails.push_back(i);
            else
                *at = i;
        }
        std::vector<std::pair<std::size_t, std::size_t>> chain;
        for (std::ptrdiff_t i = tails.empty() ? -1 : static_cast<std::ptrdiff_t>(tails.back()); i >= 0;
             i = previous[static_cast<std::size_t>(i)])
            chain.push_back(pairs[static_cast<std::size_t>(i)]);
        std::ranges::reverse(chain);
        return chain;
    }

    /// Myers' greedy search; the trace of each round is kept, which the bound on edits limits.
    void shortestEdit(std::size_t b0, std::size_t b1, std::size_t a0, std::size_t a1)
    {
        const auto n = static_cast<std::ptrdiff_t>(b1 - b0);
        const auto m = static_cast<std::ptrdiff_t>(a1 - a0);
        const std::ptrdiff_t most = std::min(n + m, kMostEdits);
        std::vector<std::ptrdiff_t> reach(static_cast<std::size_t>(2 * most + 3), 0);
        std::vector<std::vector<std::ptrdiff_t>> trace;
        const auto at = [&](std::ptrdiff_t k) -> std::ptrdiff_t & {
            return reach[static_cast<std::size_t>(k + most + 1)];
        };
        for (std::ptrdiff_t edits = 0; edits <= most; ++edits) {
            trace.emplace_back(reach.begin() + (most + 1 - edits), reach.begin() + (most + 2 + edits));
            for (std::ptrdiff_t k = -edits; k <= edits; k += 2) {
                std::ptrdiff_t x = k == -edits || (k != edits && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
                while (x < n && x - k < m
                       && m_before[b0 + static_cast<std::size_t>(x)] == m_after[a0 + static_cast<std::size_t>(x - k)])
                    ++x;
                at(k) = x;
                if (x >= n && x - k >= m)
                    return walkBack(trace, n, m, b0, a0);
            }
        }
        replaceAll(b0, b1, a0, a1);
    }

    void walkBack(const std::vector<std::vector<std::ptrdiff_t>> &trace, std::ptrdiff_t x, std::ptrdiff_t y,
                  std::size_t b0, std::size_t a0)
    {
        for (auto edits = static_cast<std::ptrdiff_t>(trace.size()) - 1; edits > 0; --edits) {
            const std::vector<std::ptrdiff_t> &reach = trace[static_cast<std::size_t>(edits)];
            const auto at = [&](std::ptrdiff_t k) {
                return std::abs(k) > edits - 1 ? std::ptrdiff_t(-1) : reach[static_cast<std::size_t>(k + edits)];
            };
            const std::ptrdiff_t k = x - y;
            const bool isDown = k == -edits || (k != edits && at(k - 1) < at(k + 1));
            const std::ptrdiff_t before = isDown ? k + 1 : k - 1;
            const std::ptrdiff_t startX = at(before);
            if (isDown)
                m_marks.after[a0 + static_cast<std::size_t>(startX - before)] = 1;
            else
                m_marks.before[b0 + static_cast<std::size_t>(startX)] = 1;
            x = startX;
            y = startX - before;
        }
    }

    const std::vector<std::uint32_t> &m_before;
    const std::vector<std::uint32_t> &m_after;
    Marks m_marks;
};

/// Gives equal texts equal numbers.
class Numbering
{
public:
    std::vector<std::uint32_t> of(const std::vector<std::string_view> &texts)
    {
        std::vector<std::uint32_t> ids;
        ids.reserve(texts.size());
        for (const std::string_view text : texts)
            ids.push_back(m_ids.try_emplace(text, static_cast<std::uint32_t>(m_ids.size())).first->second);
        return ids;
    }

private:
    std::unordered_map<std::string_view, std::uint32_t> m_ids;
};

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
           || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string_view> wordsOf(std::string_view line)
{
    std::vector<std::string_view> words;
    while (!line.empty()) {
        std::size_t end = 1;
        if (isWordByte(line.front())) {
            while (end < line.size() && isWordByte(line[end]))
                ++end;
        }
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    return words;
}

std::vector<TextRange> rangesOf(const std::vector<std::string_view> &words, const std::vector<char> &marks)
{
    std::vector<TextRange> ranges;
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto length = static_cast<std::uint32_t>(words[i].size());
        if (marks[i]) {
            if (!ranges.empty() && ranges.back().start + ranges.back().length == at)
                ranges.back().length += length;
            else
                ranges.push_back({at, length});
        }
        at += length;
    }
    return ranges;
}

void markWords(TextLine &removed, TextLine &added)
{
    if (removed.text.size() > kLongestMarkedLine || added.text.size() > kLongestMarkedLine)
        return;
    const auto before = wordsOf(removed.text);
    const auto after = wordsOf(added.text);
    Numbering numbering;
    const auto beforeIds = numbering.of(before);
    const auto afterIds = numbering.of(after);
    const Marks marks = SequenceDiff(beforeIds, afterIds).run();
    // Lines with nothing but punctuation in common are not partners.
    bool shares = false;
    for (std::size_t i = 0; i < before.size(); ++i)
        shares = shares || (!marks.before[i] && isWordByte(before[i].front()));
    if (!shares)
        return;
    removed.words = rangesOf(before, marks.before);
    added.words = rangesOf(after, marks.after);
}

void printHunk(std::string &out, std::span<const TextLine> lines, std::uint32_t beforeAt, std::uint32_t afterAt)
{
    std::uint32_t beforeCount = 0;
    std::uint32_t afterCount = 0;
    for (const TextLine &line : lines) {
        beforeCount += line.kind != TextLine::Kind::Added;
        afterCount += line.kind != TextLine::Kind::Removed;
    }
    const auto range = [](std::uint32_t at, std::uint32_t count) {
        return count == 1 ? std::to_string(at) : std::to_string(count == 0 ? at - 1 : at) + "," + std::to_string(count);
    };
    out += "@@ -" + range(beforeAt, beforeCount) + " +" + range(afterAt, afterCount) + " @@\n";
    for (const TextLine &line : lines) {
        out += line.kind == TextLine::Kind::Same ? ' ' : line.kind == TextLine::Kind::Removed ? '-' : '+';
        out += line.text;
        out += '\n';
    }
}

} // namespace

std::vector<TextLine> textDiff(std::string_view before, std::string_view after)
{
    const auto beforeLines = linesOf(before);
    const auto afterLines = linesOf(after);
    Numbering numbering;
    const auto beforeIds = numbering.of(beforeLines);
    const auto afterIds = numbering.of(afterLines);
    const Marks marks = SequenceDiff(beforeIds, afterIds).run();

    std::vector<TextLine> lines;
    lines.reserve(std::max(beforeLines.size(), afterLines.size()));
    std::size_t b = 0;
    std::size_t a = 0;
    while (b < beforeLines.size() || a < afterLines.size()) {
        const std::size_t removedFrom = lines.size();
        for (; b < beforeLines.size() && marks.before[b]; ++b)
            lines.push_back({TextLine::Kind::Removed, static_cast<std::uint32_t>(b + 1), 0, beforeLines[b], {}});
        const std::size_t addedFrom = lines.size();
        for (; a < afterLines.size() && marks.after[a]; ++a)
            lines.push_back({TextLine::Kind::Added, 0, static_cast<std::uint32_t>(a + 1), afterLines[a], {}});
        for (std::size_t i = 0; removedFrom + i < addedFrom && addedFrom + i < lines.size(); ++i)
            markWords(lines[removedFrom + i], lines[addedFrom + i]);
        if (b < beforeLines.size() && a < afterLines.size()) {
            lines.push_back({TextLine::Kind::Same,
                             static_cast<std::uint32_t>(b + 1),
                             static_cast<std::uint32_t>(a + 1),
                             beforeLines[b],
                             {}});
            ++b;
            ++a;
        }
    }
    return lines;
}

std::string unifiedDiff(std::string_view before, std::string_view after, int context)
{
    const std::vector<TextLine> lines = textDiff(before, after);
    const auto around = static_cast<std::size_t>(context);
    std::string out;
    std::uint32_t beforeAt = 1;
    std::uint32_t afterAt = 1;
    std::size_t printed = 0; // lines before this index are counted in beforeAt and afterAt
    const auto skipTo = [&](std::size_t index) {
        for (; printed < index; ++printed) {
            beforeAt += lines[printed].kind != TextLine::Kind::Added;
            afterAt += lines[printed].kind != TextLine::Kind::Removed;
        }
    };
    for (std::size_t i = 0; i < lines.size();) {
        if (lines[i].kind == TextLine::Kind::Same) {
            ++i;
            continue;
        }
        const std::size_t start = std::max(printed, i > around ? i - around : 0);
        std::size_t lastChange = i;
        for (std::size_t k = i; k < lines.size() && k <= lastChange + 2 * around + 1; ++k) {
            if (lines[k].kind != TextLine::Kind::Same)
                lastChange = k;
        }
        const std::size_t end = std::min(lines.size(), lastChange + around + 1);
        skipTo(start);
        printHunk(out, std::span(lines).subspan(start, end - start), beforeAt, afterAt);
        skipTo(end);
        i = end;
    }
    return out;
}

} // namespace tiphys::compare
