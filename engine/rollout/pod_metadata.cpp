// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod_metadata.h"

#include "object/json.h"
#include "rollout/names.h"
#include "rollout/reading.h"

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

/// True if \p map was changed.
bool sync(crd::TextMap &map, const crd::TextMap *existing, const crd::TextMap *desired)
{
    bool isChanged = false;
    if (desired) {
        for (const auto &[key, text] : *desired) {
            if (textAt(map, key) == text)
                continue;
            map.insert_or_assign(key, text);
            isChanged = true;
        }
    }
    if (existing) {
        for (const auto &[key, text] : *existing) {
            if (!desired || !desired->contains(key))
                isChanged = map.erase(key) > 0 || isChanged;
        }
    }
    return isChanged;
}

const crd::TextMap *part(const std::optional<PodMetadata> &metadata, crd::TextMap PodMetadata::*member)
{
    return metadata ? &((*metadata).*member) : nullptr;
}

} // namespace

std::optional<PodMetadata> injectedMetadata(const ReplicaSet &replicaSet)
{
    const auto found = entryAt(replicaSet.annotations, kEphemeralMetadataAnnotation);
    if (found == replicaSet.annotations.end())
        return std::nullopt;
    const Expected<Value> parsed = object::parseJson(found->second);
    if (!parsed || !parsed->isMap())
        return std::nullopt;
    return readTolerantly(*parsed, readPodMetadata);
}

std::optional<Value> syncedMetadata(const Value &metadata, const std::optional<PodMetadata> &existing,
                                    const std::optional<PodMetadata> &desired)
{
    crd::TextMap annotations = textMapOf(metadata["annotations"]);
    crd::TextMap labels = textMapOf(metadata["labels"]);
    const bool annotationsChange =
        sync(annotations, part(existing, &PodMetadata::annotations), part(desired, &PodMetadata::annotations));
    const bool labelsChange = sync(labels, part(existing, &PodMetadata::labels), part(desired, &PodMetadata::labels));
    if (!annotationsChange && !labelsChange)
        return std::nullopt;
    Value result = metadata;
    if (annotationsChange)
        result = result.with("annotations", mapOf(annotations));
    if (labelsChange)
        result = result.with("labels", mapOf(labels));
    return result;
}

std::optional<Object> withPodMetadata(const ReplicaSet &replicaSet, const std::optional<PodMetadata> &desired)
{
    // Most have neither.
    if (!desired && entryAt(replicaSet.annotations, kEphemeralMetadataAnnotation) == replicaSet.annotations.end())
        return std::nullopt;
    const Value &value = replicaSet.object.value();
    const std::optional<Value> metadata =
        syncedMetadata(value.path({"spec", "template", "metadata"}), injectedMetadata(replicaSet), desired);
    if (!metadata)
        return std::nullopt;
    const Object changed(value.withPath({"spec", "template", "metadata"}, *metadata));
    if (!desired)
        return changed.withoutAnnotation(kEphemeralMetadataAnnotation);
    return changed.withAnnotation(
        kEphemeralMetadataAnnotation,
        object::toJson(desired->value(), {.order = object::KeyOrder::Kept, .escapesHtml = true}));
}

} // namespace tiphys::rollout
