// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/patch_transform.h"

#include "base/text.h"
#include "object/json.h"
#include "object/json_patch.h"
#include "object/yaml.h"
#include "render/kustomize/document.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/go_text.h"

namespace tiphys::render::kustomize {

using object::Value;

namespace {

Expected<std::vector<ResourcePtr>> patchesIn(std::string_view text, BuildContext &context)
{
    const Expected<std::vector<Node *>> nodes = readResources(context.arena, text);
    if (!nodes)
        return std::unexpected(nodes.error());
    std::vector<ResourcePtr> patches;
    for (Node *node : *nodes)
        patches.push_back(std::make_shared<Resource>(context, node));
    return patches;
}

/// Operations of a JSON patch: strict JSON where it starts with a bracket, else YAML.
Expected<Value> operationsIn(std::string_view text)
{
    if (text.empty())
        return failure(ErrorCode::InvalidInput, "empty json patch operations");
    Expected<Value> value = text[0] == '[' ? object::parseJson(text) : object::parseYaml(text);
    if (!value)
        return value;
    if (!value->isList() && !value->isNull())
        return failure(ErrorCode::InvalidInput, "json: cannot unmarshal object into Go value of type jsonpatch.Patch");
    for (const Value &operation : value->items()) {
        if (!operation.isMap())
            return failure(ErrorCode::InvalidInput, "json: cannot unmarshal into Go value of type jsonpatch.Operation");
    }
    return value;
}

/// Annotations that a JSON patch may not lose.
Texts internalAnnotations(const Resource &resource)
{
    Texts kept;
    for (const auto &[name, text] : annotationsOf(resource.tree())) {
        if (name.starts_with("internal.config.kubernetes.io/") || name == "config.kubernetes.io/path"
            || name == "config.kubernetes.io/index" || name == "config.k8s.io/id")
            kept[name] = text;
    }
    return kept;
}

Expected<void> applyOperations(Resource &resource, const Value &operations)
{
    const Texts kept = internalAnnotations(resource);
    const Expected<Value> value = valueOf(resource.root());
    if (!value)
        return std::unexpected(value.error());
    const Expected<Value> changed = operations.isNull() ? value : object::applyJsonPatch(*value, operations);
    if (!changed)
        return std::unexpected(changed.error());
    resource.setRoot(nodeOf(resource.arena(), *changed, Numbers::Floats));
    Texts annotations = annotationsOf(resource.tree());
    annotations.insert(kept.begin(), kept.end());
    for (const auto &[name, text] : kept)
        annotations[name] = text;
    const Expected<void> done = setAnnotations(resource.arena(), resource.tree(), annotations);
    resource.touch();
    return done;
}

/// A patch made ready for one of its targets: its own name and kind, the target's version.
/// Source: kustomize api/resmap/reswrangler.go (ApplySmPatch)@v5.8.1
Expected<void> applyCopy(Resource &target, const Resource &patch)
{
    Resource copy = patch.copy();
    Expected<void> done = copy.takeMetadataFrom(patch);
    if (done)
        done = setKind(copy.arena(), copy.tree(), kindOf(patch.tree()));
    if (done)
        done = setApiVersion(copy.arena(), copy.tree(), target.currentId().gvk.apiVersion());
    if (done)
        done = target.applyPatch(copy);
    return done;
}

Expected<void> applyCopies(ResourceList &resources, const std::vector<ResourcePtr> &targets, const Resource &patch)
{
    bool haveIdsChanged = false;
    for (const ResourcePtr &target : targets) {
        const ResourceId before = target->currentId();
        const std::size_t names = target->previousIds().size();
        const Expected<void> done = applyCopy(*target, patch);
        if (!done)
            return done;
        haveIdsChanged = haveIdsChanged || target->isGone() || !target->currentId().isSameAs(before)
                         || target->previousIds().size() != names;
    }
    if (!haveIdsChanged)
        return {};
    resources.dropGone();
    return resources.checkIds();
}

/// The strategic merge patches of one entry of `patches`.
class StrategicPatches
{
public:
    StrategicPatches(std::vector<ResourcePtr> patches, std::optional<Selector> target, std::string source)
        : m_patches(std::move(patches)), m_target(std::move(target)), m_source(std::move(source))
    {
    }

