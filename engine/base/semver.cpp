// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/semver.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace tiphys {

namespace {

constexpr std::string_view kImproper = "improper constraint";
constexpr std::string_view kSpaces = " \t\n\f\r";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isSpace(char c)
{
    return kSpaces.find(c) != std::string_view::npos;
}
bool isIdentifierChar(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
/// A part of a constraint's version; '|' is in the original's character class and fails only later.
bool isPartChar(char c)
{
    return isDigit(c) || c == 'x' || c == 'X' || c == '*' || c == '|';
}
bool isNumber(std::string_view text)
{
    return std::ranges::all_of(text, isDigit);
}
bool isWildcard(std::string_view text)
{
    return text == "x" || text == "X" || text == "*";
}

std::optional<std::uint64_t> numberOf(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return number;
}

/// The texts of one version, as a regular expression would split it.
struct Parts
{
    std::string_view whole;
    std::string_view numbers[3];
    std::string_view prerelease;
    std::string_view metadata;
};

std::string_view takenWhile(std::string_view &rest, bool (*accepts)(char))
{
    const std::size_t end = std::ranges::find_if_not(rest, accepts) - rest.begin();
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(end);
    return taken;
}

/// Dot-separated identifiers after \p mark; nothing is taken where the mark or the first identifier is missing.
std::string_view takenIdentifiers(std::string_view &rest, char mark)
{
    if (rest.size() < 2 || rest[0] != mark || !isIdentifierChar(rest[1]))
        return {};
    std::size_t end = 1;
    while (end < rest.size()
           && (isIdentifierChar(rest[end])
               || (rest[end] == '.' && end + 1 < rest.size() && isIdentifierChar(rest[end + 1]))))
        ++end;
    const std::string_view taken = rest.substr(1, end - 1);
    rest.remove_prefix(end);
    return taken;
}

/// The longest version at the start of \p rest, whose numbers consist of characters that \p accepts.
std::optional<Parts> takenVersion(std::string_view &rest, bool (*accepts)(char))
{
    std::string_view left = rest;
    if (left.starts_with('v'))
        left.remove_prefix(1);
    Parts parts;
    parts.numbers[0] = takenWhile(left, accepts);
    if (parts.numbers[0].empty())
        return std::nullopt;
    for (int i = 1; i < 3 && left.size() > 1 && left[0] == '.' && accepts(left[1]); ++i) {
        left.remove_prefix(1);
        parts.numbers[i] = takenWhile(left, accepts);
    }
    parts.prerelease = takenIdentifiers(left, '-');
    parts.metadata = takenIdentifiers(left, '+');
    parts.whole = rest.substr(0, rest.size() - left.size());
    rest = left;
    return parts;
}

std::weak_ordering compareIdentifier(std::string_view left, std::string_view right)
{
    if (left == right)
        return std::weak_ordering::equivalent;
    if (left.empty() || right.empty())
        return left.empty() ? std::weak_ordering::less : std::weak_ordering::greater;
    const std::optional<std::uint64_t> leftNumber = numberOf(left);
    const std::optional<std::uint64_t> rightNumber = numberOf(right);
    if (leftNumber && rightNumber)
        return *leftNumber > *rightNumber ? std::weak_ordering::greater : std::weak_ordering::less;
    if (!leftNumber && !rightNumber)
        return left <=> right;
    return leftNumber ? std::weak_ordering::less : std::weak_ordering::greater;
}

std::weak_ordering comparePrerelease(std::string_view left, std::string_view right)
{
    const std::vector<std::string_view> lefts = split(left, '.');
    const std::vector<std::string_view> rights = split(right, '.');
    for (std::size_t i = 0; i < std::max(lefts.size(), rights.size()); ++i) {
        const std::weak_ordering order = compareIdentifier(i < lefts.size() ? lefts[i] : std::string_view(),
                                                           i < rights.size() ? rights[i] : std::string_view());
        if (order != 0)
            return order;
    }
    return std::weak_ordering::equivalent;
}

bool hasLeadingZero(std::string_view identifier)
{
    return identifier.size() > 1 && identifier[0] == '0' && isNumber(identifier);
}

bool hasVersionForm(std::string_view text)
{
    return takenVersion(text, isDigit) && text.empty();
}

/// "a - b" written as ">= a, <= b", everywhere in \p text.
std::string withoutHyphenRanges(std::string_view text)
{
    std::string result(text);
    std::string_view open = text;
    while (!open.empty()) {
        std::string_view rest = open;
        takenWhile(rest, isSpace);
        const std::optional<Parts> low = takenVersion(rest, isPartChar);
        const bool spaced = low && !takenWhile(rest, isSpace).empty() && rest.starts_with('-');
        if (spaced)
            rest.remove_prefix(1);
        const std::optional<Parts> high =
            spaced && !takenWhile(rest, isSpace).empty() ? takenVersion(rest, isPartChar) : std::nullopt;
        if (!high) {
            open.remove_prefix(1);
            continue;
        }
        takenWhile(rest, isSpace);
        const std::string_view matched = open.substr(0, open.size() - rest.size());
        const std::string range = ">= " + std::string(low->whole) + ", <= " + std::string(high->whole) + " ";
        if (const std::size_t place = result.find(matched); place != std::string::npos)
            result.replace(place, matched.size(), range);
        open = rest;
    }
    return result;
}

} // namespace

Expected<SemVersion> SemVersion::parse(std::string_view text)
{
    std::string_view rest = text;
    const std::optional<Parts> parts = takenVersion(rest, isDigit);
    if (!parts || !rest.empty())
        return failure(ErrorCode::InvalidInput, "invalid semantic version " + quoted(text));
    SemVersion version;
    std::uint64_t *const numbers[] = {&version.m_major, &version.m_minor, &version.m_patch};
    for (int i = 0; i < 3 && !parts->numbers[i].empty(); ++i) {
        const std::optional<std::uint64_t> number = numberOf(parts->numbers[i]);
        if (!number)
            return failure(ErrorCode::InvalidInput, "number out of range in version " + quoted(text));
        *numbers[i] = *number;
    }
    if (!parts->prerelease.empty() && std::ranges::any_of(split(parts->prerelease, '.'), hasLeadingZero))
        return failure(ErrorCode::InvalidInput, "leading zero in the pre-release of version " + quoted(text));
    version.m_prerelease = parts->prerelease;
    version.m_metadata = parts->metadata;
    version.m_original = text;
    return version;
}

std::string SemVersion::text() const
{
    std::string text = std::to_string(m_major) + "." + std::to_string(m_minor) + "." + std::to_string(m_patch);
    if (!m_prerelease.empty())
        text += "-" + m_prerelease;
    if (!m_metadata.empty())
        text += "+" + m_metadata;
    return text;
}

std::weak_ordering operator<=>(const SemVersion &left, const SemVersion &right)
{
    if (const auto order = left.m_major <=> right.m_major; order != 0)
        return order;
    if (const auto order = left.m_minor <=> right.m_minor; order != 0)
        return order;
    if (const auto order = left.m_patch <=> right.m_patch; order != 0)
        return order;
    if (left.m_prerelease.empty() || right.m_prerelease.empty())
        return left.m_prerelease.empty() <=> right.m_prerelease.empty();
    return comparePrerelease(left.m_prerelease, right.m_prerelease);
}

Expected<SemConstraint> SemConstraint::parse(std::string_view text)
{
    const std::string ranges = withoutHyphenRanges(text);
    SemConstraint constraint;
    for (std::size_t start = 0; start <= ranges.size();) {
        const std::size_t end = std::min(ranges.find("||", start), ranges.size());
        Expected<Branch> branch = parseBranch(std::string_view(ranges).substr(start, end - start));
        if (!branch)
            return std::unexpected(branch.error());
        constraint.m_branches.push_back(*std::move(branch));
        start = end + 2;
    }
    return constraint;
}

Expected<SemConstraint::Branch> SemConstraint::parseBranch(std::string_view text)
{
    const auto improper = [&] { return failure(ErrorCode::InvalidInput, "improper constraint: " + std::string(text)); };
    Branch branch;
    bool hasBadVersion = false;
    std::string_view rest = text;
    takenWhile(rest, isSpace);
    while (true) {
        Expected<Term> term = parseTerm(rest);
        if (!term && term.error().message() == kImproper)
            return improper();
        // A version out of range is told only where the form of the whole is right.
        if (term) {
            branch.namesPrerelease |= !term->version.prerelease().empty();
            branch.terms.push_back(*std::move(term));
        } else {
            hasBadVersion = true;
        }
        const bool spaced = !takenWhile(rest, isSpace).empty();
        if (rest.empty() && hasBadVersion)
            return failure(ErrorCode::InvalidInput, "constraint parser error");
        if (rest.empty())
            return branch;
        if (rest.starts_with(',')) {
            rest.remove_prefix(1);
            takenWhile(rest, isSpace);
        } else if (!spaced) {
            return improper();
        }
    }
}

Expected<SemConstraint::Term> SemConstraint::parseTerm(std::string_view &rest)
{
    static constexpr std::pair<std::string_view, Operator> kOperators[] = {
        {"!=", Operator::NotEqual},  {">=", Operator::GreaterEqual}, {"=>", Operator::GreaterEqual},
        {"<=", Operator::LessEqual}, {"=<", Operator::LessEqual},    {"~>", Operator::Tilde},
        {"=", Operator::Equal},      {">", Operator::Greater},       {"<", Operator::Less},
        {"~", Operator::Tilde},      {"^", Operator::Caret}};
    Term term;
    for (const auto &[sign, op] : kOperators) {
        if (rest.starts_with(sign)) {
            term.op = op;
            rest.remove_prefix(sign.size());
            break;
        }
    }
    takenWhile(rest, isSpace);
    const std::optional<Parts> parts = takenVersion(rest, isPartChar);
    if (!parts)
        return failure(ErrorCode::InvalidInput, std::string(kImproper));
    const auto isOpen = [&](int i) { return parts->numbers[i].empty() || isWildcard(parts->numbers[i]); };
    std::string text(parts->whole);
    const std::string major(parts->numbers[0]);
    const std::string suffix = parts->prerelease.empty() ? "" : "-" + std::string(parts->prerelease);
    if (isOpen(0)) {
        text = "0.0.0" + suffix;
        term.dirty = true;
    } else if (isOpen(1)) {
        text = major + ".0.0" + suffix;
        term.dirty = term.minorDirty = true;
    } else if (isOpen(2)) {
        text = major + "." + std::string(parts->numbers[1]) + ".0" + suffix;
        term.dirty = term.patchDirty = true;
    }
    Expected<SemVersion> version = SemVersion::parse(text);
    if (!version)
        return std::unexpected(version.error());
    term.version = *std::move(version);
    return term;
}

bool SemConstraint::allows(const SemVersion &version) const
{
    return std::ranges::any_of(m_branches, [&](const Branch &branch) {
        if (!version.prerelease().empty() && !branch.namesPrerelease)
            return false;
        return std::ranges::all_of(branch.terms, [&](const Term &term) { return allows(term, version); });
    });
}

bool SemConstraint::allows(const Term &term, const SemVersion &version)
{
    switch (term.op) {
    case Operator::None:
    case Operator::Equal: return term.dirty ? allowsTilde(term, version) : version == term.version;
    case Operator::NotEqual: return allowsNotEqual(term, version);
    case Operator::Greater: return allowsGreater(term, version);
    case Operator::Less: return version < term.version;
    case Operator::GreaterEqual: return version >= term.version;
    case Operator::LessEqual: return allowsLessEqual(term, version);
    case Operator::Tilde: return allowsTilde(term, version);
    case Operator::Caret: return allowsCaret(term, version);
    }
    return false;
}

bool SemConstraint::allowsNotEqual(const Term &term, const SemVersion &version)
{
    if (!term.dirty)
        return version != term.version;
    if (term.version.major() != version.major())
        return true;
    if (term.minorDirty)
        return false;
    if (term.version.minor() != version.minor())
        return true;
    if (!term.patchDirty)
        return term.version.patch() != version.patch() || version != term.version;
    if (!version.prerelease().empty() || !term.version.prerelease().empty())
        return comparePrerelease(version.prerelease(), term.version.prerelease()) != 0;
    return false;
}

bool SemConstraint::allowsGreater(const Term &term, const SemVersion &version)
{
    if (!term.dirty)
        return version > term.version;
    if (version.major() != term.version.major())
        return version.major() > term.version.major();
    if (term.minorDirty)
        return false;
    if (term.patchDirty)
        return version.minor() > term.version.minor();
    return version > term.version;
}

bool SemConstraint::allowsLessEqual(const Term &term, const SemVersion &version)
{
    if (!term.dirty)
        return version <= term.version;
    if (version.major() > term.version.major())
        return false;
    return version.major() != term.version.major() || version.minor() <= term.version.minor() || term.minorDirty;
}

bool SemConstraint::allowsTilde(const Term &term, const SemVersion &version)
{
    if (version < term.version)
        return false;
    const SemVersion &low = term.version;
    if (low.major() == 0 && low.minor() == 0 && low.patch() == 0 && !term.minorDirty && !term.patchDirty)
        return true;
    if (version.major() != low.major())
        return false;
    return version.minor() == low.minor() || term.minorDirty;
}

bool SemConstraint::allowsCaret(const Term &term, const SemVersion &version)
{
    const SemVersion &low = term.version;
    if (version < low)
        return false;
    if (low.major() > 0 || term.minorDirty)
        return version.major() == low.major();
    if (version.major() > 0)
        return false;
    if (low.minor() > 0 || term.patchDirty)
        return version.minor() == low.minor();
    if (version.minor() > 0)
        return false;
    return low.patch() == version.patch();
}

std::optional<std::string> highestVersion(std::string_view wanted, std::span<const std::string> candidates)
{
    if (SemVersion::parse(wanted))
        return std::string(wanted);
    const Expected<SemConstraint> constraint = SemConstraint::parse(wanted);
    if (!constraint)
        return std::nullopt;
    std::optional<SemVersion> highest;
    for (const std::string &candidate : candidates) {
        Expected<SemVersion> version = SemVersion::parse(candidate);
        if (!version) {
            if (hasVersionForm(candidate))
                return std::nullopt;
            continue;
        }
        if (constraint->allows(*version) && (!highest || *version > *highest))
            highest = *std::move(version);
    }
    return highest ? std::optional(highest->original()) : std::nullopt;
}

} // namespace tiphys
