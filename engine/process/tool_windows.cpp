// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/tool.h"

namespace tiphys::process {

Expected<ToolResult> runTool(const ToolCommand &)
{
    return failure(ErrorCode::Unsupported, "external tools are not run on Windows");
}

std::optional<std::string> toolPath(const std::string &, const std::string &)
{
    return std::nullopt;
}

} // namespace tiphys::process
