// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/intent/image.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

/// A container of the workload and the image that it is to have.
struct Change
{
    std::string path;
    Value container;
    std::string image;
};

/// The operations of \p change: it holds only while the container is what was looked at.
void addOperations(std::vector<Value> &operations, const Change &change)
{
    const auto add = [&operations](const char *op, const std::string &path, const Value &value) {
        operations.push_back(Value::map({{"op", op}, {"path", path}, {"value", value}}));
    };
    add("test", change.path + "/name", change.container["name"]);
    if (const Value image = change.container["image"]; !image.isNull())
        add("test", change.path + "/image", image);
    add("add", change.path + "/image", change.image);
}

} // namespace

Expected<Value> imagePatch(const object::Object &workload,
                           const std::vector<std::pair<std::string, std::string>> &images)
{
    const bool isPodTemplate = workload.kind() == "PodTemplate";
    const Value spec =
        isPodTemplate ? workload.path({"template", "spec"}) : workload.path({"spec", "template", "spec"});
    const std::string place = isPodTemplate ? "/template/spec/" : "/spec/template/spec/";
    std::vector<Change> changes;
    for (const auto &[name, image] : images) {
        bool isFound = false;
        for (const std::string_view kind : {"initContainers", "containers", "ephemeralContainers"}) {
            const Value containers = spec[kind];
            for (std::size_t i = 0; i < containers.size(); ++i) {
                const Value container = containers.at(i);
                if (name != "*" && container["name"].stringOr() != name)
                    continue;
                isFound = true;
                const std::string path = place + std::string(kind) + "/" + std::to_string(i);
                // Of two images for one container the last counts; it is tested and written once.
                const auto known = std::ranges::find(changes, path, &Change::path);
                if (known != changes.end())
                    known->image = image;
                else
                    changes.push_back({.path = path, .container = container, .image = image});
            }
        }
        if (!isFound)
            return failure(ErrorCode::InvalidInput, "unable to find container named \"" + name + "\"");
    }
    std::vector<Value> operations;
    for (const Change &change : changes)
        addOperations(operations, change);
    return Value::list(operations);
}

} // namespace tiphys::rollout
