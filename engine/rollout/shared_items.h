// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/shared_list.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace tiphys::rollout {

/// A list of values each of which may be shared with other lists: what was read of an object once is not copied for every
/// look at it. It reads as a list of the values.
template <typename T>
class SharedItems : private SharedList<std::shared_ptr<const T>>
{
    using List = SharedList<std::shared_ptr<const T>>;

public:
    class Iterator
    {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T *;
        using reference = const T &;

        Iterator() = default;
        explicit Iterator(const std::shared_ptr<const T> *at) : m_at(at) {}
        const T &operator*() const { return **m_at; }
        const T *operator->() const { return m_at->get(); }
        Iterator &operator++()
        {
            ++m_at;
            return *this;
        }
        Iterator operator++(int)
        {
            Iterator old = *this;
            ++m_at;
            return old;
        }
        bool operator==(const Iterator &) const = default;

    private:
        const std::shared_ptr<const T> *m_at = nullptr;
    };
    using value_type = T;
    using const_iterator = Iterator;

    SharedItems() = default;
    SharedItems(std::vector<T> items)
    {
        for (T &item : items)
            push_back(std::move(item));
    }
    SharedItems(std::initializer_list<T> items) : SharedItems(std::vector<T>(items)) {}

    void push_back(T item) { List::append(std::make_shared<const T>(std::move(item))); }
    void push_back(std::shared_ptr<const T> item) { List::append(std::move(item)); }
    void clear() { *this = SharedItems(); }
    template <typename Predicate>
    void removeIf(Predicate isRemoved)
    {
        std::erase_if(List::own(), [&isRemoved](const std::shared_ptr<const T> &item) { return isRemoved(*item); });
    }

    Iterator begin() const { return Iterator(List::data()); }
    Iterator end() const { return Iterator(List::data() + List::size()); }
    using List::empty;
    using List::size;
    const T &front() const { return *List::front(); }
    const T &operator[](std::size_t index) const { return *List::data()[index]; }

    bool operator==(const SharedItems &other) const
    {
        const auto isSame = [](const std::shared_ptr<const T> &a, const std::shared_ptr<const T> &b) {
            return a == b || *a == *b;
        };
        const List &mine = *this;
        const List &others = other;
        return mine.data() == others.data() || std::ranges::equal(mine, others, isSame);
    }
};

} // namespace tiphys::rollout
