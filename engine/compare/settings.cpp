// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/settings.h"

#include "base/glob.h"
#include "base/text.h"
#include "crd/options.h"
#include "object/yaml.h"

#include <algorithm>
#include <map>

namespace tiphys::compare {

using object::Value;

namespace {

constexpr std::string_view kCustomizations = "resource.customizations";
constexpr std::string_view kEverything = "*/*";
constexpr std::string_view kDefinitions = "apiextensions.k8s.io/CustomResourceDefinition";

using Overrides = std::map<std::string, ResourceOverride>;

Error wrong(std::string_view key, std::string_view problem)
{
    return Error(ErrorCode::InvalidInput, "argocd-cm " + std::string(key) + ": " + std::string(problem));
}

Expected<Value> yamlAt(std::string_view key, std::string_view text)
{
    Expected<Value> value = object::parseYaml(text);
    if (!value)
        return std::unexpected(value.error().in("argocd-cm " + std::string(key)));
    return value;
}

Expected<std::vector<std::string>> textList(std::string_view key, const Value &list, std::string_view name)
{
    if (!list.isList() && !list.isNull())
        return std::unexpected(wrong(key, std::string(name) + " must be a list"));
    std::vector<std::string> texts;
    for (const Value &item : list.items()) {
        if (!item.isString())
            return std::unexpected(wrong(key, std::string(name) + " must hold text only"));
        texts.emplace_back(item.stringOr());
    }
    return texts;
}

Expected<IgnoredFields> ignoredFieldsOf(std::string_view key, std::string_view text)
{
    const Expected<Value> value = yamlAt(key, text);
    if (!value)
        return std::unexpected(value.error());
    if (!value->isMap() && !value->isNull())
        return std::unexpected(wrong(key, "must be a map"));
    IgnoredFields fields;
    const std::pair<std::string_view, std::vector<std::string> *> members[] = {
        {"jsonPointers", &fields.jsonPointers},
        {"jqPathExpressions", &fields.jqPathExpressions},
        {"managedFieldsManagers", &fields.managedFieldsManagers}};
    for (const auto &[name, target] : members) {
        Expected<std::vector<std::string>> texts = textList(key, (*value)[name], name);
        if (!texts)
            return std::unexpected(texts.error());
        *target = std::move(*texts);
    }
    return fields;
}

Expected<std::vector<KnownTypeField>> knownTypeFieldsOf(std::string_view key, const Value &list)
{
    if (!list.isList() && !list.isNull())
        return std::unexpected(wrong(key, "knownTypeFields must be a list"));
    std::vector<KnownTypeField> fields;
    for (const Value &item : list.items())
        fields.push_back({std::string(item["field"].stringOr()), std::string(item["type"].stringOr())});
    return fields;
}

Expected<void> addPart(ResourceOverride &into, std::string_view type, std::string_view key, std::string_view text)
{
    if (type == "health") {
        into.healthLua = text;
    } else if (type == "actions") {
        into.actions = text;
    } else if (type == "useOpenLibs") {
        const std::optional<bool> flag = crd::goBooleanOf(text);
        if (!flag)
            return std::unexpected(wrong(key, "is neither true nor false: " + quoted(text)));
        into.usesOpenLibraries = *flag;
    } else if (type == "ignoreDifferences" || type == "ignoreResourceUpdates") {
        Expected<IgnoredFields> fields = ignoredFieldsOf(key, text);
        if (!fields)
            return std::unexpected(fields.error());
        (type == "ignoreDifferences" ? into.ignoreDifferences : into.ignoreResourceUpdates) = std::move(*fields);
    } else if (type == "knownTypeFields") {
        const Expected<Value> list = yamlAt(key, text);
        if (!list)
            return std::unexpected(list.error());
        Expected<std::vector<KnownTypeField>> fields = knownTypeFieldsOf(key, *list);
        if (!fields)
            return std::unexpected(fields.error());
        into.knownTypeFields = std::move(*fields);
    } else {
        return std::unexpected(wrong(key, "resource customization type " + std::string(type) + " not supported"));
    }
    return {};
}

/// The map form: "group/Kind" with health.lua, actions and nested YAML texts.
Expected<void> readLegacy(Overrides &overrides, std::string_view text)
{
    const Expected<Value> map = yamlAt(kCustomizations, text);
    if (!map)
        return std::unexpected(map.error());
    if (!map->isMap() && !map->isNull())
        return std::unexpected(wrong(kCustomizations, "must be a map"));
    for (const auto &[key, entry] : map->entries()) {
        ResourceOverride &into = overrides[std::string(key)];
        into.key = key;
        into.healthLua = entry["health.lua"].stringOr();
        into.usesOpenLibraries = entry["health.lua.useOpenLibs"].boolOr(false);
        into.actions = entry["actions"].stringOr();
        const std::string place = std::string(kCustomizations) + " " + std::string(key);
        for (const std::string_view part : {"ignoreDifferences", "ignoreResourceUpdates"}) {
            if (const std::string_view inner = entry[part].stringOr(); !inner.empty()) {
                if (const Expected<void> added = addPart(into, part, place + " " + std::string(part), inner); !added)
                    return added;
            }
        }
        Expected<std::vector<KnownTypeField>> fields = knownTypeFieldsOf(place, entry["knownTypeFields"]);
        if (!fields)
            return std::unexpected(fields.error());
        into.knownTypeFields = std::move(*fields);
    }
    return {};
}

/// The split form: resource.customizations.<type>.<group>_<Kind>.
Expected<void> readSplitKey(Overrides &overrides, std::string_view key, std::string_view text)
{
    std::string_view rest = key.substr(kCustomizations.size());
    if (!rest.starts_with('.'))
        return {};
    rest.remove_prefix(1);
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos)
        return {};
    const std::string_view type = rest.substr(0, dot);
    std::string target(rest.substr(dot + 1));
    const auto underscores = std::ranges::count(target, '_');
    if (underscores > 1 || target.empty())
        return std::unexpected(wrong(key, "group and kind must be written <group>_<kind> or <kind>"));
    std::ranges::replace(target, '_', '/');
    if (target == "all")
        target = kEverything;
    ResourceOverride &into = overrides[target];
    into.key = target;
    return addPart(into, type, key, text);
}

Expected<void> readCompareOptions(CompareSettings &settings, Overrides &overrides, std::string_view text)
{
    const Expected<Value> options = yamlAt("resource.compareoptions", text);
    if (!options)
        return std::unexpected(options.error());
    settings.ignoresAggregatedRoles = (*options)["ignoreAggregatedRoles"].boolOr(false);
    settings.ignoresDifferencesOnUpdates = (*options)["ignoreDifferencesOnResourceUpdates"].boolOr(true);
    const Value field = (*options)["ignoreResourceStatusField"];
    const std::string_view where = field.isBool() ? (field.boolOr(false) ? "true" : "false") : field.stringOr();
    if (where == "none" || where == "off" || where == "false")
        return {};
    const std::string_view key = where == "crd" ? kDefinitions : kEverything;
    ResourceOverride &into = overrides[std::string(key)];
    into.key = key;
    into.ignoreDifferences.jsonPointers.emplace_back("/status");
    return {};
}

Expected<std::vector<ResourceFilterEntry>> filterOf(std::string_view key, const Value &text)
{
    const Expected<Value> list = yamlAt(key, text.stringOr());
    if (!list)
        return std::unexpected(list.error());
    if (!list->isList() && !list->isNull())
        return std::unexpected(wrong(key, "must be a list"));
    std::vector<ResourceFilterEntry> entries;
    for (const Value &item : list->items()) {
        ResourceFilterEntry entry;
        const std::pair<std::string_view, std::vector<std::string> *> members[] = {
            {"apiGroups", &entry.apiGroups}, {"kinds", &entry.kinds}, {"clusters", &entry.clusters}};
        for (const auto &[name, target] : members) {
            Expected<std::vector<std::string>> texts = textList(key, item[name], name);
            if (!texts)
                return std::unexpected(texts.error());
            *target = std::move(*texts);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

bool globMatches(std::string_view pattern, std::string_view text)
{
    const Expected<Glob> glob = Glob::compile(pattern);
    return glob && glob->matches(text);
}

bool matches(const ResourceFilterEntry &entry, const object::GroupKind &kind, std::string_view server)
{
    const auto anyGlob = [](const std::vector<std::string> &globs, std::string_view text) {
        return globs.empty() || std::ranges::any_of(globs, [&](const auto &glob) { return globMatches(glob, text); });
    };
    const bool isKind =
        entry.kinds.empty() || std::ranges::contains(entry.kinds, "*") || std::ranges::contains(entry.kinds, kind.kind);
    return isKind && anyGlob(entry.apiGroups, kind.group) && anyGlob(entry.clusters, server);
}

bool isAlwaysExcluded(const object::GroupKind &kind)
{
    return kind.group == "events.k8s.io" || kind.group == "metrics.k8s.io"
           || (kind.group.empty() && kind.kind == "Event")
           || (kind.group == "coordination.k8s.io" && kind.kind == "Lease");
}

void append(std::vector<std::string> &to, const std::vector<std::string> &from)
{
    to.insert(to.end(), from.begin(), from.end());
}

} // namespace

std::string ResourceOverride::groupGlob() const
{
    const auto slash = key.find('/');
    return slash == std::string::npos ? std::string() : key.substr(0, slash);
}

std::string ResourceOverride::kindGlob() const
{
    const auto slash = key.find('/');
    return slash == std::string::npos ? key : key.substr(slash + 1);
}

const ResourceOverride *CompareSettings::overrideOf(std::string_view key) const
{
    const auto found = std::ranges::find(overrides, key, &ResourceOverride::key);
    return found == overrides.end() ? nullptr : &*found;
}

std::vector<ResourceOverride> CompareSettings::updateOverrides() const
{
    std::vector<ResourceOverride> updates;
    for (const ResourceOverride &own : overrides) {
        ResourceOverride update{
            .key = own.key, .ignoreDifferences = own.ignoreResourceUpdates, .knownTypeFields = own.knownTypeFields};
        if (ignoresDifferencesOnUpdates) {
            append(update.ignoreDifferences.jqPathExpressions, own.ignoreDifferences.jqPathExpressions);
            append(update.ignoreDifferences.jsonPointers, own.ignoreDifferences.jsonPointers);
            append(update.ignoreDifferences.managedFieldsManagers, own.ignoreDifferences.managedFieldsManagers);
        }
        updates.push_back(std::move(update));
    }
    auto all = std::ranges::find(updates, kEverything, &ResourceOverride::key);
    if (all == updates.end())
        all = updates.insert(updates.begin(), ResourceOverride{.key = std::string(kEverything)});
    append(all->ignoreDifferences.jsonPointers,
           {"/metadata/resourceVersion", "/metadata/generation", "/metadata/managedFields"});
    return updates;
}

Expected<CompareSettings> compareSettingsOf(const Value &data)
{
    CompareSettings settings;
    Overrides overrides;
    if (const std::string_view legacy = data[kCustomizations].stringOr(); !legacy.empty()) {
        if (const Expected<void> read = readLegacy(overrides, legacy); !read)
            return std::unexpected(read.error());
    }
    for (const auto &[key, text] : data.sortedEntries()) {
        if (!key.starts_with(kCustomizations))
            continue;
        if (const Expected<void> read = readSplitKey(overrides, key, text.stringOr()); !read)
            return std::unexpected(read.error());
    }
    if (const auto read = readCompareOptions(settings, overrides, data["resource.compareoptions"].stringOr()); !read)
        return std::unexpected(read.error());
    constexpr std::string_view ignoresUpdates = "resource.ignoreResourceUpdatesEnabled";
    if (const std::string_view text = data[ignoresUpdates].stringOr(); !text.empty()) {
        const std::optional<bool> flag = crd::goBooleanOf(text);
        if (!flag)
            return std::unexpected(wrong(ignoresUpdates, "is neither true nor false: " + quoted(text)));
        settings.ignoresUpdates = *flag;
    }
    for (auto &[key, entry] : overrides)
        settings.overrides.push_back(std::move(entry));

    if (const std::string_view method = data["application.resourceTrackingMethod"].stringOr(); !method.empty())
        settings.trackingMethod = method;
    if (const std::string_view label = data["application.instanceLabelKey"].stringOr(); !label.empty())
        settings.instanceLabelKey = label;
    settings.installationId = data["installationID"].stringOr();
    for (const std::string_view name : split(data["resource.sensitive.mask.annotations"].stringOr(), ',')) {
        if (!trimmed(name).empty())
            settings.maskedAnnotations.emplace_back(trimmed(name));
    }
    std::ranges::sort(settings.maskedAnnotations);
    Expected<std::vector<ResourceFilterEntry>> out = filterOf("resource.exclusions", data["resource.exclusions"]);
    if (!out)
        return std::unexpected(out.error());
    Expected<std::vector<ResourceFilterEntry>> in = filterOf("resource.inclusions", data["resource.inclusions"]);
    if (!in)
        return std::unexpected(in.error());
    settings.exclusions = std::move(*out);
    settings.inclusions = std::move(*in);
    return settings;
}

bool isExcluded(const CompareSettings &settings, const object::GroupKind &kind, std::string_view server)
{
    const auto isMatch = [&](const ResourceFilterEntry &entry) { return matches(entry, kind, server); };
    if (isAlwaysExcluded(kind) || std::ranges::any_of(settings.exclusions, isMatch))
        return true;
    if (std::ranges::any_of(settings.inclusions, isMatch))
        return false;
    // Inclusions that name this server make everything else on it excluded.
    return std::ranges::any_of(settings.inclusions, [&](const ResourceFilterEntry &entry) {
        return entry.clusters.empty()
               || std::ranges::any_of(entry.clusters, [&](const auto &glob) { return globMatches(glob, server); });
    });
}

} // namespace tiphys::compare
