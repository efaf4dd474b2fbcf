// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/resource_id.h"

#include "object/short_text.h"

namespace tiphys::render::kustomize {

namespace {

std::string orBlank(const std::string &text, std::string_view blank)
{
    return text.empty() ? std::string(blank) : text;
}

/// The hash of all parts so far with one more.
std::uint64_t joinedHash(std::uint64_t hash, std::string_view part)
{
    constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15u;
    hash = (hash ^ object::detail::textHash(part)) * kFactor;
    return hash ^ (hash >> 32);
}

bool fits(const std::string &selector, const std::string &text)
{
    return selector.empty() || selector == text;
}

} // namespace

std::uint64_t nameHash(std::string_view kind, std::string_view name)
{
    return joinedHash(joinedHash(0, kind), name);
}

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

std::uint64_t ResourceId::hash() const
{
    const std::string_view parts[] = {gvk.group, gvk.version, gvk.kind, name, effectiveNamespace()};
    std::uint64_t hash = 0;
    for (const std::string_view part : parts)
        hash = joinedHash(hash, part);
    return hash;
}

} // namespace tiphys::render::kustomize
