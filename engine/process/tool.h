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
    std::vector<std::string> arguments; ///< the program (looked up in PATH) first
    std::string folder;                 ///< it runs here; "" is ours
    std::vector<std::pair<std::string, std::string>> environment; ///< set in addition to ours
    int milliseconds = 90'000;          ///< as Argo CD gives its tools
    std::size_t limitBytes = std::size_t(256) << 20; ///< of output and errors together
};

struct ToolResult
{
    int exitCode = 0; ///< 128 + number after a signal
    std::string output;
    std::string errors;
};

/// Runs \p command without input and waits for it. Errors: NotFound (no such program), Timeout and LimitExceeded (it was
/// killed), Unavailable; Unsupported on Windows. Any exit code is a result.
Expected<ToolResult> runTool(const ToolCommand &command);

/// The path of \p name in PATH; nothing if there is no such program.
std::optional<std::string> toolPath(const std::string &name);

} // namespace tiphys::process
