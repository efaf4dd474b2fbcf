// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace tiphys::demo {

/// Names and uids from a seed: the same seed gives the same ones in the same order.
class RandomNames
{
public:
    explicit RandomNames(std::uint64_t seed) : m_state(seed) {}

    /// A uid: "3b1f8a52-0c7e-4d19-9a55-6f1e2c3d4b5a".
    std::string uid();
    /// What is added to a generateName: \p length letters and digits without vowels.
    std::string suffix(std::size_t length = 5);
    /// The name of a pod template: the same text gives the same one, as a ReplicaSet's name carries it.
    static std::string hashOf(const std::string &text);

private:
    std::uint64_t next();

    std::uint64_t m_state;
};

} // namespace tiphys::demo
