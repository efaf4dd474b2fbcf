// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a cache that works namespace by namespace.
#include "kube/resource_cache.h"

#include "async/delay.h"

#include <algorithm>
#include <iterator>

namespace tiphys::kube {

namespace {

const ports::ResourceType kNamespaces{"", "v1", "namespaces", "Namespace", false};

} // namespace

Async<std::set<std::string>> ResourceCache::namespaces(Self self, CancelToken cancel)
{
    // What a person named stays, so that a name that is wrong is told.
    std::set<std::string> names(self->m_options.knownNamespaces.begin(), self->m_options.knownNamespaces.end());
    names.insert(self->m_cluster->identity().ns);
    ports::ListOptions options;
    options.detail = ports::Detail::Metadata;
    const Expected<ports::ObjectList> list = co_await self->m_cluster->list(kNamespaces, options, cancel);
    if (!list && list.error().code() != ErrorCode::Denied)
        co_return std::unexpected(list.error());
    if (list) {
        for (const object::Object &ns : list->items)
            names.insert(std::string(ns.name()));
    }
    std::set<std::string> others;
    for (const std::string &ns : self->m_knownNamespaces) {
        if (!names.contains(ns))
            others.insert(ns);
    }
    if (!list) {
        const Expected<std::set<std::string>> absent = co_await gone(self, others, cancel);
        if (!absent)
            co_return std::unexpected(absent.error());
        std::ranges::set_difference(others, *absent, std::inserter(names, names.end()));
        others = *absent;
    }
    self->m_absent = std::move(others);
    co_return names;
}

Async<std::set<std::string>> ResourceCache::gone(Self self, std::set<std::string> names, CancelToken cancel)
{
    std::set<std::string> absent;
    for (const std::string &ns : names) {
        const auto part = self->m_parts.find(ns);
        const bool isRefused = part != self->m_parts.end() && part->second.state == ports::CacheState::Denied;
        if (!isRefused && !self->m_absent.contains(ns))
            continue;
        const Expected<object::Object> found = co_await self->m_cluster->get({kNamespaces, "", ns}, {}, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!found && found.error().code() == ErrorCode::NotFound)
            absent.insert(ns);
        // The rights in a namespace go with it: whoever is not told of one is not told of the next.
        if (!found && found.error().code() == ErrorCode::Denied)
            break;
    }
    co_return absent;
}

Async<bool> ResourceCache::mayListAll(Self self, CancelToken cancel)
{
    const ports::AccessQuestion question{
        .verb = "list", .group = self->m_key.type.group, .resource = self->m_key.type.plural};
    const Expected<ports::Access> access = co_await self->m_cluster->canI(question, cancel);
    co_return access && access->isAllowed;
}

void ResourceCache::dropPart(const std::string &ns)
{
    std::vector<ports::CacheChange> changes =
        dropObjects([&](const object::Object &before) { return before.ns() == ns; });
    m_parts.erase(ns);
    publish(std::move(changes));
}

Async<void> ResourceCache::runSplit(Self self, CancelToken cancel)
{
    async::TaskScope parts(cancel);
    int failures = 0;
    // Until they have listed the first of them show what was known before, as old.
    const bool wasKnown = self->m_wasKnown;
    const ports::WallTime lastContact = self->m_lastContact;
    bool isFirst = true;
    while (!cancel.isCancelled()) {
        self->m_reconsider = CancelSource(cancel);
        const CancelToken reconsider = self->m_reconsider.token();
        const Expected<std::set<std::string>> wanted = co_await namespaces(self, cancel);
        if (wanted) {
            for (const std::string &ns : *wanted) {
                if (self->m_parts.contains(ns))
                    continue;
                Part &part = self->m_parts[ns];
                part.stop.emplace(parts.token());
                part.isInherited = wasKnown && isFirst;
                part.lastContact = part.isInherited ? lastContact : 0;
                parts.start(keepPart(self, ns, part.stop->token()));
            }
            std::vector<std::string> gone;
            for (const auto &[ns, part] : self->m_parts) {
                if (!wanted->contains(ns))
                    gone.push_back(ns);
            }
            for (const std::string &ns : gone) {
                self->m_parts[ns].stop->cancel();
                self->dropPart(ns);
            }
            // Of a list of all that is refused now.
            std::vector<ports::CacheChange> unseen = self->dropObjects(
                [&](const object::Object &before) { return !wanted->contains(std::string(before.ns())); });
            const std::vector<std::string> absent(self->m_absent.begin(), self->m_absent.end());
            if (!unseen.empty() || self->m_snapshot->absentNamespaces != absent)
                self->publish(std::move(unseen));
            isFirst = false;
        }
        failures = wanted ? 0 : failures + 1;
        const std::chrono::milliseconds pause = wanted ? self->m_options.deniedRetry : self->backoff(failures);
        const Expected<void> waited = co_await async::delay(pause, reconsider);
        ignoreError(waited, "an interrupted wait is a wait that ended");
        const Expected<bool> mayListAll = co_await ResourceCache::mayListAll(self, cancel);
        if (mayListAll && *mayListAll)
            break;
    }
    const Expected<void> closed = co_await parts.close();
    ignoreError(closed, "draining has no errors");
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    co_return {};
}

} // namespace tiphys::kube
