// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <cstdint>
#include <vector>

namespace tiphys::compare {

/// Makes questions about comparisons, the same ones for the same seed on every machine: manifests of
/// tests/data/compare with members dropped, changed, doubled, reordered and added.
class CaseMaker
{
public:
    explicit CaseMaker(std::uint64_t seed);

    /// One request to the oracle: {"op", "target", "live", …}.
    object::Value next();

private:
    std::uint64_t number(std::uint64_t below);
    bool chance(std::uint64_t percent) { return number(100) < percent; }
    object::Value mutated(const object::Value &value, int changes);
    object::Value changed(const object::Value &value, int depth);
    object::Value changedMap(const object::Value &map, int depth);
    object::Value changedList(const object::Value &list, int depth);
    object::Value live(const object::Value &base);
    object::Value managedFields(const object::Value &value, int depth);
    object::Value withManagers(const object::Value &live, const object::Value &target);

    std::vector<object::Value> m_manifests;
    std::uint64_t m_state;
    std::size_t m_count = 0;
};

} // namespace tiphys::compare
