// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/git_commands.h"
#include "cli/module.h"

TIPHYS_MODULE_EXPORT int tiphysModuleMain(const tiphys::cli::Invocation *invocation)
{
    using Command = tiphys::cli::Invocation::Command;
    return invocation->command == Command::Render ? tiphys::cli::renderCommit(*invocation)
                                                  : tiphys::cli::diffCommits(*invocation);
}
