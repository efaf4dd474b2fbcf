// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/selection.h"

#include "base/text.h"

#include <algorithm>
#include <optional>

namespace tiphys::sync {

namespace {

struct Selector
{
    bool isExclusion = false;
    std::string group;
    std::string kind;
    std::optional<std::string> ns; ///< nothing: any
    std::string name;
};

Expected<Selector> selectorOf(std::string_view pattern)
{
    Selector selector;
    std::string_view rest = pattern;
    if (rest.starts_with('!')) {
        selector.isExclusion = true;
        rest.remove_prefix(1);
    }
    const std::vector<std::string_view> parts = split(rest, ':');
    if (parts.size() != 3 || parts[1].empty() || parts[2].empty())
        return failure(ErrorCode::InvalidInput,
                       "resource " + quoted(pattern)
                           + " is not of the form GROUP:KIND:NAME or GROUP:KIND:NAMESPACE/NAME");
    selector.group = parts[0];
    selector.kind = parts[1];
    const std::size_t slash = parts[2].find('/');
    if (slash != std::string_view::npos)
        selector.ns = std::string(parts[2].substr(0, slash));
    selector.name = parts[2].substr(slash == std::string_view::npos ? 0 : slash + 1);
    return selector;
}

bool picks(const Selector &selector, const crd::ResourceStatus &resource)
{
    const auto fits = [](const std::string &wanted, const std::string &text) {
        return wanted == "*" || wanted == text;
    };
    return fits(selector.group, resource.group) && fits(selector.kind, resource.kind)
           && fits(selector.name, resource.name) && (!selector.ns || fits(*selector.ns, resource.ns));
}

} // namespace

Expected<std::vector<crd::SyncResource>> selectedResources(const std::vector<std::string> &patterns,
                                                           const std::vector<crd::ResourceStatus> &resources)
{
    std::vector<Selector> included;
    std::vector<Selector> excluded;
    for (const std::string &pattern : patterns) {
        const Expected<Selector> selector = selectorOf(pattern);
        if (!selector)
            return std::unexpected(selector.error());
        (selector->isExclusion ? excluded : included).push_back(*selector);
    }
    std::vector<crd::SyncResource> picked;
    for (const crd::ResourceStatus &resource : resources) {
        const auto fits = [&](const Selector &selector) { return picks(selector, resource); };
        if ((included.empty() || std::ranges::any_of(included, fits)) && std::ranges::none_of(excluded, fits))
            picked.push_back(
                {.group = resource.group, .kind = resource.kind, .name = resource.name, .ns = resource.ns});
    }
    // An empty list would mean everything.
    if (picked.empty())
        return failure(ErrorCode::NotFound, "no resource matches " + join(patterns, ", "));
    return picked;
}

} // namespace tiphys::sync
