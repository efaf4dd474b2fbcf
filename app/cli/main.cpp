// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/invocation.h"
#include "cli/module.h"

#include <cstdio>
#include <string_view>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

using namespace tiphys::cli;

namespace {

/// A command that ends soon uses memory again instead of giving it back: getting it costs more than most of the work.
void keepMemory()
{
#if defined(__GLIBC__)
    constexpr int kMost = 32 << 20;
    mallopt(M_MMAP_THRESHOLD, kMost);
    mallopt(M_TRIM_THRESHOLD, kMost);
    mallopt(M_TOP_PAD, 1 << 20);
#endif
}

int run(const char *program, const Invocation &invocation)
{
    using Command = Invocation::Command;
    switch (invocation.command) {
    case Command::None: return 0;
    case Command::Health: return runHealth(program, invocation);
    case Command::Actions: return runActions(program, invocation);
    case Command::RolloutLint: return runRolloutLint(invocation);
    case Command::RolloutSimulate: return runRolloutSimulate(invocation);
    case Command::Worker: return runModule(program, "worker", invocation);
    case Command::Render:
        keepMemory();
        if (invocation.render.fetch.isAllowed)
            return runModule(program, "fetch", invocation);
        return invocation.render.repository.empty() ? runRender(invocation) : runModule(program, "git", invocation);
    case Command::Diff:
        keepMemory();
        return runModule(program, invocation.diff.fetch.isAllowed ? "fetch" : "git", invocation);
    case Command::Demo: return runModule(program, "demo", invocation);
    default: return runModule(program, "online", invocation);
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 2 && std::string_view(argv[1]) == "--version") {
        std::puts(TIPHYS_VERSION);
        return finished(0);
    }
    const ParsedCommandLine parsed = parseCommandLine({argv + 1, argv + argc});
    std::fputs(parsed.standardOutput.c_str(), stdout);
    std::fputs(parsed.standardError.c_str(), stderr);
    if (parsed.isFinished)
        return finished(parsed.exitCode);
    using Command = Invocation::Command;
    const Command command = parsed.invocation.command;
    const int code = run(argv[0], parsed.invocation);
    return finished(code, command == Command::Diff || command == Command::AppDiff ? 2 : 1);
}
