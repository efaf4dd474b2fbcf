// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/refusal.h"
#include "object/object.h"

#include <string>

namespace tiphys::demo {

/// Who writes, and when: what `metadata.managedFields` records.
struct Author
{
    std::string manager;
    std::string subresource; ///< "status", or "" for the object itself
    std::string time;        ///< RFC 3339
};

/// \p after with the managed fields that follow when \p author wrote it over \p before (null when created): what
/// changed belongs to its Update entry and to no other manager's; what went away belongs to nobody.
object::Object withUpdateRecorded(const object::Object &before, const object::Object &after, const Author &author);

/// What server-side apply does with the fields of others.
enum class Conflicts {
    Refused,   ///< 409 that lists every field
    TakenOver, ///< `force=true`
};

/// \p live (null: nothing is there yet) after server-side apply of \p config by \p author. Fields that the author
/// applied before and \p config has no longer go, unless another manager owns them. Built-in kinds are merged by
/// their schema, others by what their values show. Errors: 409 Conflict with a cause for each field that another
/// manager owns with another value.
Answer<object::Object> applied(const Resource &resource, const object::Object &live, const object::Object &config,
                               const Author &author, Conflicts conflicts);

} // namespace tiphys::demo
