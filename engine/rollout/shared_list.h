// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tiphys::rollout {

/// A list whose copies share what they hold until one of them changes: most decisions leave the lists of a status as they
/// are.
template <typename T>
class SharedList
{
public:
    using value_type = T;
    using const_iterator = const T *;

    SharedList() = default;
    SharedList(std::vector<T> items)
    {
        if (!items.empty())
            m_held = std::make_shared<std::vector<T>>(std::move(items));
    }

    const_iterator begin() const { return data(); }
    const_iterator end() const { return data() + size(); }
    bool empty() const { return size() == 0; }
    std::size_t size() const { return m_held ? m_held->size() : 0; }
    const T &front() const { return *data(); }
    const T *data() const { return m_held ? m_held->data() : nullptr; }
    void append(T item) { own().push_back(std::move(item)); }

    bool operator==(const SharedList &other) const
    {
        return m_held == other.m_held || std::ranges::equal(*this, other);
    }

protected:
    std::vector<T> &own()
    {
        // What others hold as well is copied before it changes; nobody can come to share what is held here alone.
        if (!m_held)
            m_held = std::make_shared<std::vector<T>>();
        else if (m_held.use_count() > 1)
            m_held = std::make_shared<std::vector<T>>(*m_held);
        else
            std::atomic_thread_fence(std::memory_order_acquire);
        return *m_held;
    }

private:
    std::shared_ptr<std::vector<T>> m_held; ///< null if there are none
};

/// Something that may be absent; its copies share it until one of them changes it.
template <typename T>
class SharedOptional
{
public:
    SharedOptional() = default;
    SharedOptional(std::optional<T> value)
    {
        if (value)
            m_held = std::make_shared<T>(std::move(*value));
    }

    bool has_value() const { return m_held != nullptr; }
    explicit operator bool() const { return has_value(); }
    const T &operator*() const { return *m_held; }
    const T *operator->() const { return m_held.get(); }
    T *operator->() { return &own(); }
    T &emplace() { return *(m_held = std::make_shared<T>()); }

private:
    T &own()
    {
        if (m_held.use_count() > 1)
            m_held = std::make_shared<T>(*m_held);
        else
            std::atomic_thread_fence(std::memory_order_acquire);
        return *m_held;
    }

    std::shared_ptr<T> m_held;
};

} // namespace tiphys::rollout
