// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/value.h"

#include <algorithm>
#include <deque>
#include <memory_resource>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tiphys::text::parse {

/// A text and where the nodes of its trees live: made one behind the other and freed together, because a chart has
/// thousands of them. What is made here owns nothing itself.
class NodeStore
{
public:
    explicit NodeStore(std::string_view source) : m_text(source) {}
    NodeStore(const NodeStore &) = delete;
    NodeStore &operator=(const NodeStore &) = delete;

    /// The whole text.
    const std::string &text() const { return m_text; }

    template <typename T, typename... Arguments>
    T *make(Arguments &&...arguments)
    {
        static_assert(std::is_trivially_destructible_v<T>);
        return new (m_memory.allocate(sizeof(T), alignof(T))) T(std::forward<Arguments>(arguments)...);
    }
    /// \p count values without content.
    template <typename T>
    std::span<T> array(std::size_t count)
    {
        static_assert(std::is_trivially_copyable_v<T>);
        if (count == 0)
            return {};
        return {static_cast<T *>(m_memory.allocate(count * sizeof(T), alignof(T))), count};
    }
    /// A copy of \p items.
    template <typename T>
    std::span<const T> copied(std::span<const T> items)
    {
        const std::span<T> copy = array<T>(items.size());
        std::ranges::copy(items, copy.begin());
        return copy;
    }
    std::string_view copied(std::string_view text) { return {copied(std::span(text)).data(), text.size()}; }
    /// A string value that lives as long as the nodes.
    const TemplateValue &string(std::string_view text) { return m_strings.emplace_back(TemplateValue::string(text)); }

private:
    std::string m_text;
    std::pmr::monotonic_buffer_resource m_memory{1024};
    std::deque<TemplateValue> m_strings;
};

} // namespace tiphys::text::parse
