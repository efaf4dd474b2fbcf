// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/kustomize.h"

#include "render/kustomize/document.h"
#include "render/kustomize/sort_order.h"
#include "render/kustomize/target.h"

#include <algorithm>

namespace tiphys::render {

using namespace kustomize;

namespace {

constexpr std::string_view kManagedBy = "app.kubernetes.io/managed-by";
constexpr std::string_view kVersion = "kustomize-v5.8.1";

/// What is done once, after everything was accumulated: hashes, references and vars.
/// Source: kustomize api/internal/target/kusttarget.go (makeCustomizedResMap)@v5.8.1
Expected<void> finishNames(Accumulation &all, std::vector<std::string> &warnings)
{
    Expected<void> done = hashTransform()(all.resources);
    if (done)
        done = nameReferenceTransform(all.config)(all.resources);
    if (done)
        done = resolveVars(all.vars, all.resources, all.config->varReference, warnings);
    return done;
}

/// Without the resources that are for local use.
Expected<void> dropLocal(ResourceList &resources)
{
    std::vector<ResourcePtr> kept;
    for (const ResourcePtr &resource : resources.all()) {
        if (resource->isGone())
            continue;
        const Expected<void> valid = checkMetadata(resource->tree());
        if (!valid)
            return valid;
        const Node *local = annotationNode(resource->tree(), annotation::kLocalConfig);
        if (!local || textOf(local) == "false")
            kept.push_back(resource);
    }
    if (kept.size() != resources.size())
        resources.replaceAll(std::move(kept));
    return {};
}

Expected<void> sort(ResourceList &resources, const Kustomization &file, Reorder reorder)
{
    if (!file.sortOptions && reorder == Reorder::None)
        return {};
    std::vector<const ResourceId *> ids;
    for (const ResourcePtr &resource : resources.all())
        ids.push_back(&resource->currentId());
    const Expected<std::vector<std::size_t>> places = sortedPlaces(ids, file.sortOptions);
    if (!places)
        return std::unexpected(places.error());
    std::vector<ResourcePtr> sorted;
    for (const std::size_t place : *places)
        sorted.push_back(resources.all()[place]);
    resources.replaceAll(std::move(sorted));
    if (file.sortOptions && file.sortOptions->order == "fifo")
        return {};
    const Expected<void> unique = resources.checkIds();
    if (!unique)
        return std::unexpected(unique.error().in("SortOrderTransformer: Failed to append to resources"));
    return {};
}

/// Takes away what only the build needed; annotations become texts on the way, as in the original.
Expected<void> cleanAnnotations(const ResourceList &resources, const Kustomization &file)
{
    const bool keepsOrigin = file.builds("originAnnotations");
    const bool keepsTransformations = file.builds("transformerAnnotations");
    for (const ResourcePtr &resource : resources.all()) {
        Texts annotations = annotationsOf(resource->tree());
        if (annotations.empty() && keepsOrigin && keepsTransformations)
            continue;
        std::erase_if(annotations, [&](const auto &entry) {
            return annotation::isBuildOnly(entry.first) || (!keepsOrigin && entry.first == annotation::kOrigin)
                   || (!keepsTransformations && entry.first == annotation::kTransformations);
        });
        const Expected<void> done = setAnnotations(resource->arena(), resource->tree(), annotations);
        if (!done)
            return done;
    }
    return {};
}

Expected<Rendered> rendered(const ResourceList &resources, const std::string &folder)
{
    Rendered result;
    result.type = SourceType::Kustomize;
    result.objects.reserve(resources.size());
    for (const ResourcePtr &resource : resources.all()) {
        const Expected<object::Value> value = valueOf(resource->root());
        if (!value)
            return std::unexpected(value.error().in("object " + resource->currentId().text()));
        result.objects.push_back({object::Object(*value), folder});
    }
    return result;
}

} // namespace

Expected<Rendered> renderKustomization(const FileTree &files, std::string_view folder, const KustomizeOptions &options)
{
    const Expected<Loader> loader = Loader::top(files, folder, options);
    if (!loader)
        return std::unexpected(loader.error());
    Build build;
    Expected<Target> target = Target::read(*loader, build);
    if (!target)
        return std::unexpected(target.error());
    if (options.edit) {
        const Expected<void> edited = options.edit(target->file());
        if (!edited)
            return std::unexpected(edited.error());
    }
    const Kustomization &file = target->file();
    if (!file.buildMetadata.empty())
        target->setOrigin(Origin());
    Accumulation all;
    Expected<void> done = target->chooseSchema();
    if (done)
        done = target->accumulate(all);
    if (done)
        done = finishNames(all, build.warnings);
    if (done)
        done = dropLocal(all.resources);
    if (done)
        done = sort(all.resources, file, options.reorder);
    if (done && (options.addsManagedByLabel || file.builds("managedByLabel")))
        done = textsTransform({{std::string(kManagedBy), std::string(kVersion)}},
                              {{{}, "metadata/labels", true}})(all.resources);
    if (done)
        done = cleanAnnotations(all.resources, file);
    if (done)
        done = build.schemaNeeded();
    if (!done)
        return std::unexpected(done.error());
    Expected<Rendered> result = rendered(all.resources, loader->root());
    if (result)
        result->warnings = std::move(build.warnings);
    return result;
}

} // namespace tiphys::render
