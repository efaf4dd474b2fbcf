// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/loader.h"
#include "render/kustomize/resource.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::render::kustomize {

struct TransformerConfig;

/// Bases that many kustomizations of one build have: those that only list resources of their tree and bases like them.
/// What they give does not depend on who asks, so it is read once and copied from the third time on.
class PlainBases
{
public:
    /// What one base gave.
    struct Base
    {
        int uses = 0;
        std::vector<Node *> trees; ///< as read; never given away
        std::shared_ptr<const TransformerConfig> config;
        const MergeSchema::Table *schema = nullptr; ///< that told what lives outside of namespaces
        std::vector<std::string> roots;             ///< its folder and those of its bases
    };

    /// The resources of the base of \p loader, whose trees may be changed; nothing if they are not known, or if one of its
    /// folders would lead back to who asks.
    const Base *known(const Loader &loader, const BuildContext &context) const;
    /// Copies of the resources of \p base.
    static ResourceList copies(const Base &base, BuildContext &context);
    /// Notes what the base of \p loader gave before anything has changed it.
    void note(const Loader &loader, const ResourceList &resources, std::shared_ptr<const TransformerConfig> config,
              std::vector<std::string> roots);

private:
    std::map<std::pair<const FileTree *, std::string>, Base> m_bases;
};

} // namespace tiphys::render::kustomize
