// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/plain_bases.h"

#include <algorithm>

namespace tiphys::render::kustomize {

const PlainBases::Base *PlainBases::known(const Loader &loader, const BuildContext &context) const
{
    const auto found = m_bases.find({&loader.files(), loader.root()});
    if (found == m_bases.end() || !found->second.config || found->second.schema != context.schema)
        return nullptr;
    const std::vector<std::string> &roots = found->second.roots;
    const bool isFree = std::ranges::all_of(
        roots, [&](const std::string &root) { return loader.referrer()->checkCycle(root).has_value(); });
    return isFree ? &found->second : nullptr;
}

ResourceList PlainBases::copies(const Base &base, BuildContext &context)
{
    std::vector<ResourcePtr> resources;
    resources.reserve(base.trees.size());
    for (const Node *tree : base.trees)
        resources.push_back(std::make_shared<Resource>(context, context.arena.deepCopy(tree)));
    ResourceList list;
    list.replaceAll(std::move(resources));
    return list;
}

void PlainBases::note(const Loader &loader, const ResourceList &resources,
                      std::shared_ptr<const TransformerConfig> config, std::vector<std::string> roots)
{
    Base &base = m_bases[{&loader.files(), loader.root()}];
    // Most bases are used once: the copy waits for the second time.
    if (++base.uses != 2)
        return;
    for (const ResourcePtr &resource : resources.all())
        base.trees.push_back(resource->arena().deepCopy(resource->root()));
    if (!resources.all().empty())
        base.schema = resources.all().front()->context().schema;
    base.config = std::move(config);
    base.roots = std::move(roots);
}

} // namespace tiphys::render::kustomize
