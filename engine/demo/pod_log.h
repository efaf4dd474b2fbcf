// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/refusal.h"
#include "object/object.h"
#include "ports/clock.h"

#include <string>

namespace tiphys::demo {

struct LogOptions
{
    std::string container;       ///< "": the only one
    std::int64_t tailLines = -1; ///< -1 for all
    bool hasTimestamps = false;
    ports::WallTime now = 0;
};

/// What a container of \p pod has written since it started: one line every ten seconds, at most 500.
/// Errors: 400 for an unknown container, one that must be named, and one that has not started.
Answer<std::string> podLog(const object::Object &pod, const LogOptions &options);

} // namespace tiphys::demo
