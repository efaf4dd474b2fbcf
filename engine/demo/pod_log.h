// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/refusal.h"
#include "object/object.h"
#include "ports/clock.h"

#include <string>
#include <string_view>

namespace tiphys::demo {

struct LogOptions
{
    std::string container = {};  ///< "": the only ordinary one
    std::int64_t tailLines = -1; ///< -1 for all
    bool hasTimestamps = false;
    bool isPrevious = false;        ///< of the container before its last restart
    std::int64_t sinceSeconds = -1; ///< not older than this; -1 for all
    std::int64_t firstLine = 0;     ///< numbered since the start; where a log that is followed goes on
    ports::WallTime now = 0;
};

/// Lines that the containers of \p pod have written until \p now.
std::int64_t podLogLines(const object::Object &pod, ports::WallTime now);

/// True once \p container, an init container of \p pod, is done: nothing more comes of it.
bool isInitLogOver(const object::Object &pod, std::string_view container);

/// What a container of \p pod has written since it started: one line every ten seconds, at most the last 500. An init container
/// that is no sidecar writes two. Errors: 400 for an unknown container, one that must be named, one that has not started, and one that has not been
/// restarted if what it was before is asked for.
Answer<std::string> podLog(const object::Object &pod, const LogOptions &options);

} // namespace tiphys::demo