    Expected<void> operator()(ResourceList &resources) const
    {
        if (m_patches.empty())
            return {};
        if (m_target)
            return applyToTargets(resources);
        for (const ResourcePtr &patch : m_patches) {
            const ResourceId id = patch->originalId();
            const Expected<ResourcePtr> target = resources.withAnyId(id);
            if (!target)
                return std::unexpected(
                    target.error().in("no resource matches strategic merge patch \"" + id.text() + "\""));
            const ResourceId before = (*target)->currentId();
            const std::size_t names = (*target)->previousIds().size();
            const Expected<void> done = (*target)->applyPatch(*patch);
            if (!done)
                return done;
            if ((*target)->isGone() || !(*target)->currentId().isSameAs(before)
                || (*target)->previousIds().size() != names)
                resources.touch();
        }
        return {};
    }

private:
    Expected<void> applyToTargets(ResourceList &resources) const
    {
        if (m_patches.size() > 1)
            return failure(ErrorCode::InvalidInput,
                           "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set "
                           "`patches.target` field: "
                               + m_source);
        const Expected<std::vector<ResourcePtr>> targets = selected(resources, *m_target);
        if (!targets)
            return std::unexpected(
                targets.error().in("unable to find patch target \"" + m_target->text() + "\" in `resources`"));
        return applyCopies(resources, *targets, *m_patches[0]);
    }

