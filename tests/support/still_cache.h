// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/cluster_cache.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::test {

/// Caches of objects that do not change, by kind.
class StillCache final : public ports::ClusterCache
{
public:
    using Objects = std::map<std::string, std::vector<object::Object>>;

    explicit StillCache(Objects objects) : m_objects(std::move(objects)) {}
    ports::CacheUserPtr use(ports::CacheKey key, std::function<void(ports::CacheSnapshotPtr)>) override
    {
        ports::CacheSnapshot snapshot;
        snapshot.number = 1;
        snapshot.state = ports::CacheState::Live;
        snapshot.objects = ports::ObjectMap::of(m_objects[key.type.kind]);
        return std::make_shared<User>(std::move(key),
                                      std::make_shared<const ports::CacheSnapshot>(std::move(snapshot)));
    }
    void setKnownNamespaces(std::vector<std::string>) override {}
    Async<void> close() override { co_return {}; }

private:
    class User final : public ports::CacheUser
    {
    public:
        User(ports::CacheKey key, ports::CacheSnapshotPtr snapshot)
            : m_key(std::move(key)), m_snapshot(std::move(snapshot))
        {
        }
        const ports::CacheKey &key() const override { return m_key; }
        ports::CacheSnapshotPtr snapshot() const override { return m_snapshot; }
        Async<ports::CacheSnapshotPtr> synced(CancelToken) override { co_return m_snapshot; }
        void refresh() override {}

    private:
        ports::CacheKey m_key;
        ports::CacheSnapshotPtr m_snapshot;
    };

    Objects m_objects;
};

} // namespace tiphys::test
