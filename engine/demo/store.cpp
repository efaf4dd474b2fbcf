// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/store.h"

#include "base/base64.h"
#include "compare/apply_patch.h"
#include "compare/defaults.h"
#include "crd/timestamp.h"
#include "demo/validation.h"
#include "object/json_patch.h"
#include "object/merge_patch.h"
#include "schema/schema.h"
#include "schema/typed.h"

#include <algorithm>
#include <charconv>

namespace tiphys::demo {

using object::GroupKind;
using object::Object;
using object::Value;

namespace {

/// Kinds whose generation counts changes of the spec.
bool countsGenerations(const Resource &resource)
{
    static const std::vector<std::string_view> kKinds = {"CronJob",
                                                         "CustomResourceDefinition",
                                                         "DaemonSet",
                                                         "Deployment",
                                                         "HorizontalPodAutoscaler",
                                                         "Ingress",
                                                         "Job",
                                                         "NetworkPolicy",
                                                         "Pod",
                                                         "PodDisruptionBudget",
                                                         "ReplicaSet",
                                                         "StatefulSet"};
    return resource.isCustom || std::ranges::contains(kKinds, std::string_view(resource.kind));
}

Value withoutServerPart(const Value &value, bool keepsStatus)
{
    const Value rest = value.without("metadata");
    return keepsStatus ? rest : rest.without("status");
}

std::string revisionText(std::int64_t revision)
{
    return std::to_string(revision);
}

/// Metadata that only the server sets, taken from \p before.
Value withServerMetadata(Value metadata, const Value &before)
{
    for (const std::string_view key : {"name", "namespace", "uid", "creationTimestamp", "deletionTimestamp",
                                       "deletionGracePeriodSeconds", "generateName", "generation", "resourceVersion"}) {
        const auto value = before.find(key);
        if (value)
            metadata = metadata.with(key, *value);
        else if (metadata.contains(key))
            metadata = metadata.without(key);
    }
    return metadata.without("selfLink");
}

/// The text of stringData is write only: it becomes data, over what stands there.
/// Source: kubernetes pkg/apis/core/v1/conversion.go (Convert_v1_Secret_To_core_Secret)@v1.36
Value withStringDataFolded(const Value &secret)
{
    Value data = secret["data"].isMap() ? secret["data"] : Value::map({});
    const Value texts = secret["stringData"];
    for (const auto &[key, text] : texts.entries())
        data = data.with(key, base64Of(text.stringOr()));
    return (data.isEmpty() ? secret : secret.with("data", data)).without("stringData");
}

bool differsOnlyInManagedFields(const Object &a, const Object &b)
{
    return a.value().withoutPath({"metadata", "managedFields"}) == b.value().withoutPath({"metadata", "managedFields"});
}

/// "spec: wanted no field 'x'" as the API server says it: unknown field "spec.x".
std::string asServerSays(const std::string &problem)
{
    constexpr std::string_view kUnknown = ": wanted no field '";
    const std::size_t mark = problem.find(kUnknown);
    if (mark == std::string::npos || !problem.ends_with('\''))
        return problem;
    const std::string name = problem.substr(mark + kUnknown.size(), problem.size() - mark - kUnknown.size() - 1);
    return "unknown field \"" + (mark == 0 ? name : problem.substr(0, mark) + "." + name) + "\"";
}

} // namespace

Object withStatus(const Object &object, const Value &status)
{
    return Object(status.isNull() ? object.value().without("status") : object.value().with("status", status));
}

Store::Store(const ports::Clock &clock, std::uint64_t seed) : m_clock(&clock), m_names(seed)
{
    const Resource &namespaces = *m_catalog.byPlural("", "namespaces");
    for (const std::string_view name : {"default", "kube-system", "kube-public", "kube-node-lease"}) {
        const Object object{
            Value::map({{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", Value::map({{"name", name}})}})};
        (void)create(namespaces, "", object, {.fieldManager = "kube-apiserver"});
    }
}

std::string Store::timeText() const
{
    return crd::Timestamp{m_clock->now() / 1000}.text();
}

const std::map<Place, Object> &Store::objectsOf(const GroupKind &kind) const
{
    static const Objects kNone;
    const auto found = m_objects.find(kind);
    return found == m_objects.end() ? kNone : found->second;
}

std::vector<Object> Store::objectsIn(const GroupKind &kind, std::string_view ns) const
{
    std::vector<Object> objects;
    const Objects &all = objectsOf(kind);
    for (auto each = all.lower_bound({std::string(ns), ""}); each != all.end() && each->first.first == ns; ++each)
        objects.push_back(each->second);
    return objects;
}

Object Store::find(const GroupKind &kind, const Place &place) const
{
    const Objects &objects = objectsOf(kind);
    const auto found = objects.find(place);
    return found == objects.end() ? Object() : found->second;
}

Answer<Object> Store::get(const Resource &resource, const Place &place) const
{
    const Object object = find(resource.groupKind(), place);
    if (object.isNull())
        return std::unexpected(notFound(resource, place.second));
    return object;
}

Answer<void> Store::checkNamespace(const Resource &resource, std::string_view ns) const
{
    if (!resource.isNamespaced)
        return {};
    const Object found = find({"", "Namespace"}, {"", std::string(ns)});
    if (found.isNull())
        return std::unexpected(notFound(*m_catalog.byPlural("", "namespaces"), ns));
    return {};
}

Answer<Object> Store::normalized(const Resource &resource, const Object &object, bool isStrict) const
{
    const schema::Type *type = schema::typeOf(object.gvk());
    if (!type || resource.isCustom)
        return object;
    const Expected<Value> typed =
        schema::asTyped(object.value(), *type, isStrict ? schema::UnknownFields::Refuse : schema::UnknownFields::Drop);
    if (!typed) {
        return std::unexpected(badRequest(
            resource.kind + " in version \"" + resource.versions.front() + "\" cannot be handled as a " + resource.kind
            + ": " + (isStrict ? "strict decoding error: " : "") + asServerSays(typed.error().text())));
    }
    const Expected<Value> complete = compare::withDefaults(*typed, *type);
    return Object(complete ? *complete : *typed);
}

Object Store::withAllocations(const Resource &resource, const Object &object)
{
    Value value = object.value();
    if (resource.kind == "Secret" && resource.group.empty() && value.contains("stringData"))
        value = withStringDataFolded(value);
    if (resource.kind == "Namespace" && resource.group.empty()) {
        value = value.withPath({"spec", "finalizers"}, Value::list({"kubernetes"}))
                    .withPath({"status", "phase"}, "Active")
                    .withPath({"metadata", "labels", "kubernetes.io/metadata.name"}, object.name());
    }
    if (resource.kind == "Service" && resource.group.empty()) {
        const std::string_view type = object.path({"spec", "type"}).stringOr("ClusterIP");
        if (type != "ExternalName" && object.path({"spec", "clusterIP"}).isEmpty()) {
            const unsigned number = m_nextAddress++;
            value = value.withPath({"spec", "clusterIP"},
                                   "10.96." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 2));
        }
        const Value address = value.path({"spec", "clusterIP"});
        if (!address.isNull())
            value = value.withPath({"spec", "clusterIPs"}, Value::list({address}))
                        .withPath({"spec", "ipFamilies"}, Value::list({"IPv4"}))
                        .withPath({"spec", "ipFamilyPolicy"}, "SingleStack");
        if (value.path({"status", "loadBalancer"}).isNull())
            value = value.withPath({"status", "loadBalancer"}, Value::map({}));
    }
    return Object(value);
}

Answer<Object> Store::create(const Resource &resource, std::string_view ns, const Object &object,
                             const WriteOptions &options)
{
    return createFrom(resource, ns, object, options, false);
}

Answer<Object> Store::createFrom(const Resource &resource, std::string_view ns, Object object,
                                 const WriteOptions &options, bool isApply)
{
    if (const auto exists = checkNamespace(resource, ns); !exists)
        return std::unexpected(exists.error());
    if (!object.ns().empty() && object.ns() != ns && resource.isNamespaced)
        return std::unexpected(badRequest("the namespace of the provided object does not match the namespace sent on "
                                          "the request"));
    if (!object.resourceVersion().empty() && object.resourceVersion() != "0")
        return std::unexpected(badRequest("resourceVersion should not be set on objects to be created"));
    Value value = object.value().with("apiVersion", resource.apiVersion()).with("kind", resource.kind);
    if (resource.hasStatus && !isApply)
        value = value.without("status");
    Value metadata = value["metadata"];
    for (const std::string_view key :
         {"resourceVersion", "uid", "generation", "deletionTimestamp", "selfLink", "deletionGracePeriodSeconds"})
        metadata = metadata.without(key);
    metadata = resource.isNamespaced ? metadata.with("namespace", ns) : metadata.without("namespace");
    if (metadata["name"].isEmpty() && !metadata["generateName"].isEmpty())
        metadata = metadata.with("name", std::string(metadata["generateName"].stringOr()) + m_names.suffix());
    if (metadata["name"].isEmpty())
        return std::unexpected(
            invalid(resource, "",
                    {{"FieldValueRequired", "Required value: name or generateName is required", "metadata.name"}}));
    metadata = metadata.with("uid", m_names.uid()).with("creationTimestamp", timeText());
    if (countsGenerations(resource))
        metadata = metadata.with("generation", 1);
    Answer<Object> complete = normalized(resource, Object(value.with("metadata", metadata)), options.isStrict);
    if (!complete)
        return complete;
    const std::string name(complete->name());
    if (!find(resource.groupKind(), {std::string(complete->ns()), name}).isNull())
        return std::unexpected(alreadyExists(resource, name));
    if (resource.isNamespaced && find({"", "Namespace"}, {"", std::string(ns)}).isBeingDeleted())
        return std::unexpected(forbidden(resource, name,
                                         resource.text() + " \"" + name
                                             + "\" is forbidden: unable to create new content "
                                               "in namespace "
                                             + std::string(ns) + " because it is being terminated"));
    if (std::vector<Cause> problems = problemsOf(resource, {}, *complete); !problems.empty())
        return std::unexpected(invalid(resource, name, std::move(problems)));
    Object made = withAllocations(resource, *complete);
    if (!isApply)
        made = withUpdateRecorded({}, made, {options.fieldManager, "", timeText()});
    if (options.isDryRun)
        return made;
    return put(resource.groupKind(), {}, made);
}

Answer<Object> Store::update(const Resource &resource, const Place &place, const Object &object,
                             std::string_view subresource, const WriteOptions &options)
{
    const Answer<Object> before = get(resource, place);
    if (!before)
        return before;
    if (object.name() != place.second)
        return std::unexpected(badRequest("the name of the object (" + std::string(object.name())
                                          + ") does not match the name on the URL (" + place.second + ")"));
    return write(resource, *before, object, subresource, options);
}

Answer<Object> Store::patch(const Resource &resource, const Place &place, PatchKind kind, const Value &patch,
                            std::string_view subresource, const WriteOptions &options)
{
    const Answer<Object> before = get(resource, place);
    if (!before)
        return before;
    Expected<Value> after = before->value();
    switch (kind) {
    case PatchKind::Merge: after = object::applyMergePatch(before->value(), patch); break;
    case PatchKind::Json: after = object::applyJsonPatch(before->value(), patch); break;
    case PatchKind::StrategicMerge: {
        if (resource.isCustom)
            return std::unexpected(unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: "
                "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"));
        const Expected<Object> merged = compare::applyStrategicMergePatch(*before, patch);
        after = merged ? Expected<Value>(merged->value()) : std::unexpected(merged.error());
        break;
    }
    }
    if (!after) {
        Refusal refusal = badRequest(after.error().text());
        if (kind == PatchKind::Json) {
            refusal.code = 422;
            refusal.reason = "Invalid";
            refusal.message = "the server rejected our request due to an error in our request";
        }
        return std::unexpected(refusal);
    }
    return write(resource, *before, Object(*after), subresource, options);
}

Answer<Object> Store::apply(const Resource &resource, const Place &place, const Object &config,
                            std::string_view subresource, const WriteOptions &options)
{
    const Value fields = config.path({"metadata", "managedFields"});
    if (!fields.isEmpty())
        return std::unexpected(badRequest("metadata.managedFields must be nil"));
    if (const Answer<Object> known = normalized(resource, config, options.isStrict); !known)
        return known;
    const Author author{options.fieldManager, std::string(subresource), timeText()};
    const Object before = find(resource.groupKind(), place);
    Value body = config.value().with("apiVersion", resource.apiVersion()).with("kind", resource.kind);
    if (subresource.empty() && resource.hasStatus)
        body = body.without("status");
    const Answer<Object> after = applied(resource, before, Object(body), author, options.conflicts);
    if (!after)
        return after;
    if (!before.isNull())
        return write(resource, before, *after, subresource.empty() ? "apply" : subresource, options);
    if (!subresource.empty())
        return std::unexpected(notFound(resource, place.second));
    return createFrom(resource, place.first, *after, options, true);
}

Answer<Object> Store::write(const Resource &resource, const Object &before, Object after, std::string_view subresource,
                            const WriteOptions &options)
{
    const bool isApply = subresource == "apply";
    const bool isStatus = subresource == "status";
    const std::string name(before.name());
    if (!after.uid().empty() && after.uid() != before.uid())
        return std::unexpected(conflict(resource, name,
                                        "Precondition failed: UID in precondition: " + std::string(after.uid())
                                            + ", UID in object meta: " + std::string(before.uid())));
    if (!after.resourceVersion().empty() && after.resourceVersion() != before.resourceVersion())
        return std::unexpected(staleWrite(resource, name));

    Value value = after.value().with("apiVersion", resource.apiVersion()).with("kind", resource.kind);
    if (isStatus)
        value = before.value()
                    .with("status", value["status"])
                    .withPath({"metadata", "managedFields"}, value.path({"metadata", "managedFields"}));
    else if (resource.hasStatus)
        value = before.value().contains("status") ? value.with("status", before.value()["status"])
                                                  : value.without("status");
    value = value.with("metadata", withServerMetadata(value["metadata"], before.value()["metadata"]));
    Answer<Object> complete = normalized(resource, Object(value), options.isStrict);
    if (!complete)
        return complete;
    after = withAllocations(resource, *complete);
    if (isStatus)
        after = withStatus(
            Object(before.value().withPath({"metadata", "managedFields"}, after.path({"metadata", "managedFields"}))),
            after.value()["status"]);
    if (std::vector<Cause> problems = problemsOf(resource, before, after); !problems.empty())
        return std::unexpected(invalid(resource, name, std::move(problems)));
    if (countsGenerations(resource)
        && withoutServerPart(before.value(), !resource.hasStatus)
               != withoutServerPart(after.value(), !resource.hasStatus))
        after = Object(after.value().withPath({"metadata", "generation"}, before.generation() + 1));
    const bool appliesStatus =
        isStatus && after.path({"metadata", "managedFields"}) != before.path({"metadata", "managedFields"});
    if (!isApply && !appliesStatus && !differsOnlyInManagedFields(before, after))
        after = withUpdateRecorded(before, after,
                                   {options.fieldManager, std::string(isApply ? "" : subresource), timeText()});
    if (after == before)
        return before;
    if (options.isDryRun)
        return after;
    const Object stored = put(resource.groupKind(), before, after);
    if (stored.isBeingDeleted() && stored.finalizers().empty() && resource.kind != "Namespace"
        && (resource.kind != "Pod" || !before.finalizers().empty()))
        erase(resource.groupKind(), stored);
    return stored;
}

Answer<Object> Store::remove(const Resource &resource, const Place &place, const DeleteOptions &options)
{
    const Answer<Object> before = get(resource, place);
    if (!before)
        return before;
    if ((!options.uid.empty() && options.uid != before->uid())
        || (!options.resourceVersion.empty() && options.resourceVersion != before->resourceVersion()))
        return std::unexpected(conflict(resource, place.second, "Precondition failed: UID or resource version differ"));
    if (options.isDryRun)
        return before;

    std::vector<std::string> finalizers = before->finalizers();
    const auto add = [&](std::string_view finalizer) {
        if (!std::ranges::contains(finalizers, finalizer))
            finalizers.emplace_back(finalizer);
    };
    if (options.propagation == Propagation::Foreground)
        add("foregroundDeletion");
    if (options.propagation == Propagation::Orphan)
        add("orphan");
    const bool isGraceful = resource.kind == "Pod" && options.graceSeconds.value_or(30) > 0
                            && !before->path({"spec", "nodeName"}).isEmpty();
    if (finalizers.empty() && !isGraceful && resource.kind != "Namespace") {
        erase(resource.groupKind(), *before);
        return Object();
    }
    std::vector<Value> names(finalizers.begin(), finalizers.end());
    Value metadata = before->value()["metadata"];
    if (!before->isBeingDeleted()) {
        metadata = metadata.with("deletionTimestamp", timeText())
                       .with("deletionGracePeriodSeconds", isGraceful ? options.graceSeconds.value_or(30) : 0);
    }
    if (!names.empty())
        metadata = metadata.with("finalizers", Value::list(names));
    Value value = before->value().with("metadata", metadata);
    if (resource.kind == "Namespace")
        value = value.withPath({"status", "phase"}, "Terminating");
    if (value == before->value())
        return before;
    return put(resource.groupKind(), *before, Object(value));
}

Object Store::put(const GroupKind &kind, const Object &before, Object after)
{
    ++m_revision;
    after = Object(after.value().withPath({"metadata", "resourceVersion"}, revisionText(m_revision)).compacted());
    m_objects[kind][{std::string(after.ns()), std::string(after.name())}] = after;
    m_history.push_back(
        {m_revision, before.isNull() ? Change::Kind::Added : Change::Kind::Modified, kind, before, after});
    if (m_history.size() > m_historyLimit) {
        m_oldest = m_history.front().revision;
        m_history.pop_front();
    }
    if (kind.kind == "CustomResourceDefinition" && kind.group == "apiextensions.k8s.io")
        learnDefinition(after);
    return after;
}

void Store::erase(const GroupKind &kind, const Object &object)
{
    const Place place{std::string(object.ns()), std::string(object.name())};
    m_objects[kind].erase(place);
    ++m_revision;
    const Object last{object.value().withPath({"metadata", "resourceVersion"}, revisionText(m_revision))};
    m_history.push_back({m_revision, Change::Kind::Deleted, kind, object, last});
    if (kind.kind == "CustomResourceDefinition" && kind.group == "apiextensions.k8s.io") {
        const Object definition = object;
        const GroupKind defined{std::string(definition.path({"spec", "group"}).stringOr()),
                                std::string(definition.path({"spec", "names", "kind"}).stringOr())};
        const Objects orphans = objectsOf(defined);
        for (const auto &[key, orphan] : orphans)
            erase(defined, orphan);
        m_catalog.undefine(definition);
    }
}

void Store::purge(const GroupKind &kind, const Place &place)
{
    const Object object = find(kind, place);
    if (!object.isNull())
        erase(kind, object);
}

void Store::compact()
{
    m_history.clear();
    m_oldest = m_revision;
}

void Store::learnDefinition(const Object &definition)
{
    m_catalog.define(definition);
    if (!definition.path({"status", "conditions"}).isEmpty())
        return;
    const Value spec = definition.value()["spec"];
    std::vector<Value> stored;
    const Value versions = spec["versions"];
    for (const Value &version : versions.items()) {
        if (version["storage"].boolOr(false))
            stored.push_back(version["name"]);
    }
    const auto condition = [&](std::string_view type, std::string_view reason, std::string_view message) {
        return Value::map({{"type", type},
                           {"status", "True"},
                           {"lastTransitionTime", timeText()},
                           {"reason", reason},
                           {"message", message}});
    };
    const Value status = Value::map(
        {{"acceptedNames", spec["names"]},
         {"conditions",
          Value::list({condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                       condition("Established", "InitialNamesAccepted", "the initial names have been accepted")})},
         {"storedVersions", Value::list(stored)}});
    put(definition.groupKind(), definition, withStatus(definition, status));
}

} // namespace tiphys::demo