    std::vector<ResourcePtr> m_patches;
    std::optional<Selector> m_target;
    std::string m_source;
};

enum class PreviousIds { Stored, Kept };

Transform operationsTransform(const Value &operations, const Selector &target, PreviousIds ids)
{
    return [=](ResourceList &resources) -> Expected<void> {
        const Expected<std::vector<ResourcePtr>> targets = selected(resources, target);
        if (!targets)
            return std::unexpected(targets.error());
        resources.touch();
        for (const ResourcePtr &resource : *targets) {
            Expected<void> done;
            if (ids == PreviousIds::Stored)
                done = resource->storePreviousId();
            if (done)
                done = applyOperations(*resource, operations);
            if (!done)
                return done;
        }
        return {};
    };
}

Expected<void> allowChanges(const std::vector<ResourcePtr> &patches, const PatchOptions &options)
{
    for (const ResourcePtr &patch : patches) {
        Arena &arena = patch->arena();
        for (const auto &[isAllowed, name] : {std::pair(options.allowsNameChange, annotation::kAllowNameChange),
                                              std::pair(options.allowsKindChange, annotation::kAllowKindChange)}) {
            if (!isAllowed)
                continue;
            Texts annotations = annotationsOf(patch->tree());
            annotations[name] = "enabled";
            const Expected<void> done = setAnnotations(arena, patch->tree(), annotations);
            if (!done)
                return done;
        }
        patch->touch();
    }
    return {};
}

} // namespace

Expected<Transform> patchTransform(const Patch &patch, const Loader &loader, BuildContext &context)
{
    std::string text(trimmed(patch.patch));
    if (text.empty() && patch.path.empty())
        return failure(ErrorCode::InvalidInput, "must specify one of patch and path in");
    if (!text.empty() && !patch.path.empty())
        return failure(ErrorCode::InvalidInput, "patch and path can't be set at the same time");
    std::string source = "[patch: " + goQuoted(text) + "]";
    if (!patch.path.empty()) {
        const Expected<FileContent> content = loader.load(patch.path);
        if (!content)
            return std::unexpected(content.error().in("failed to get the patch file from path(" + patch.path + ")"));
        text = content->text;
        source = "[path: " + goQuoted(patch.path) + "]";
    }
    const Expected<std::vector<ResourcePtr>> patches = patchesIn(text, context);
    if (patches) {
        const Expected<void> allowed = patch.options ? allowChanges(*patches, *patch.options) : Expected<void>();
        if (!allowed)
            return std::unexpected(allowed.error());
        return StrategicPatches(*patches, patch.target, source);
    }
    if (patches.error().code() == ErrorCode::LimitExceeded)
        return std::unexpected(patches.error());
    const Expected<Value> operations = operationsIn(text);
    if (!operations)
        return failure(ErrorCode::InvalidInput, "unable to parse SM or JSON patch from " + source);
    if (patch.target)
        return operationsTransform(*operations, *patch.target, PreviousIds::Stored);
    return [source, isEmpty = operations->isNull()](ResourceList &) -> Expected<void> {
        if (isEmpty)
            return {};
        return failure(ErrorCode::InvalidInput, "must specify a target for JSON patch " + source);
    };
}

Expected<Transform> strategicMergeTransform(const std::vector<std::string> &paths, const std::string &text,
                                            const Loader &loader, BuildContext &context)
{
    if (paths.empty() && text.empty())
        return failure(ErrorCode::InvalidInput, "empty file path and empty patch content");
    std::vector<ResourcePtr> all;
    const auto add = [&](const std::vector<ResourcePtr> &more) { all.insert(all.end(), more.begin(), more.end()); };
    for (const std::string &path : paths) {
        // A file name is a text too, but never one with a kind.
        Expected<std::vector<ResourcePtr>> patches = patchesIn(path, context);
        if (!patches) {
            const Expected<FileContent> content = loader.load(path);
            if (!content)
                return std::unexpected(content.error());
            patches = patchesIn(content->text, context);
            if (!patches && patches.error().text().contains("MalformedYAMLError"))
                return failure(patches.error().code(), patches.error().text() + " in File: " + path);
        }
        if (!patches)
            return std::unexpected(patches.error());
        add(*patches);
    }
    if (!text.empty()) {
        const Expected<std::vector<ResourcePtr>> patches = patchesIn(text, context);
        if (!patches)
            return std::unexpected(patches.error());
        add(*patches);
    }
    if (all.empty())
        return failure(ErrorCode::InvalidInput,
                       "patch appears to be empty; files=[" + join(paths, " ") + "], Patch=" + text);
    return [all](ResourceList &resources) -> Expected<void> {
        for (const ResourcePtr &patch : all) {
            const Expected<ResourcePtr> target = resources.withAnyId(patch->originalId());
            if (!target)
                return std::unexpected(target.error());
            const Expected<void> done = applyCopies(resources, {*target}, *patch);
            if (!done)
                return done;
        }
        return {};
    };
}

Expected<Transform> jsonPatchTransform(const Patch &patch, const Loader &loader)
{
    if (!patch.target || patch.target->id.name.empty())
        return failure(ErrorCode::InvalidInput, "must specify the target name");
    if (patch.path.empty() && patch.patch.empty())
        return failure(ErrorCode::InvalidInput, "empty file path and empty jsonOp");
    if (!patch.path.empty() && !patch.patch.empty())
        return failure(ErrorCode::InvalidInput, "must specify a file path or jsonOp, not both");
    std::string text = patch.patch;
    if (!patch.path.empty()) {
        const Expected<FileContent> content = loader.load(patch.path);
        if (!content)
            return std::unexpected(content.error());
        text = content->text;
        if (text.empty())
            return failure(ErrorCode::InvalidInput, "patch file '" + patch.path + "' empty seems to be empty");
    }
    const Expected<Value> operations = operationsIn(text);
    if (!operations)
        return std::unexpected(operations.error().in("decoding " + text));
    if (operations->size() == 0)
        return failure(ErrorCode::InvalidInput, "patch appears to be empty; file=" + patch.path + ", JsonOp=" + text);
    return operationsTransform(*operations, *patch.target, PreviousIds::Kept);
}

} // namespace tiphys::render::kustomize
