// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys {

/// A semantic version read loosely: a leading "v" and missing minor and patch numbers are allowed.
///
/// Order and equality ignore build metadata; a pre-release stands below its release.
/// Source: Masterminds/semver version.go@v3.4.0
class SemVersion
{
public:
    /// Reads "1", "v1.2", "1.2.3-rc.1+build". InvalidInput for everything else.
    static Expected<SemVersion> parse(std::string_view text);

    std::uint64_t major() const { return m_major; }
    std::uint64_t minor() const { return m_minor; }
    std::uint64_t patch() const { return m_patch; }
    /// Text after '-', "" for a release.
    const std::string &prerelease() const { return m_prerelease; }
    /// Text after '+', "" if absent.
    const std::string &metadata() const { return m_metadata; }
    /// What was read, unchanged.
    const std::string &original() const { return m_original; }
    /// The normal form: no "v", three numbers, pre-release and metadata.
    std::string text() const;

    friend std::weak_ordering operator<=>(const SemVersion &left, const SemVersion &right);
    friend bool operator==(const SemVersion &left, const SemVersion &right) { return (left <=> right) == 0; }

private:
    std::uint64_t m_major = 0;
    std::uint64_t m_minor = 0;
    std::uint64_t m_patch = 0;
    std::string m_prerelease;
    std::string m_metadata;
    std::string m_original;
};

/// A range of versions: `= != > < >= => <= =< ~ ~> ^`, wildcards x X *, "a - b", space or comma for and, "||" for or.
///
/// Pre-releases match only in an or-branch that itself names a pre-release.
/// Source: Masterminds/semver constraints.go@v3.4.0
class SemConstraint
{
public:
    /// Reads a constraint. InvalidInput ("improper constraint: …") if it is none.
    static Expected<SemConstraint> parse(std::string_view text);

    /// Whether \p version lies in the range.
    bool allows(const SemVersion &version) const;

private:
    enum class Operator { None, Equal, NotEqual, Greater, Less, GreaterEqual, LessEqual, Tilde, Caret };
    struct Term
    {
        Operator op = Operator::None;
        SemVersion version;
        bool dirty = false;      ///< some part is a wildcard or absent
        bool minorDirty = false; ///< from the minor part on
        bool patchDirty = false; ///< only the patch part
    };
    struct Branch
    {
        std::vector<Term> terms;
        bool namesPrerelease = false;
    };

    static Expected<Branch> parseBranch(std::string_view text);
    static Expected<Term> parseTerm(std::string_view &rest);
    static bool allows(const Term &term, const SemVersion &version);
    static bool allowsTilde(const Term &term, const SemVersion &version);
    static bool allowsCaret(const Term &term, const SemVersion &version);
    static bool allowsNotEqual(const Term &term, const SemVersion &version);
    static bool allowsGreater(const Term &term, const SemVersion &version);
    static bool allowsLessEqual(const Term &term, const SemVersion &version);

    std::vector<Branch> m_branches;
};

/// The text that stands for \p wanted among \p candidates: \p wanted itself if it reads as a (loose) version, else
/// the highest candidate that the constraint \p wanted allows; nothing if it is no constraint or none matches.
/// Candidates that are no versions are skipped, but one that has the form of a version with a number out of range or
/// a pre-release number with a leading zero makes the answer "nothing".
/// Source: argo-cd util/versions/tags.go (MaxVersion)@v3.5.1
std::optional<std::string> highestVersion(std::string_view wanted, std::span<const std::string> candidates);

} // namespace tiphys
