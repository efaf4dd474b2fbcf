// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/request.h"
#include "object/object.h"
#include "ports/clock.h"

#include <vector>

namespace tiphys::demo {

/// \p objects as a `Table` (meta.k8s.io/v1): the columns that `kubectl get` prints for the kind, those of its
/// definition for custom kinds. \p now, in milliseconds since 1970, gives the ages.
object::Value tableOf(const Resource &resource, const std::vector<object::Object> &objects, ports::WallTime now,
                      const object::Value &listMetadata);

/// \p object without anything but its metadata, as PartialObjectMetadata.
object::Value partialMetadataOf(const object::Object &object);

/// How long ago, as kubectl prints it: "45s", "3m20s", "5h", "12d", "<unknown>" for no time.
std::string ageText(std::string_view rfc3339, ports::WallTime now);

} // namespace tiphys::demo
