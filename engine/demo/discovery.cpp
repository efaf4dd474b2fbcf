// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/discovery.h"

#include "base/text.h"
#include "object/json.h"

#include <algorithm>
#include <map>

namespace tiphys::demo {

using object::Value;

namespace {

/// Kinds that answer questions and keep nothing.
struct Review
{
    const char *group, *kind, *plural;
    bool isNamespaced;
};
constexpr Review kReviews[] = {
    {"authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews", false},
    {"authorization.k8s.io", "LocalSubjectAccessReview", "localsubjectaccessreviews", true},
    {"authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false},
    {"authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews", false},
    {"authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews", false},
};

/// A resource of one group and version, as discovery lists it.
struct Listed
{
    std::string plural, singular, kind;
    bool isNamespaced = true;
    std::vector<std::string> verbs, shortNames, categories;
    struct Subresource
    {
        std::string name, group, version, kind;
        std::vector<std::string> verbs;
    };
    std::vector<Subresource> subresources;
};

using Versions = std::vector<std::pair<std::string, std::vector<Listed>>>;

Listed listedOf(const Resource &resource, const std::string &version)
{
    Listed listed{.plural = resource.plural,
                  .singular = resource.singular,
                  .kind = resource.kind,
                  .isNamespaced = resource.isNamespaced,
                  .verbs = {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"},
                  .shortNames = resource.shortNames,
                  .categories = resource.categories,
                  .subresources = {}};
    if (resource.hasStatus)
        listed.subresources.push_back({"status", resource.group, version, resource.kind, {"get", "patch", "update"}});
    if (resource.hasScale)
        listed.subresources.push_back({"scale", "autoscaling", "v1", "Scale", {"get", "patch", "update"}});
    if (resource.kind == "Pod" && resource.group.empty())
        listed.subresources.push_back({"log", "", "v1", "Pod", {"get"}});
    return listed;
}

/// Every group with its versions, the preferred one first.
std::map<std::string, Versions> groupsOf(const Catalog &catalog)
{
    std::map<std::string, Versions> groups;
    const auto resources = [&](const std::string &group, const std::string &version) -> std::vector<Listed> & {
        Versions &versions = groups[group];
        const auto found = std::ranges::find(versions, version, &Versions::value_type::first);
        return found != versions.end() ? found->second : versions.emplace_back(version, std::vector<Listed>()).second;
    };
    for (const Resource *resource : catalog.all()) {
        for (const std::string &version : resource->versions)
            resources(resource->group, version).push_back(listedOf(*resource, version));
    }
    for (const Review &review : kReviews) {
        resources(review.group, "v1")
            .push_back({.plural = review.plural,
                        .singular = asciiLower(review.kind),
                        .kind = review.kind,
                        .isNamespaced = review.isNamespaced,
                        .verbs = {"create"},
                        .shortNames = {},
                        .categories = {},
                        .subresources = {}});
    }
    return groups;
}

Value textList(const std::vector<std::string> &texts)
{
    return Value::list(std::vector<Value>(texts.begin(), texts.end()));
}

Value resourceListOf(const std::string &group, const std::string &version, const std::vector<Listed> &resources)
{
    std::vector<Value> values;
    for (const Listed &each : resources) {
        Value value = Value::map({{"name", each.plural},
                                  {"singularName", each.singular},
                                  {"namespaced", each.isNamespaced},
                                  {"kind", each.kind},
                                  {"verbs", textList(each.verbs)}});
        if (!each.shortNames.empty())
            value = value.with("shortNames", textList(each.shortNames));
        if (!each.categories.empty())
            value = value.with("categories", textList(each.categories));
        values.push_back(value);
        for (const Listed::Subresource &sub : each.subresources) {
            Value below = Value::map({{"name", each.plural + "/" + sub.name},
                                      {"singularName", ""},
                                      {"namespaced", each.isNamespaced},
                                      {"kind", sub.kind},
                                      {"verbs", textList(sub.verbs)}});
            if (sub.group != group)
                below = below.with("group", sub.group).with("version", sub.version);
            values.push_back(below);
        }
    }
    return Value::map({{"kind", "APIResourceList"},
                       {"apiVersion", "v1"},
                       {"groupVersion", object::Gvk{group, version, ""}.apiVersion()},
                       {"resources", Value::list(values)}});
}

Value gvkValue(const std::string &group, const std::string &version, const std::string &kind)
{
    return Value::map({{"group", group}, {"version", version}, {"kind", kind}});
}

Value aggregatedResource(const std::string &group, const std::string &version, const Listed &each)
{
    Value value = Value::map({{"resource", each.plural},
                              {"responseKind", gvkValue(group, version, each.kind)},
                              {"scope", each.isNamespaced ? "Namespaced" : "Cluster"},
                              {"singularResource", each.singular},
                              {"verbs", textList(each.verbs)}});
    if (!each.shortNames.empty())
        value = value.with("shortNames", textList(each.shortNames));
    if (!each.categories.empty())
        value = value.with("categories", textList(each.categories));
    std::vector<Value> subresources;
    for (const Listed::Subresource &sub : each.subresources)
        subresources.push_back(Value::map({{"subresource", sub.name},
                                           {"responseKind", gvkValue(sub.group, sub.version, sub.kind)},
                                           {"verbs", textList(sub.verbs)}}));
    return subresources.empty() ? value : value.with("subresources", Value::list(subresources));
}

Value aggregatedGroup(const std::string &group, const Versions &versions)
{
    std::vector<Value> values;
    for (const auto &[version, resources] : versions) {
        std::vector<Value> listed;
        for (const Listed &each : resources)
            listed.push_back(aggregatedResource(group, version, each));
        values.push_back(
            Value::map({{"version", version}, {"resources", Value::list(listed)}, {"freshness", "Current"}}));
    }
    Value metadata = Value::map({{"creationTimestamp", nullptr}});
    if (!group.empty())
        metadata = metadata.with("name", group);
    return Value::map({{"metadata", metadata}, {"versions", Value::list(values)}});
}

Value groupValue(const std::string &group, const Versions &versions)
{
    std::vector<Value> values;
    for (const auto &[version, resources] : versions)
        values.push_back(
            Value::map({{"groupVersion", object::Gvk{group, version, ""}.apiVersion()}, {"version", version}}));
    return Value::map({{"name", group}, {"versions", Value::list(values)}, {"preferredVersion", values.front()}});
}

Response json(const Value &value)
{
    return {.body = object::toJson(value, {.order = object::KeyOrder::Kept}) + "\n", .headers = {}, .watch = {}};
}

Response aggregated(const std::map<std::string, Versions> &groups, bool isCore)
{
    std::vector<Value> items;
    for (const auto &[group, versions] : groups) {
        if (group.empty() == isCore)
            items.push_back(aggregatedGroup(group, versions));
    }
    Response response = json(Value::map({{"kind", "APIGroupDiscoveryList"},
                                         {"apiVersion", "apidiscovery.k8s.io/v2"},
                                         {"metadata", Value::map({})},
                                         {"items", Value::list(items)}}));
    response.contentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    return response;
}

Response roots(const std::map<std::string, Versions> &groups, bool isCore)
{
    if (isCore)
        return json(Value::map({{"kind", "APIVersions"},
                                {"versions", Value::list({"v1"})},
                                {"serverAddressByClientCIDRs", Value::list({})}}));
    std::vector<Value> values;
    for (const auto &[group, versions] : groups) {
        if (!group.empty())
            values.push_back(groupValue(group, versions));
    }
    return json(Value::map({{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", Value::list(values)}}));
}

Value queryParameter(std::string_view name)
{
    return Value::map({{"name", name}, {"in", "query"}, {"schema", Value::map({{"type", "string"}})}});
}

Value documentOf(const std::string &group, const std::string &version, const std::vector<Listed> &resources)
{
    const std::string root = group.empty() ? "/api/" + version : "/apis/" + group + "/" + version;
    Value paths = Value::map({});
    Value schemas = Value::map({});
    const Value parameters = Value::list({queryParameter("dryRun"), queryParameter("fieldManager"),
                                          queryParameter("fieldValidation"), queryParameter("force")});
    const Value responses = Value::map({{"200", Value::map({{"description", "OK"}})}});
    for (const Listed &each : resources) {
        const Value gvk = gvkValue(group, version, each.kind);
        const Value operation = Value::map(
            {{"parameters", parameters}, {"responses", responses}, {"x-kubernetes-group-version-kind", gvk}});
        const std::string collection = root + (each.isNamespaced ? "/namespaces/{namespace}/" : "/") + each.plural;
        paths = paths.with(collection, Value::map({{"post", operation}}))
                    .with(collection + "/{name}", Value::map({{"patch", operation}, {"put", operation}}));
        schemas = schemas.with((group.empty() ? "core" : group) + "." + version + "." + each.kind,
                               Value::map({{"type", "object"},
                                           {"x-kubernetes-preserve-unknown-fields", true},
                                           {"x-kubernetes-group-version-kind", Value::list({gvk})}}));
    }
    return Value::map({{"openapi", "3.0.0"},
                       {"info", Value::map({{"title", "Tiphys demo cluster"}, {"version", "v1.36.3"}})},
                       {"paths", paths},
                       {"components", Value::map({{"schemas", schemas}})}});
}

} // namespace

std::optional<Response> discovery(const Catalog &catalog, const Request &request)
{
    const auto parts = split(std::string_view(request.path).substr(1), '/');
    if (parts[0] != "api" && parts[0] != "apis")
        return std::nullopt;
    const bool isCore = parts[0] == "api";
    const auto groups = groupsOf(catalog);
    if (parts.size() == 1) {
        const bool isAggregated =
            request.header("accept").find("v=v2;as=APIGroupDiscoveryList") != std::string_view::npos;
        return isAggregated ? aggregated(groups, isCore) : roots(groups, isCore);
    }
    const auto group = groups.find(isCore ? std::string() : std::string(parts[1]));
    if (group == groups.end())
        return std::nullopt;
    if (!isCore && parts.size() == 2)
        return json(groupValue(group->first, group->second).with("kind", "APIGroup").with("apiVersion", "v1"));
    if (parts.size() != (isCore ? 2U : 3U))
        return std::nullopt;
    for (const auto &[version, resources] : group->second) {
        if (version == parts.back())
            return json(resourceListOf(group->first, version, resources));
    }
    return std::nullopt;
}

std::optional<Response> openApi(const Catalog &catalog, const Request &request)
{
    if (request.path == "/openapi/v2") {
        if (request.header("accept").find("json") == std::string_view::npos)
            return Response{.code = 406, .body = {}, .headers = {}, .watch = {}};
        return json(Value::map({{"swagger", "2.0"},
                                {"info", Value::map({{"title", "Tiphys demo cluster"}, {"version", "v1.36.3"}})},
                                {"paths", Value::map({})},
                                {"definitions", Value::map({})}}));
    }
    if (!request.path.starts_with("/openapi/v3"))
        return std::nullopt;
    Value index = Value::map({});
    for (const auto &[group, versions] : groupsOf(catalog)) {
        for (const auto &[version, resources] : versions) {
            const std::string name = group.empty() ? "api/" + version : "apis/" + group + "/" + version;
            if (request.path == "/openapi/v3/" + name)
                return json(documentOf(group, version, resources));
            index = index.with(name, Value::map({{"serverRelativeURL", "/openapi/v3/" + name}}));
        }
    }
    if (request.path != "/openapi/v3")
        return std::nullopt;
    return json(Value::map({{"paths", index}}));
}

} // namespace tiphys::demo
