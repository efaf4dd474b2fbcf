// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/resource_id.h"

namespace tiphys::render::kustomize {

namespace {

std::string orBlank(const std::string &text, std::string_view blank)
{
    return text.empty() ? std::string(blank) : text;
}

bool fits(const std::string &selector, const std::string &text)
{
    return selector.empty() || selector == text;
}

} // namespace

bool Gvk::isSelectedBy(const Gvk &selector) const
{
    return fits(selector.group, group) && fits(selector.version, version) && fits(selector.kind, kind);
}

std::string Gvk::text() const
{
    return orBlank(kind, "[noKind]") + "." + orBlank(version, "[noVer]") + "." + orBlank(group, "[noGrp]");
}

GroupVersion groupVersionOf(std::string_view apiVersion)
{
    const std::size_t slash = apiVersion.find('/');
    if (slash == std::string_view::npos)
        return {"", apiVersion};
    return {apiVersion.substr(0, slash), apiVersion.substr(slash + 1)};
}

std::string_view ResourceId::effectiveNamespace() const
{
    if (isClusterScoped)
        return kNoNamespace;
    return ns.empty() ? std::string_view("default") : std::string_view(ns);
}

bool ResourceId::isSelectedBy(const ResourceId &selector) const
{
    return fits(selector.name, name) && (selector.ns.empty() || selector.hasNamespaceOf(*this))
           && gvk.isSelectedBy(selector.gvk);
}

std::string ResourceId::text() const
{
    return gvk.text() + "/" + orBlank(name, "[noName]") + "." + orBlank(ns, "[noNs]");
}

std::string ResourceId::key() const
{
    std::string key;
    key.reserve(gvk.group.size() + gvk.version.size() + gvk.kind.size() + name.size() + ns.size() + 24);
    key.append(gvk.group).append("\n").append(gvk.version).append("\n").append(gvk.kind).append("\n");
    key.append(name).append("\n").append(effectiveNamespace());
    return key;
}

} // namespace tiphys::render::kustomize
