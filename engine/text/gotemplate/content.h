// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/value.h"

#include <string_view>
#include <vector>

namespace tiphys::text::detail {

TextContent *makeText(std::string_view text);

struct ListContent : Counted
{
    std::vector<TemplateValue> items;
};

/// Members by key, bytewise.
struct MapContent : Counted
{
    std::vector<MapEntry> entries;

    std::vector<MapEntry>::iterator lowerBound(std::string_view key);
    MapEntry *find(std::string_view key);
};

} // namespace tiphys::text::detail
