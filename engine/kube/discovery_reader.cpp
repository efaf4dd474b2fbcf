// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/discovery_reader.h"

#include <algorithm>

namespace tiphys::kube {

namespace {

using object::Value;

std::vector<std::string> textsOf(const Value &list)
{
    std::vector<std::string> texts;
    for (const Value &item : list.items())
        texts.emplace_back(item.stringOr());
    return texts;
}

void readAggregatedVersion(const std::string &group, const Value &version, DiscoveredGroups &into)
{
    const std::string name(version["version"].stringOr());
    if (version["freshness"].stringOr() == "Stale") {
        into.failed.push_back({object::Gvk{group, name, ""}.apiVersion(), "the server that serves it does not answer"});
        return;
    }
    const Value resources = version["resources"];
    for (const Value &entry : resources.items()) {
        const std::string kind(entry.path({"responseKind", "kind"}).stringOr());
        if (kind.empty())
            continue; // only subresources are served
        ports::ApiResource resource{.type = {group, name, std::string(entry["resource"].stringOr()), kind,
                                             entry["scope"].stringOr() != "Cluster"}};
        resource.singular = entry["singularResource"].stringOr();
        resource.verbs = textsOf(entry["verbs"]);
        resource.shortNames = textsOf(entry["shortNames"]);
        resource.categories = textsOf(entry["categories"]);
        const Value subresources = entry["subresources"];
        for (const Value &subresource : subresources.items())
            resource.subresources.emplace_back(subresource["subresource"].stringOr());
        into.resources.push_back(std::move(resource));
    }
}

} // namespace

void readAggregated(const Value &document, DiscoveredGroups &into)
{
    const Value groups = document["items"];
    for (const Value &group : groups.items()) {
        const std::string name(group.path({"metadata", "name"}).stringOr());
        const Value versions = group["versions"];
        for (const Value &version : versions.items())
            readAggregatedVersion(name, version, into);
    }
}

void readResourceList(const Value &document, const std::string &groupVersion, DiscoveredGroups &into)
{
    const object::Gvk gv = object::gvkOf(groupVersion, "");
    const std::size_t first = into.resources.size();
    const Value resources = document["resources"];
    std::vector<std::string> subresources;
    for (const Value &entry : resources.items()) {
        const std::string plural(entry["name"].stringOr());
        if (plural.find('/') != std::string::npos) {
            subresources.push_back(plural);
            continue;
        }
        ports::ApiResource resource{.type = {gv.group, gv.version, plural, std::string(entry["kind"].stringOr()),
                                             entry["namespaced"].boolOr(false)}};
        resource.singular = entry["singularName"].stringOr();
        resource.verbs = textsOf(entry["verbs"]);
        resource.shortNames = textsOf(entry["shortNames"]);
        resource.categories = textsOf(entry["categories"]);
        into.resources.push_back(std::move(resource));
    }
    for (const std::string &path : subresources) {
        const std::size_t slash = path.find('/');
        for (std::size_t i = first; i < into.resources.size(); ++i) {
            if (into.resources[i].type.plural == path.substr(0, slash))
                into.resources[i].subresources.push_back(path.substr(slash + 1));
        }
    }
}

std::vector<std::string> groupVersionsOf(const Value &apiGroupList)
{
    std::vector<std::string> result;
    const Value groups = apiGroupList["groups"];
    for (const Value &group : groups.items()) {
        const std::string preferred(group.path({"preferredVersion", "groupVersion"}).stringOr());
        if (!preferred.empty())
            result.push_back(preferred);
        const Value versions = group["versions"];
        for (const Value &version : versions.items()) {
            const std::string name(version["groupVersion"].stringOr());
            if (name != preferred)
                result.push_back(name);
        }
    }
    return result;
}

} // namespace tiphys::kube
