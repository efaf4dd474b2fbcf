// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/spec_validation.h"

#include "control/spec_probe.h"

#include <cstdio>

namespace tiphys::cli {

using Command = Invocation::Command;
using control::SpecDepth;

namespace {

/// True for commands that take --validate.
bool hasFlag(Command command)
{
    return command == Command::AppCreate || command == Command::AppSet || command == Command::AppAddSource;
}

/// How much is looked at.
SpecDepth depthOf(const Invocation &invocation)
{
    const bool isPlain = invocation.command == Command::AppEdit || invocation.command == Command::AppUnset;
    const bool asksNobody = isPlain || (hasFlag(invocation.command) && !invocation.source.validates);
    return asksNobody ? SpecDepth::Permissions : SpecDepth::Sources;
}

void warn(const std::string &text)
{
    std::fputs(("warning: " + text + "\n").c_str(), stderr);
}

} // namespace

Async<void> validated(OnlineSession &session, control::ContextSession *home, crd::Application app,
                      const Invocation &invocation, CancelToken cancel)
{
    if (const Expected<void> checked = control::checkSpecForm(app); !checked)
        co_return std::unexpected(checked.error());
    const Expected<control::ContextSession *> destination =
        co_await session.destinationOf(app.spec.destination, home, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    const SpecDepth depth = depthOf(invocation);
    control::SpecProbe probe(*home, *destination, session.parts());
    const Expected<control::SpecFindings> findings = co_await probe.findings(app, depth, cancel);
    if (!findings)
        co_return std::unexpected(findings.error());
    const control::SpecVerdict verdict =
        depth == SpecDepth::Sources ? control::specVerdict(app, *findings) : control::permissionVerdict(app, *findings);
    const bool isDemanded = !hasFlag(invocation.command) || invocation.source.validates;
    const bool isRefused = !verdict.refusal.empty() && isDemanded;
    for (const std::string &warning : verdict.warnings)
        warn(warning);
    const std::string stored =
        std::string("; it is stored all the same")
        + (hasFlag(invocation.command) ? " (--validate=false asks no repository, and stores what is wrong too)" : "");
    for (const std::string &unchecked : verdict.unchecked)
        warn(unchecked + (isRefused || !isDemanded ? "" : stored));
    if (isRefused)
        co_return failure(ErrorCode::InvalidInput,
                          verdict.refusal
                              + (hasFlag(invocation.command) ? " (--validate=false stores it all the same)" : ""));
    if (!verdict.refusal.empty())
        warn(verdict.refusal);
    co_return {};
}

} // namespace tiphys::cli
