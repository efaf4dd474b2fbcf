// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/ignore_rules.h"

#include "base/glob.h"
#include "base/text.h"

namespace tiphys::render {

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
