// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/observed.h"

#include "object/view.h"
#include "rollout/names.h"
#include "rollout/reading.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;

namespace {

/// True if \p apiVersion, "group/version" or the "version" of the core group, is of \p group.
bool isOfGroup(std::string_view apiVersion, std::string_view group)
{
    const std::size_t slash = apiVersion.find('/');
    return isSame(slash == std::string_view::npos ? std::string_view() : apiVersion.substr(0, slash), group);
}

} // namespace

Service readService(const Object &object)
{
    Service service;
    service.object = object;
    service.name = object.name();
    service.resourceVersion = object.resourceVersion();
    service.selector = textMapOf(object.path({"spec", "selector"}));
    service.hash = textAt(service.selector, kHashLabel);
    if (const auto manager = object.annotation(kManagedByAnnotation))
        service.managedBy = std::string(*manager);
    return service;
}

const Service *Observed::service(std::string_view name) const
{
    const auto found =
        std::ranges::find_if(services, [name](const Service &service) { return isSame(service.name, name); });
    return found == services.end() ? nullptr : &*found;
}

const AnalysisTemplate *Observed::analysisTemplate(const TemplateReference &reference) const
{
    const auto found = std::ranges::find_if(templates, [&reference](const AnalysisTemplate &candidate) {
        return candidate.name == reference.name && candidate.isClusterScoped == reference.isClusterScoped;
    });
    return found == templates.end() ? nullptr : &*found;
}

const Object *Observed::routerObject(std::string_view group, std::string_view kind, std::string_view ns,
                                     std::string_view name) const
{
    const auto found = std::ranges::find_if(routerObjects, [&](const Object &object) {
        const object::View root(object.value());
        const object::View metadata = root["metadata"];
        return isSame(metadata["name"].stringOr(), name) && isSame(metadata["namespace"].stringOr(), ns)
               && isSame(root["kind"].stringOr(), kind) && isOfGroup(root["apiVersion"].stringOr(), group);
    });
    return found == routerObjects.end() ? nullptr : &*found;
}

} // namespace tiphys::rollout
