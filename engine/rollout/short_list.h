// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <vector>

namespace tiphys::rollout {

/// A list of small values that takes no memory of its own up to \p Capacity of them: what a pass makes and drops.
template <typename T, std::size_t Capacity = 8>
class ShortList
{
    static_assert(std::is_trivially_copyable_v<T>);

public:
    ShortList() = default;
    ShortList(std::initializer_list<T> items)
    {
        for (const T &item : items)
            push_back(item);
    }

    void push_back(const T &item)
    {
        if (m_size < Capacity) {
            m_first[m_size++] = item;
            return;
        }
        if (m_size++ == Capacity)
            m_all.assign(m_first.begin(), m_first.end());
        m_all.push_back(item);
    }
    void clear()
    {
        m_size = 0;
        m_all.clear();
    }

    T *begin() { return m_size > Capacity ? m_all.data() : m_first.data(); }
    T *end() { return begin() + m_size; }
    const T *begin() const { return m_size > Capacity ? m_all.data() : m_first.data(); }
    const T *end() const { return begin() + m_size; }
    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    const T &operator[](std::size_t index) const { return begin()[index]; }

private:
    std::size_t m_size = 0;
    std::array<T, Capacity> m_first{};
    std::vector<T> m_all; ///< all items, once there are more
};

} // namespace tiphys::rollout
