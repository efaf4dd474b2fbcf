// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/tracking.h"

#include "base/text.h"

#include <array>
#include <vector>

namespace tiphys::compare {

namespace {

using object::Object;
using object::Value;

constexpr std::size_t kLongestLabel = 63;
/// Label key of the first versions, which marked pod templates too.
constexpr std::string_view kLegacyLabel = "applications.argoproj.io/app-name";

bool isAlphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Expected<std::string> labelValue(std::string_view text)
{
    if (text.size() <= kLongestLabel)
        return std::string(text);
    text = text.substr(0, kLongestLabel);
    while (!isAlphanumeric(text.back())) {
        if (text.size() <= 1)
            return failure(ErrorCode::InvalidInput, "failed to set app instance label: unable to truncate label to "
                                                    "not end with a special character");
        text.remove_suffix(1);
    }
    return std::string(text);
}

bool hasPodTemplate(const Object &object)
{
    constexpr std::array<std::string_view, 4> kinds{"Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"};
    const std::string_view group = object.group();
    if (group == "batch")
        return object.kind() == "Job";
    if (group != "apps" && group != "extensions")
        return false;
    for (const std::string_view kind : kinds) {
        if (kind == object.kind())
            return true;
    }
    return false;
}

Object withInstanceLabel(const Object &object, std::string_view key, std::string_view value)
{
    Object labelled = object.withLabel(key, value);
    if (key != kLegacyLabel || !hasPodTemplate(object))
        return labelled;
    return Object(labelled.value().withPath({"spec", "template", "metadata", "labels", key}, Value(value)));
}

Object withId(const Object &object, std::string_view instance, std::string_view defaultNamespace,
              const TrackingSettings &settings)
{
    const Object installed = settings.installationId.empty()
                                 ? object.withoutAnnotation(crd::kInstallationIdAnnotation)
                                 : object.withAnnotation(crd::kInstallationIdAnnotation, settings.installationId);
    return installed.withAnnotation(crd::kTrackingIdAnnotation,
                                    trackingIdFor(object, instance, defaultNamespace).text());
}

std::optional<TrackingId> annotatedId(const Object &object, const TrackingSettings &settings)
{
    const std::string_view installation =
        object.annotation(crd::kInstallationIdAnnotation).value_or(std::string_view());
    if (installation != settings.installationId)
        return std::nullopt;
    return trackingIdOf(object.annotation(crd::kTrackingIdAnnotation).value_or(std::string_view()));
}

/// True if \p live is the object that \p id names; the namespace of a cluster-scoped object does not matter.
bool isNamedBy(const Object &live, const TrackingId &id)
{
    return (live.ns() == id.ns || live.ns().empty()) && live.name() == id.name && live.group() == id.group
           && live.kind() == id.kind;
}

} // namespace

TrackingMethod trackingMethodOf(std::string_view setting)
{
    if (setting == "label")
        return TrackingMethod::Label;
    return setting == "annotation+label" ? TrackingMethod::AnnotationAndLabel : TrackingMethod::Annotation;
}

TrackingSettings trackingSettingsOf(const CompareSettings &settings)
{
    return {trackingMethodOf(settings.trackingMethod), settings.instanceLabelKey, settings.installationId};
}

std::string TrackingId::text() const
{
    return instance + ":" + group + "/" + kind + ":" + ns + "/" + name;
}

std::optional<TrackingId> trackingIdOf(std::string_view text)
{
    const std::size_t first = text.find(':');
    if (first == std::string_view::npos)
        return std::nullopt;
    const std::size_t second = text.find(':', first + 1);
    if (second == std::string_view::npos)
        return std::nullopt;
    const std::vector<std::string_view> kind = split(text.substr(first + 1, second - first - 1), '/');
    const std::vector<std::string_view> name = split(text.substr(second + 1), '/');
    if (kind.size() != 2 || name.size() != 2)
        return std::nullopt;
    return TrackingId{std::string(text.substr(0, first)), std::string(kind[0]), std::string(kind[1]),
                      std::string(name[0]), std::string(name[1])};
}

TrackingId trackingIdFor(const Object &object, std::string_view instance, std::string_view defaultNamespace)
{
    const std::string_view ns = object.ns().empty() ? defaultNamespace : object.ns();
    return {std::string(instance), std::string(object.group()), std::string(object.kind()), std::string(ns),
            std::string(object.name())};
}

bool isCustomResourceDefinition(const Object &object)
{
    return object.kind() == "CustomResourceDefinition" && object.group() == "apiextensions.k8s.io";
}

Expected<Object> tracked(const Object &object, std::string_view instance, std::string_view defaultNamespace,
                         const TrackingSettings &settings)
{
    if (isCustomResourceDefinition(object))
        return object;
    if (settings.method == TrackingMethod::Label)
        return withInstanceLabel(object, settings.labelKey, instance);
    const Object marked = withId(object, instance, defaultNamespace, settings);
    if (settings.method == TrackingMethod::Annotation)
        return marked;
    const Expected<std::string> label = labelValue(instance);
    if (!label)
        return std::unexpected(label.error());
    return withInstanceLabel(marked, settings.labelKey, *label);
}

std::string trackedInstance(const Object &object, const TrackingSettings &settings)
{
    if (settings.method == TrackingMethod::Label)
        return std::string(object.label(settings.labelKey).value_or(std::string_view()));
    const std::optional<TrackingId> id = annotatedId(object, settings);
    return id ? id->instance : std::string();
}

std::optional<TrackingId> trackedId(const Object &object, const TrackingSettings &settings)
{
    return settings.method == TrackingMethod::Label ? std::nullopt : annotatedId(object, settings);
}

bool isSelfReferenced(const Object &live, const Object &target, const TrackingSettings &settings)
{
    if (live.isNull() || settings.method == TrackingMethod::Label)
        return true;
    if (!target.isNull())
        return isNamedBy(live, trackingIdFor(target, {}, {}));
    const std::optional<TrackingId> id = annotatedId(live, settings);
    return !id || isNamedBy(live, *id);
}

Object withMigratedTracking(const Object &live, const Object &target, const TrackingSettings &settings)
{
    if (settings.method == TrackingMethod::Label || live.isNull() || target.isNull())
        return live;
    const bool hasLabel = !live.label(settings.labelKey).value_or(std::string_view()).empty();
    if (!hasLabel || isCustomResourceDefinition(live))
        return live;
    Object migrated = live;
    if (live.annotation(crd::kTrackingIdAnnotation).value_or(std::string_view()).empty()) {
        migrated = migrated.withAnnotation(crd::kTrackingIdAnnotation,
                                           target.annotation(crd::kTrackingIdAnnotation).value_or(std::string_view()));
    }
    if (target.label(settings.labelKey).value_or(std::string_view()).empty())
        migrated = Object(migrated.value().withoutPath({"metadata", "labels", settings.labelKey}));
    return migrated;
}

} // namespace tiphys::compare
