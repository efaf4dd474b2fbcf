// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/discovery.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::ports {

namespace {

bool contains(const std::vector<std::string> &texts, std::string_view text)
{
    return std::ranges::find(texts, text) != texts.end();
}

/// Whether people may call \p resource by \p name, without a group.
bool isCalled(const ApiResource &resource, std::string_view name)
{
    return resource.type.plural == name || resource.singular == name || asciiLower(resource.type.kind) == name
           || contains(resource.shortNames, name);
}

} // namespace

bool ApiResource::can(std::string_view verb) const
{
    return contains(verbs, verb);
}

bool ApiResource::hasSubresource(std::string_view name) const
{
    return contains(subresources, name);
}

Discovery::Discovery(std::vector<ApiResource> resources, std::vector<FailedGroup> failedGroups)
    : m_resources(std::move(resources)), m_failed(std::move(failedGroups))
{
    for (std::size_t i = 0; i < m_resources.size(); ++i) {
        const ApiResource &resource = m_resources[i];
        m_byGvk.try_emplace(resource.type.gvk(), i);
        if (resource.isPreferred)
            m_byKind.try_emplace(resource.type.groupKind(), i);
    }
    for (std::size_t i = 0; i < m_resources.size(); ++i) {
        if (m_byKind.try_emplace(m_resources[i].type.groupKind(), i).second)
            m_resources[i].isPreferred = true;
    }
}

bool Discovery::isFailedGroup(std::string_view group) const
{
    return std::ranges::any_of(
        m_failed, [&](const FailedGroup &failed) { return object::gvkOf(failed.groupVersion, "").group == group; });
}

const ApiResource *Discovery::find(const object::Gvk &gvk) const
{
    const auto found = m_byGvk.find(gvk);
    return found == m_byGvk.end() ? nullptr : &m_resources[found->second];
}

const ApiResource *Discovery::find(const object::GroupKind &kind) const
{
    const auto found = m_byKind.find(kind);
    return found == m_byKind.end() ? nullptr : &m_resources[found->second];
}

const ApiResource *Discovery::findByName(std::string_view name) const
{
    const std::string lower = asciiLower(name);
    const std::size_t dot = lower.find('.');
    const std::string_view first = std::string_view(lower).substr(0, dot);
    const std::string_view group =
        dot == std::string::npos ? std::string_view() : std::string_view(lower).substr(dot + 1);
    const ApiResource *best = nullptr;
    for (const ApiResource &resource : m_resources) {
        if (!isCalled(resource, first))
            continue;
        if (dot != std::string::npos) {
            if (resource.type.version + "." + resource.type.group == group)
                return &resource;
            if (resource.isPreferred && resource.type.group == group)
                return &resource;
            continue;
        }
        if (!resource.isPreferred)
            continue;
        if (resource.type.group.empty())
            return &resource;
        if (!best)
            best = &resource;
    }
    return best;
}

std::vector<const ApiResource *> Discovery::preferred() const
{
    std::vector<const ApiResource *> found;
    for (const ApiResource &resource : m_resources) {
        if (resource.isPreferred)
            found.push_back(&resource);
    }
    return found;
}

std::vector<std::string> Discovery::groupVersions() const
{
    std::vector<std::string> found;
    for (const ApiResource &resource : m_resources) {
        const std::string groupVersion = resource.type.apiVersion();
        if (!contains(found, groupVersion))
            found.push_back(groupVersion);
    }
    return found;
}

Error Discovery::missing(const std::string &group, const std::string &what) const
{
    for (const FailedGroup &failed : m_failed) {
        if (object::gvkOf(failed.groupVersion, "").group == group)
            return Error(ErrorCode::Unavailable, what + ": its API group cannot be reached: " + failed.message);
    }
    return Error(ErrorCode::NotFound, what + " is not served");
}

Expected<ResourceType> Discovery::typeOf(const object::Gvk &gvk) const
{
    if (const ApiResource *found = find(gvk))
        return found->type;
    return std::unexpected(
        missing(gvk.group, "kind " + tiphys::quoted(gvk.kind) + " of " + tiphys::quoted(gvk.apiVersion())));
}

Expected<ResourceType> Discovery::typeOf(const object::GroupKind &kind) const
{
    if (const ApiResource *found = find(kind))
        return found->type;
    return std::unexpected(missing(kind.group, "kind " + tiphys::quoted(kind.text())));
}

} // namespace tiphys::ports
