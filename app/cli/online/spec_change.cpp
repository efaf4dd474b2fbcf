// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/spec_change.h"

#include "cli/commands.h"
#include "cli/online/spec_validation.h"
#include "control/source_change.h"
#include "object/json.h"
#include "object/yaml.h"

#include <cstdio>

namespace tiphys::cli {

namespace {

bool isOfParameters(Invocation::Command command)
{
    return command == Invocation::Command::AppSet || command == Invocation::Command::AppUnset;
}

void printChange(const control::SourceChange &change, const object::Object &stored, const Invocation &invocation)
{
    const bool isDryRun = invocation.app.isDryRun;
    if (invocation.output == Output::Json)
        return print(
            object::toJson(stored.value(), {.style = object::JsonStyle::Indented, .order = object::KeyOrder::Kept})
            + "\n");
    if (invocation.output == Output::Yaml)
        return print(object::toYaml(stored.value()));
    const std::string name = "application " + std::string(change.app.ns()) + "/" + std::string(change.app.name());
    if (change.isEmpty())
        return print(name
                     + (isOfParameters(invocation.command) ? " has these parameters already\n" : " is so already\n"));
    if (isDryRun)
        print("# JSON Patch of " + name + "\n" + object::toYaml(change.patch));
    print(name + (isDryRun ? ": the server would accept it; nothing was changed\n" : " updated\n"));
}

} // namespace

Async<int> specChanged(OnlineSession &session, NamedApp named, object::Value patch, const Invocation &invocation,
                       CancelToken cancel)
{
    const Expected<control::SourceChange> change =
        co_await control::plannedSpecChange(named.session->cluster(), named.app, patch, cancel);
    if (!change)
        co_return std::unexpected(change.error());
    // Nobody would write it: what else is wrong with it does not matter.
    if (!change->refusal.empty())
        co_return failure(ErrorCode::Denied, change->refusal);
    if (!change->isEmpty()) {
        const Expected<crd::Application> after = crd::applicationOf(change->after);
        if (!after)
            co_return std::unexpected(after.error());
        const Expected<void> checked = co_await validated(session, named.session, *after, invocation, cancel);
        if (!checked)
            co_return std::unexpected(checked.error());
    }
    for (const std::string &warning : change->warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
    const ports::DryRun dryRun = invocation.app.isDryRun ? ports::DryRun::All : ports::DryRun::No;
    const Expected<crd::Application> stored =
        co_await control::writeSourceChange(named.session->cluster(), *change, dryRun, cancel);
    if (!stored)
        co_return std::unexpected(stored.error());
    printChange(*change, stored->object, invocation);
    co_return 0;
}

} // namespace tiphys::cli
