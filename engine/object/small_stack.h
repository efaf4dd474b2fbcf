// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace tiphys::object::detail {

/// A stack of small values that takes memory of its own only above \p Capacity of them. It cannot be moved.
template <typename T, std::size_t Capacity>
class SmallStack
{
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

public:
    SmallStack() = default;
    SmallStack(const SmallStack &) = delete;
    SmallStack &operator=(const SmallStack &) = delete;

    void push_back(const T &item)
    {
        if (m_size == m_capacity)
            grow();
        std::construct_at(m_data + m_size++, item);
    }
    void pop_back() { --m_size; }
    /// To \p size items, no more than there are.
    void shrink(std::size_t size) { m_size = size; }
    void clear() { m_size = 0; }

    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    T *data() { return m_data; }
    T *begin() { return m_data; }
    T *end() { return m_data + m_size; }
    T &front() { return *m_data; }
    T &back() { return m_data[m_size - 1]; }
    const T &back() const { return m_data[m_size - 1]; }
    T &operator[](std::size_t index) { return m_data[index]; }

private:
    void grow()
    {
        m_capacity *= 2;
        auto grown = std::make_unique_for_overwrite<std::byte[]>(m_capacity * sizeof(T));
        auto *data = reinterpret_cast<T *>(grown.get());
        std::uninitialized_copy_n(m_data, m_size, data);
        m_data = data;
        m_more = std::move(grown);
    }

    alignas(T) std::byte m_first[Capacity * sizeof(T)];
    std::unique_ptr<std::byte[]> m_more;
    T *m_data = reinterpret_cast<T *>(m_first);
    std::size_t m_size = 0;
    std::size_t m_capacity = Capacity;
};

} // namespace tiphys::object::detail
