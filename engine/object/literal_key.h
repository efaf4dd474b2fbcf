// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/chunk.h"
#include "object/short_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace tiphys::object {

/// The storage of a LiteralKey.
template <std::size_t Size>
struct LiteralKeyText
{
    consteval LiteralKeyText(const char (&literal)[Size])
        : key{static_cast<std::uint32_t>(Size - 1), detail::textHash({literal, Size - 1})}
    {
        std::copy_n(literal, Size, text);
    }

    detail::Key key;
    char text[Size]{}; ///< where Key::text() looks for it: behind the key
};

/// The key of a map that the program itself knows, `"status"_key`: a Builder takes it without hashing or copying it.
class LiteralKey
{
public:
    /// No key.
    LiteralKey() = default;
    constexpr explicit LiteralKey(const detail::Key &key) : m_key(&key) {}
    const detail::Key *key() const { return m_key; }

private:
    const detail::Key *m_key = nullptr;
};

inline namespace literals {

template <LiteralKeyText Text>
constexpr LiteralKey operator""_key()
{
    return LiteralKey(Text.key);
}

} // namespace literals

} // namespace tiphys::object
