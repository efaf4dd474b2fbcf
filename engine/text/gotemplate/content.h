// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/value.h"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace tiphys::text::detail {

/// A counted text; its bytes follow it in memory.
struct TextContent
{
    std::atomic<std::uint32_t> references{1};
    std::size_t size = 0;

    char *bytes() { return reinterpret_cast<char *>(this + 1); }
    std::string_view view() const { return {reinterpret_cast<const char *>(this + 1), size}; }
    static TextContent *make(std::string_view text);
    static void destroy(TextContent *content);
};

struct ListContent
{
    std::atomic<std::uint32_t> references{1};
    std::vector<TemplateValue> items;
};

/// Members by key, bytewise.
struct MapContent
{
    std::atomic<std::uint32_t> references{1};
    std::vector<MapEntry> entries;

    std::vector<MapEntry>::iterator lowerBound(std::string_view key);
    MapEntry *find(std::string_view key);
};

} // namespace tiphys::text::detail
