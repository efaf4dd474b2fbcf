// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/short_text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tiphys::object::detail {

/// A text that grows at its end, made for many short pieces.
class TextBuffer
{
public:
    std::size_t size() const { return m_size; }
    bool isEmpty() const { return m_size == 0; }
    std::string_view text() const { return std::string_view(m_text).substr(0, m_size); }
    /// Keeps the room.
    void clear() { m_size = 0; }

    void put(char c)
    {
        reserve(1);
        m_text[m_size++] = c;
    }
    void put(std::string_view text)
    {
        reserve(text.size());
        copyShortText(m_text.data() + m_size, text.data(), text.size());
        m_size += text.size();
    }
    void putSpaces(std::size_t count)
    {
        constexpr std::size_t kWord = 8;
        reserve(count + kWord);
        char *to = m_text.data() + m_size;
        m_size += count;
        for (const char *end = m_text.data() + m_size; to < end; to += kWord)
            std::memcpy(to, "        ", kWord);
    }
    /// The text; the buffer is empty afterwards.
    std::string take()
    {
        m_text.resize(m_size);
        m_size = 0;
        return std::exchange(m_text, {});
    }

private:
    void reserve(std::size_t more)
    {
        if (m_text.size() - m_size < more)
            grow(more);
    }
    void grow(std::size_t more)
    {
        constexpr std::size_t kFirst = 1024;
        m_text.resize(std::max({kFirst, m_text.size() * 2, m_size + more}));
    }

    std::string m_text; ///< as long as there is room
    std::size_t m_size = 0;
};

} // namespace tiphys::object::detail
