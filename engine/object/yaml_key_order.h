// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/chunk.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace tiphys::object::detail {

/// True if key \p a is printed before \p b: letters after other characters, runs of digits as numbers.
/// Source: go.yaml.in/yaml/v2 sorter.go@v2.4.2
bool comesBefore(std::string_view a, std::string_view b);

/// The entries of maps in the order in which they are printed, one map inside of another.
class YamlKeySorter
{
public:
    /// Adds the entries of \p map; they stand at the given place and behind it until pop.
    std::size_t push(const Node &map);
    const Entry &at(std::size_t place) const { return *m_places[place].entry; }
    /// Takes away what was added at \p place.
    void pop(std::size_t place) { m_places.resize(place); }

private:
    struct Place
    {
        std::uint64_t lead = 0; ///< leadingBytes of the key
        const Entry *entry = nullptr;

        std::string_view text() const { return entry->key->text(); }
    };
    static bool isBefore(const Place &a, const Place &b);
    static bool isInOrder(const Place &a, const Place &b);

    std::vector<Place> m_places;
};

} // namespace tiphys::object::detail
