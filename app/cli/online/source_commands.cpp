// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "control/source_change.h"
#include "object/json.h"
#include "object/yaml.h"
#include "store/folder_tree.h"

#include <cstdio>

namespace tiphys::cli {

using Command = Invocation::Command;

namespace {

/// The place of the source that the flags name: 0 for the only one. Errors: InvalidInput, NotFound.
Expected<int> positionOf(const crd::ApplicationSpec &spec, const SourceFlags &flags)
{
    if (flags.name.empty())
        return flags.position < 0 ? 0 : flags.position;
    for (std::size_t i = 0; i < spec.sources.size(); ++i) {
        if (spec.sources[i].name == flags.name)
            return static_cast<int>(i) + 1;
    }
    return failure(ErrorCode::NotFound, "the application has no source named '" + flags.name + "'");
}

/// The source that \p invocation makes of \p source.
Expected<crd::ApplicationSource> changedSource(const crd::ApplicationSource &source, const Invocation &invocation, std::string_view statusType)
{
    const SourceFlags &flags = invocation.source;
    if (invocation.command == Command::AppUnset) {
        if (flags.removal.isEmpty())
            return failure(ErrorCode::InvalidInput, "say at least one parameter to take away");
        return crd::without(source, flags.removal);
    }
    crd::SourceEdit edit = flags.edit;
    if (!flags.valuesFile.empty()) {
        const Expected<std::string> text = store::fileContent(flags.valuesFile);
        if (!text)
            return std::unexpected(text.error());
        edit.values = *text;
    }
    if (edit.isEmpty())
        return failure(ErrorCode::InvalidInput, "say at least one parameter to set");
    return crd::edited(source, edit, statusType);
}

void printChange(const control::SourceChange &change, const object::Object &stored, const Invocation &invocation)
{
    const bool isDryRun = invocation.app.isDryRun;
    if (invocation.output == Output::Json)
        return print(object::toJson(stored.value(), {.style = object::JsonStyle::Indented, .order = object::KeyOrder::Kept}) + "\n");
    if (invocation.output == Output::Yaml)
        return print(object::toYaml(stored.value()));
    const std::string name = "application " + std::string(change.app.ns()) + "/" + std::string(change.app.name());
    if (change.isEmpty())
        return print(name + " has these parameters already\n");
    if (isDryRun)
        print("# JSON Patch of " + name + "\n" + object::toYaml(change.patch));
    print(name + (isDryRun ? ": the server would accept it; nothing was changed\n" : " updated\n"));
}

} // namespace

Async<int> runAppSource(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const crd::Application &app = named->app;
    const Expected<int> position = positionOf(app.spec, invocation.source);
    if (!position)
        co_return std::unexpected(position.error());
    const Expected<crd::ApplicationSource> source = crd::sourceAt(app.spec, *position);
    if (!source)
        co_return std::unexpected(source.error());
    const Expected<crd::ApplicationSource> changed = changedSource(*source, invocation, app.status.sourceType);
    if (!changed)
        co_return std::unexpected(changed.error());
    const Expected<control::SourceChange> change =
        co_await control::plannedSourceChange(named->session->cluster(), app, *position, *changed, cancel);
    if (!change)
        co_return std::unexpected(change.error());
    for (const std::string &warning : change->warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
    const ports::DryRun dryRun = invocation.app.isDryRun ? ports::DryRun::All : ports::DryRun::No;
    const Expected<crd::Application> stored =
        co_await control::writeSourceChange(named->session->cluster(), *change, dryRun, cancel);
    if (!stored)
        co_return std::unexpected(stored.error());
    printChange(*change, stored->object, invocation);
    co_return 0;
}

} // namespace tiphys::cli
