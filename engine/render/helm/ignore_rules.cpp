// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/ignore_rules.h"

#include "base/glob.h"
#include "base/text.h"

namespace tiphys::render {

namespace {

/// Takes one character of a class, which may be escaped, from \p rest; false if there is none.
bool takeClassMember(std::string_view &rest)
{
    if (rest.empty() || rest[0] == '-' || rest[0] == ']')
        return false;
    if (rest[0] == '\\')
        rest.remove_prefix(1);
    if (rest.empty())
        return false;
    rest.remove_prefix(1);
    while (!rest.empty() && (rest[0] & 0xC0) == 0x80)
        rest.remove_prefix(1);
    return !rest.empty();
}

/// Takes a class behind its "[" from \p rest; false if it does not end or is broken.
bool takeClass(std::string_view &rest)
{
    if (rest.starts_with('^'))
        rest.remove_prefix(1);
    do {
        if (!takeClassMember(rest))
            return false;
        if (rest[0] == '-') {
            rest.remove_prefix(1);
            if (!takeClassMember(rest))
                return false;
        }
    } while (rest[0] != ']');
    rest.remove_prefix(1);
    return true;
}

/// True if Go's filepath.Match refuses \p pattern, whatever the text.
bool isBroken(std::string_view pattern)
{
    while (!pattern.empty()) {
        const char c = pattern[0];
        pattern.remove_prefix(1);
        if (c == '[' && !takeClass(pattern))
            return true;
        if (c != '\\')
            continue;
        if (pattern.empty())
            return true;
        pattern.remove_prefix(1);
    }
    return false;
}

} // namespace

Expected<IgnoreRules> IgnoreRules::parse(std::string_view text)
{
    IgnoreRules rules;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    for (const std::string_view line : split(text, '\n')) {
        if (const Expected<void> added = rules.add(line); !added)
            return std::unexpected(added.error());
    }
    if (const Expected<void> added = rules.add("templates/.?*"); !added)
        return std::unexpected(added.error());
    return rules;
}

Expected<void> IgnoreRules::add(std::string_view line)
{
    std::string_view text = trimmed(line);
    if (text.empty() || text.starts_with('#'))
        return {};
    if (text.contains("**"))
        return failure(ErrorCode::InvalidInput, "double-star (**) syntax is not supported");
    if (isBroken(text))
        return failure(ErrorCode::InvalidInput, "syntax error in pattern");
    Rule rule;
    if (text.starts_with('!')) {
        rule.isNegated = true;
        text.remove_prefix(1);
    }
    if (text.ends_with('/')) {
        rule.isForFolders = true;
        text.remove_suffix(1);
    }
    if (text.starts_with('/'))
        text.remove_prefix(1);
    else
        rule.isForNames = !text.contains('/');
    rule.pattern = text;
    m_rules.push_back(std::move(rule));
    return {};
}

bool IgnoreRules::ignores(std::string_view path, bool isFolder) const
{
    // The folder itself always belongs to it.
    if (path.empty() || path == "." || path == "./")
        return false;
    const auto slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    for (const Rule &rule : m_rules) {
        const bool matches = pathGlobMatches(rule.pattern, rule.isForNames ? name : path);
        if (rule.isNegated) {
            if ((rule.isForFolders && !isFolder) || !matches)
                return true;
            continue;
        }
        if ((!rule.isForFolders || isFolder) && matches)
            return true;
    }
    return false;
}

} // namespace tiphys::render
