// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tiphys::render::kustomize {

/// Places of a list by the hash of something that is looked for. Different things may have one hash: who asks compares.
class PlaceIndex
{
public:
    void clear()
    {
        m_entries.clear();
        m_slots.clear();
    }

    void add(std::uint64_t hash, std::size_t place)
    {
        if (!m_slots.empty() || m_entries.size() >= kLongestWalk)
            growSlots();
        m_entries.push_back({hash, place, kEnd});
        if (!m_slots.empty())
            link(m_entries.size() - 1);
    }

    /// Calls \p visit with each place of \p hash, in no order, until it gives false.
    template <typename Visit>
    void visit(std::uint64_t hash, Visit visit) const
    {
        if (m_slots.empty()) {
            for (const Entry &entry : m_entries) {
                if (entry.hash == hash && !visit(entry.place))
                    return;
            }
            return;
        }
        for (std::size_t at = m_slots[hash & (m_slots.size() - 1)]; at != kEnd; at = m_entries[at].next) {
            if (m_entries[at].hash == hash && !visit(m_entries[at].place))
                return;
        }
    }

    /// The places of \p hash, each once and in their order.
    std::vector<std::size_t> places(std::uint64_t hash) const
    {
        std::vector<std::size_t> found;
        visit(hash, [&](std::size_t place) {
            found.push_back(place);
            return true;
        });
        std::ranges::sort(found);
        const auto rest = std::ranges::unique(found);
        found.erase(rest.begin(), rest.end());
        return found;
    }

private:
    static constexpr std::size_t kEnd = static_cast<std::size_t>(-1);
    static constexpr std::size_t kLongestWalk = 8; ///< shorter lists are walked

    struct Entry
    {
        std::uint64_t hash;
        std::size_t place;
        std::size_t next; ///< entry of the same slot
    };

    void growSlots()
    {
        if (m_entries.size() < m_slots.size())
            return;
        m_slots.assign(std::max<std::size_t>(m_slots.size() * 2, 32), kEnd);
        for (std::size_t at = 0; at < m_entries.size(); ++at)
            link(at);
    }
    void link(std::size_t at)
    {
        std::size_t &slot = m_slots[m_entries[at].hash & (m_slots.size() - 1)];
        m_entries[at].next = slot;
        slot = at;
    }

    std::vector<Entry> m_entries;
    std::vector<std::size_t> m_slots; ///< last entries of their slots; a power of two, or none
};

} // namespace tiphys::render::kustomize
