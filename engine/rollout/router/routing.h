// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "rollout/rollout.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// Private to the folder: what the routers share.
namespace tiphys::rollout {

/// Members of metadata that are the server's to write.
inline constexpr std::array<const char *, 5> kServerFields{"resourceVersion", "generation", "uid", "creationTimestamp",
                                                           "managedFields"};

/// The settings of the router named \p key.
inline object::Value settingsOf(const Rollout &rollout, std::string_view key)
{
    return rollout.canary->trafficRouting->value[key];
}

/// `virtualservices.networking.istio.io "x" not found`, as the API server says it.
inline std::string notFoundText(std::string_view resource, std::string_view name)
{
    return std::string(resource) + " \"" + std::string(name) + "\" not found";
}

inline std::unexpected<Error> notFound(std::string_view resource, std::string_view name)
{
    return failure(ErrorCode::NotFound, notFoundText(resource, name));
}

/// The texts of a list; items of other types count as "".
inline std::vector<std::string> textsOf(const object::Value &list)
{
    std::vector<std::string> result;
    for (const object::Value &item : list.items())
        result.emplace_back(item.stringOr());
    return result;
}

/// True if \p path ends at a list: what Go's NestedSlice calls found.
inline bool isListAt(const object::Value &value, std::initializer_list<std::string_view> path)
{
    return value.path(path).isList();
}

} // namespace tiphys::rollout
