// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/regular_expression.h"

#include "object/utf8.h"
#include "text/gotemplate/unicode.h"

#include <re2/re2.h>

#include <array>
#include <limits>
#include <map>

namespace tiphys::text::sprig {

struct RegularExpression::Program
{
    explicit Program(std::string_view pattern) : re2(absl::string_view(pattern.data(), pattern.size()), options()) {}

    static RE2::Options options()
    {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(std::int64_t(64) << 20);
        return options;
    }

    RE2 re2;
};

namespace {

/// How many expressions a thread keeps, and how long they may be.
constexpr std::size_t kKnownPatterns = 16;
constexpr std::size_t kLongestKnown = 256;

std::string_view wordsOf(RE2::ErrorCode code)
{
    switch (code) {
    case RE2::NoError: break;
    case RE2::ErrorInternal: return "regexp/syntax: internal error";
    case RE2::ErrorBadEscape: return "invalid escape sequence";
    case RE2::ErrorBadCharClass: return "invalid character class";
    case RE2::ErrorBadCharRange: return "invalid character class range";
    case RE2::ErrorMissingBracket: return "missing closing ]";
    case RE2::ErrorMissingParen: return "missing closing )";
    case RE2::ErrorUnexpectedParen: return "unexpected )";
    case RE2::ErrorTrailingBackslash: return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument: return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize: return "invalid repeat count";
    case RE2::ErrorRepeatOp: return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp: return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8: return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture: return "invalid named capture";
    case RE2::ErrorPatternTooLarge: return "expression too large";
    }
    return "";
}

/// The name after a '$': of letters, digits and '_', in braces or not.
struct GroupName
{
    std::string_view name;
    std::int64_t number = -1; ///< -1 if the name is no number
    std::size_t size = 0;     ///< bytes after the '$'
};

std::optional<GroupName> groupNameAt(std::string_view text)
{
    const bool isBraced = text.starts_with('{');
    if (isBraced)
        text.remove_prefix(1);
    std::size_t end = 0;
    while (end < text.size()) {
        const object::detail::CodePoint point = object::detail::codePointAt(text, end);
        if (!isLetter(point.value) && !isDigit(point.value) && point.value != '_')
            break;
        end += point.size;
    }
    if (end == 0 || (isBraced && (end >= text.size() || text[end] != '}')))
        return std::nullopt;
    GroupName group{text.substr(0, end), 0, end + (isBraced ? 2 : 0)};
    for (const char c : group.name) {
        if (c < '0' || c > '9' || group.number >= 100'000'000) {
            group.number = -1;
            break;
        }
        group.number = group.number * 10 + (c - '0');
    }
    if (group.name[0] == '0' && group.name.size() > 1)
        group.number = -1;
    return group;
}

absl::string_view foreign(std::string_view text)
{
    return {text.data(), text.size()};
}

} // namespace

TemplateExpected<RegularExpression> RegularExpression::compile(std::string_view pattern)
{
    // Templates ask for the same few again and again, and building one takes longer than using it does.
    struct Known
    {
        std::string pattern;
        std::shared_ptr<const Program> program;
    };
    thread_local std::array<Known, kKnownPatterns> known;
    thread_local std::size_t next = 0;
    for (const Known &one : known) {
        if (one.program && one.pattern == pattern)
            return RegularExpression(one.program);
    }
    auto program = std::make_shared<const Program>(pattern);
    if (!program->re2.ok())
        return templateError("error parsing regexp: " + std::string(wordsOf(program->re2.error_code())) + ": `"
                             + program->re2.error_arg() + "`");
    if (pattern.size() <= kLongestKnown) {
        known[next] = {std::string(pattern), program};
        next = (next + 1) % known.size();
    }
    return RegularExpression(std::move(program));
}

bool RegularExpression::matches(std::string_view text) const
{
    return find(text).has_value();
}

std::optional<std::string_view> RegularExpression::find(std::string_view text) const
{
    absl::string_view match;
    if (!m_program->re2.Match(foreign(text), 0, text.size(), RE2::UNANCHORED, &match, 1))
        return std::nullopt;
    return std::string_view(match.data(), match.size());
}

std::vector<RegularExpression::Span> RegularExpression::spans(std::string_view text, std::int64_t limit) const
{
    std::vector<Span> spans;
    const std::uint64_t most =
        limit < 0 ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(limit);
    std::optional<std::size_t> previousEnd;
    for (std::size_t at = 0; spans.size() < most && at <= text.size();) {
        absl::string_view match;
        if (!m_program->re2.Match(foreign(text), at, text.size(), RE2::UNANCHORED, &match, 1))
            break;
        const auto begin = static_cast<std::size_t>(match.data() - text.data());
        const std::size_t end = begin + match.size();
        // No empty match right after another match.
        const bool isAccepted = end != at || begin != previousEnd;
        if (end != at)
            at = end;
        else
            at = at < text.size() ? at + object::detail::codePointAt(text, at).size : text.size() + 1;
        previousEnd = end;
        if (isAccepted)
            spans.push_back({begin, end});
    }
    return spans;
}

std::vector<std::string_view> RegularExpression::findAll(std::string_view text, std::int64_t limit) const
{
    std::vector<std::string_view> matches;
    for (const Span span : spans(text, limit))
        matches.push_back(text.substr(span.begin, span.end - span.begin));
    return matches;
}

void RegularExpression::expand(std::string &out, std::string_view with, std::string_view text, Span match) const
{
    const RE2 &re2 = m_program->re2;
    std::vector<absl::string_view> groups(static_cast<std::size_t>(re2.NumberOfCapturingGroups()) + 1);
    re2.Match(foreign(text), match.begin, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()));
    while (true) {
        const std::size_t mark = with.find('$');
        out += with.substr(0, mark);
        if (mark == std::string_view::npos)
            return;
        with.remove_prefix(mark + 1);
        if (with.starts_with('$')) {
            out += '$';
            with.remove_prefix(1);
            continue;
        }
        const std::optional<GroupName> group = groupNameAt(with);
        if (!group) {
            out += '$';
            continue;
        }
        with.remove_prefix(group->size);
        std::int64_t number = group->number;
        if (number < 0) {
            const auto named = re2.NamedCapturingGroups().find(std::string(group->name));
            number = named == re2.NamedCapturingGroups().end() ? -1 : named->second;
        }
        if (number >= 0 && static_cast<std::uint64_t>(number) < groups.size()) {
            const absl::string_view content = groups[static_cast<std::size_t>(number)];
            out.append(content.data(), content.size());
        }
    }
}

