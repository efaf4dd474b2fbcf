// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/node.h"

#include "crd/names.h"
#include "tree/networking.h"
#include "tree/pod.h"

#include <array>
#include <charconv>

namespace tiphys::tree {

namespace {

using object::Object;

std::vector<InfoItem> commonInfo(const Object &object, const NodeOptions &options)
{
    std::vector<InfoItem> info;
    const std::int64_t revision = revisionOf(object);
    if (revision > 0)
        info.push_back({"Revision", "Rev:" + std::to_string(revision)});
    for (const std::string &label : options.customLabels) {
        if (const std::optional<std::string_view> value = object.label(label))
            info.push_back({label, std::string(*value)});
    }
    return info;
}

bool isPod(const Object &object)
{
    return object.group().empty() && object.kind() == "Pod";
}

} // namespace

std::int64_t revisionOf(const Object &object)
{
    constexpr std::array<std::string_view, 2> annotations{"deployment.kubernetes.io/revision",
                                                          "rollout.argoproj.io/revision"};
    for (const std::string_view name : annotations) {
        const std::optional<std::string_view> text = object.annotation(name);
        if (!text)
            continue;
        std::int64_t revision = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), revision);
        return error == std::errc() && end == text->data() + text->size() ? revision : 0;
    }
    return object.value()["revision"].intOr(0);
}

Node nodeOf(const Object &object, const NodeOptions &options)
{
    Node node;
    node.key = object.key();
    node.version = object.version();
    node.uid = object.uid();
    node.resourceVersion = object.resourceVersion();
    node.createdAt = object.creationTimestamp();
    node.health = health::healthOf(object, options.scripts);
    node.info = commonInfo(object, options);
    node.networking = networkingOf(object);
    if (isPod(object)) {
        if (const std::optional<PodDetails> pod = podDetailsOf(object)) {
            node.info.insert(node.info.end(), pod->info.begin(), pod->info.end());
            node.images = pod->images;
        }
    }
    if (object.group() == crd::kGroup && object.kind() == crd::kApplicationKind) {
        if (const std::optional<std::string_view> url = object.annotation(crd::kManagedByUrlAnnotation))
            node.info.push_back({"managed-by-url", std::string(*url)});
    }
    return node;
}

} // namespace tiphys::tree
