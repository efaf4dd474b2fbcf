// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// The block cipher under bcrypt, whose key schedule takes a salt.
class Blowfish
{
public:
    /// The start: the digits of pi.
    Blowfish();
    /// Mixes \p key into the state, and \p salt into each step; an empty salt counts as zeros.
    void expand(std::string_view key, std::string_view salt);
    void encrypt(std::uint32_t &left, std::uint32_t &right) const;

private:
    std::uint32_t roundFunction(std::uint32_t value) const;

    static constexpr std::size_t kSubkeys = 18;
    static constexpr std::size_t kBoxes = 1024;
    /// Subkeys, then four boxes of 256.
    std::array<std::uint32_t, kSubkeys + kBoxes> m_state;
};

/// A password as bcrypt's "$2a$10$…" with 16 bytes of \p salt; the password has at most 72 bytes.
std::string bcryptHash(std::string_view password, std::string_view salt);

} // namespace tiphys::text::sprig
