// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/settings.h"
#include "crd/names.h"
#include "object/object.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::compare {

/// How an object says which Application it belongs to.
enum class TrackingMethod : std::uint8_t { Annotation, Label, AnnotationAndLabel };

/// The method that `application.resourceTrackingMethod` names; every unknown word means Annotation.
TrackingMethod trackingMethodOf(std::string_view setting);

/// Settings of tracking, from argocd-cm.
struct TrackingSettings
{
    TrackingMethod method = TrackingMethod::Annotation;
    std::string labelKey{crd::kInstanceLabel};
    std::string installationId; ///< "": none; objects that carry one are not ours

    bool operator==(const TrackingSettings &) const = default;
};

/// What the settings of an instance say about tracking.
TrackingSettings trackingSettingsOf(const CompareSettings &settings);

/// The content of `argocd.argoproj.io/tracking-id`: "instance:group/kind:namespace/name", nothing escaped.
struct TrackingId
{
    std::string instance;
    std::string group;
    std::string kind;
    std::string ns;
    std::string name;

    std::string text() const;
    bool operator==(const TrackingId &) const = default;
};

/// The tracking id that \p text holds; nothing if it is not one. Names may contain ':'.
/// Source: argo-cd util/argo/resource_tracking.go (ParseAppInstanceValue)@v3.5.1
std::optional<TrackingId> trackingIdOf(std::string_view text);
/// The id that \p object gets as part of \p instance; an object without namespace takes \p defaultNamespace.
TrackingId trackingIdFor(const object::Object &object, std::string_view instance, std::string_view defaultNamespace);

/// \p object with the marks that make it part of \p instance. CustomResourceDefinitions stay as they are.
/// Errors: InvalidInput if the instance name cannot be cut to a label value.
/// Source: argo-cd util/argo/resource_tracking.go (SetAppInstance)@v3.5.1
Expected<object::Object> tracked(const object::Object &object, std::string_view instance,
                                 std::string_view defaultNamespace, const TrackingSettings &settings);
/// The instance that \p object belongs to; "" if it is not tracked.
std::string trackedInstance(const object::Object &object, const TrackingSettings &settings);
/// The tracking id of \p object; nothing if the method is Label, or it has none of this installation.
std::optional<TrackingId> trackedId(const object::Object &object, const TrackingSettings &settings);

/// True if \p live is what its marks say: an object whose marks another controller copied from elsewhere is not.
/// \p target null: the marks of \p live are compared with itself.
/// Source: argo-cd controller/state.go (isSelfReferencedObj)@v3.5.1
bool isSelfReferenced(const object::Object &live, const object::Object &target, const TrackingSettings &settings);

/// \p live as if it had been tracked in the way of \p target already, so that a change of the tracking method is
/// no difference: the id is copied where live has only the label, and a label that target lacks is removed.
/// Source: argo-cd util/argo/resource_tracking.go (Normalize)@v3.5.1
object::Object withMigratedTracking(const object::Object &live, const object::Object &target,
                                    const TrackingSettings &settings);

/// True for the kind CustomResourceDefinition of apiextensions.k8s.io.
bool isCustomResourceDefinition(const object::Object &object);

} // namespace tiphys::compare