TemplateExpected<std::string> RegularExpression::replaceAll(std::string_view text, std::string_view with,
                                                            Replacement kind, std::size_t limitBytes) const
{
    std::string result;
    std::size_t lastEnd = 0;
    for (std::size_t at = 0; at <= text.size();) {
        absl::string_view found;
        if (!m_program->re2.Match(foreign(text), at, text.size(), RE2::UNANCHORED, &found, 1))
            break;
        const auto begin = static_cast<std::size_t>(found.data() - text.data());
        const Span match{begin, begin + found.size()};
        result += text.substr(lastEnd, match.begin - lastEnd);
        // An empty match right after another one is not replaced.
        if (match.end > lastEnd || match.begin == 0) {
            if (kind == Replacement::Literal)
                result += with;
            else
                expand(result, with, text, match);
        }
        if (result.size() > limitBytes)
            return budgetExceeded("text of a regular expression's replacements");
        lastEnd = match.end;
        const std::size_t width = at < text.size() ? object::detail::codePointAt(text, at).size : 0;
        at = at + width > match.end ? at + width : at + 1 > match.end ? at + 1 : match.end;
    }
    if (lastEnd < text.size())
        result += text.substr(lastEnd);
    return result;
}

std::vector<std::string_view> RegularExpression::split(std::string_view text, std::int64_t limit) const
{
    if (limit == 0)
        return {};
    if (!m_program->re2.pattern().empty() && text.empty())
        return {text};
    std::vector<std::string_view> parts;
    std::size_t begin = 0, end = 0;
    for (const Span match : spans(text, limit)) {
        if (limit > 0 && parts.size() + 1 >= static_cast<std::uint64_t>(limit))
            break;
        end = match.begin;
        if (match.end != 0)
            parts.push_back(text.substr(begin, end - begin));
        begin = match.end;
    }
    if (end != text.size())
        parts.push_back(text.substr(begin));
    return parts;
}

std::string quotedForRegex(std::string_view text)
{
    std::string quoted;
    for (const char c : text) {
        if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos)
            quoted += '\\';
        quoted += c;
    }
    return quoted;
}

} // namespace tiphys::text::sprig
