// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/intent/image.h"

namespace tiphys::rollout {

using object::Value;

Expected<Value> imagePatch(const object::Object &workload, const std::vector<std::pair<std::string, std::string>> &images)
{
    const Value spec = workload.path({"spec", "template", "spec"});
    std::vector<Value> operations;
    for (const auto &[name, image] : images) {
        bool isFound = false;
        for (const std::string_view kind : {"initContainers", "containers", "ephemeralContainers"}) {
            const Value containers = spec[kind];
            for (std::size_t i = 0; i < containers.size(); ++i) {
                const Value container = containers.at(i);
                if (name != "*" && container["name"].stringOr() != name)
                    continue;
                isFound = true;
                const std::string path = "/spec/template/spec/" + std::string(kind) + "/" + std::to_string(i);
                operations.push_back(Value::map({{"op", "test"}, {"path", path + "/name"}, {"value", container["name"]}}));
                operations.push_back(Value::map({{"op", "add"}, {"path", path + "/image"}, {"value", image}}));
            }
        }
        if (!isFound)
            return failure(ErrorCode::InvalidInput, "unable to find container named \"" + name + "\"");
    }
    return Value::list(operations);
}

} // namespace tiphys::rollout
