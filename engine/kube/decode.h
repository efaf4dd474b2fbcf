// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "ports/requests.h"
#include "ports/resource_type.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::kube {

/// What decoding needs to know; copied to pool threads.
struct Decoding
{
    ports::ResourceType type;
    ports::Detail detail = ports::Detail::Full;
    ports::ManagedFields managedFields = ports::ManagedFields::Kept;
    ports::Transform transform;
};

/// One page of a list.
struct ListPage
{
    std::vector<object::Object> items;
    std::string resourceVersion;
    std::string continueToken;
    std::size_t remaining = 0;
};

/// What a part of a watch stream says: events in order, and the error that ended it, if any.
struct WatchPart
{
    std::vector<ports::WatchEvent> events;
    std::optional<Error> error;
};

/// \p object as readers get it: apiVersion and kind filled in, managed fields dropped if wanted, transformed, and in
/// storage of its own. Pure.
object::Object decoded(const object::Object &object, const Decoding &decoding);
/// Pure. Errors: InvalidInput for text that is no list.
Expected<ListPage> decodeList(std::string_view json, const Decoding &decoding);
/// Whole lines of a watch stream. Pure.
WatchPart decodeWatch(std::string_view lines, const Decoding &decoding);

} // namespace tiphys::kube
