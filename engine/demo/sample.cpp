// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/sample.h"

#include "demo/access.h"
#include "demo/definitions.h"

namespace tiphys::demo {

using object::Object;

Expected<void> fillCluster(Store &store, const SampleOptions &)
{
    std::vector<Object> objects = baseObjects();
    for (Object &object : accessObjects())
        objects.push_back(std::move(object));
    for (const Object &object : objects) {
        const Resource *resource = store.catalog().byKind(object.groupKind());
        if (!resource)
            return failure(ErrorCode::Internal, "no such kind: " + object.groupKind().text());
        const auto made = store.create(*resource, object.ns(), object);
        if (!made)
            return failure(ErrorCode::Internal, made.error().message);
        const object::Value status = object.value()["status"];
        if (!status.isNull() && resource->hasStatus)
            (void)store.update(*resource, {std::string(object.ns()), std::string(object.name())},
                               withStatus(*made, status), "status");
    }
    return {};
}

} // namespace tiphys::demo
