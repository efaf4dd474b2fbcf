// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/application_access.h"

#include "control/reconciler_choice.h"
#include "crd/names.h"

namespace tiphys::control {

const ports::ResourceType &applicationType()
{
    static const ports::ResourceType type{std::string(crd::kGroup), std::string(crd::kVersion), "applications",
                                          std::string(crd::kApplicationKind), true};
    return type;
}

ports::ObjectRef applicationRef(const std::string &ns, const std::string &name)
{
    return {applicationType(), ns, name};
}

Async<crd::Application> readApplication(ports::ClusterPtr cluster, service::AppId app, CancelToken cancel)
{
    if (!cluster)
        co_return failure(ErrorCode::Unavailable, "still connecting to " + app.context);
    const Expected<object::Object> object = co_await cluster->get(applicationRef(app.ns, app.name), {}, cancel);
    if (!object)
        co_return std::unexpected(object.error());
    co_return crd::applicationOf(*object);
}

Async<crd::Application> patchApplication(ports::ClusterPtr cluster, crd::Application app, object::Value patch,
                                         CancelToken cancel)
{
    ports::WriteOptions options;
    options.fieldManager = std::string(kEngineFieldManager);
    const ports::ObjectRef ref = applicationRef(std::string(app.ns()), std::string(app.name()));
    const Expected<ports::Written> written =
        co_await cluster->patch(ref, {ports::PatchType::Merge, patch}, options, cancel);
    if (!written)
        co_return std::unexpected(written.error());
    co_return crd::applicationOf(written->object);
}

} // namespace tiphys::control
