// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::process {

/// A program of this machine that is run once, such as helm.
struct ToolCommand
{
    std::vector<std::string> arguments; ///< the program first: a name in PATH, or a path, seen from \c folder
    std::string folder;                 ///< it runs here; "" is ours
    std::vector<std::pair<std::string, std::string>> environment; ///< set in addition to ours
    int milliseconds = 90'000;                                    ///< as Argo CD gives its tools
    int graceMilliseconds = 0;                       ///< once its time is over: between asking it to end and killing it
    std::size_t limitBytes = std::size_t(256) << 20; ///< of output and errors together
};

struct ToolResult
{
    int exitCode = 0; ///< 128 + number after a signal
    std::string output;
    std::string errors;
};

/// Runs \p command without input and without a shell, and waits for it. What it started and left behind is killed with it;
/// only what it printed until its end counts. Errors: NotFound (no such program), Timeout and LimitExceeded (it was
/// killed), Unavailable; Unsupported on Windows. Any exit code is a result.
Expected<ToolResult> runTool(const ToolCommand &command);

/// The path of \p name in PATH, or of the path \p name seen from \p folder; nothing if there is no such program.
std::optional<std::string> toolPath(const std::string &name, const std::string &folder = {});

} // namespace tiphys::process
