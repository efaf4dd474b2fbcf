// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/named_file.h"
#include "cli/online/commands.h"
#include "cli/online/spec_change.h"
#include "crd/application_patch.h"
#include "crd/source_edit.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <utility>

namespace tiphys::cli {

using Command = Invocation::Command;
using object::Value;

Expected<crd::SourceEdit> sourceEditOf(const SourceFlags &flags)
{
    crd::SourceEdit edit = flags.edit;
    if (!flags.valuesFile.empty()) {
        const Expected<std::string> text = namedFile(flags.valuesFile, "Helm values", "--values-literal-file");
        if (!text)
            return std::unexpected(text.error());
        edit.values = *text;
    }
    return edit;
}

namespace {

/// The patch of the source that \p flags change; an empty list where they change none.
Expected<Value> sourcePatchOf(const crd::Application &app, const SourceFlags &flags, bool isRemoval)
{
    const Expected<crd::SourceEdit> edit = isRemoval ? crd::SourceEdit{} : sourceEditOf(flags);
    if (!edit)
        return std::unexpected(edit.error());
    if (isRemoval ? flags.removal.isEmpty() : edit->isEmpty())
        return Value::list(std::vector<Value>());
    const Expected<int> position = sourcePositionOf(app.spec, flags);
    if (!position)
        return std::unexpected(position.error());
    const Expected<crd::ApplicationSource> source = crd::sourceAt(app.spec, *position);
    if (!source)
        return std::unexpected(source.error());
    const crd::SourcePlace place = crd::sourcePlaceOf(app.spec);
    const Expected<crd::ApplicationSource> changed = isRemoval
                                                         ? crd::without(*source, flags.removal, place)
                                                         : crd::edited(*source, *edit, app.status.sourceType, place);
    if (!changed)
        return std::unexpected(changed.error());
    return crd::sourcePatch(app.spec, *position, *changed);
}

/// The patch that puts one more source behind those of \p app.
Expected<Value> additionOf(const crd::Application &app, const SourceFlags &flags)
{
    const Expected<crd::SourceEdit> edit = sourceEditOf(flags);
    if (!edit)
        return std::unexpected(edit.error());
    crd::ApplicationSource empty;
    empty.name = flags.name;
    const Expected<crd::ApplicationSource> added =
        crd::edited(std::move(empty), *edit, app.status.sourceType, crd::SourcePlace::OneOfSeveral);
    if (!added)
        return std::unexpected(added.error());
    return crd::sourceAdditionPatch(app, *added);
}

/// The patch that takes a source of \p app away.
Expected<Value> removalOf(const crd::Application &app, const SourceFlags &flags)
{
    const Expected<int> position = sourcePositionOf(app.spec, flags);
    if (!position)
        return std::unexpected(position.error());
    return crd::sourceRemovalPatch(app, *position);
}

/// One patch of everything that \p invocation changes.
Expected<Value> patchOf(const crd::Application &app, const Invocation &invocation)
{
    const SourceFlags &flags = invocation.source;
    if (invocation.command == Command::AppAddSource)
        return additionOf(app, flags);
    if (invocation.command == Command::AppRemoveSource)
        return removalOf(app, flags);
    const bool isRemoval = invocation.command == Command::AppUnset;
    const Expected<Value> source = sourcePatchOf(app, flags, isRemoval);
    if (!source)
        return source;
    const Expected<Value> spec = crd::edited(app.spec.value, flags.spec);
    if (!spec)
        return spec;
    const Value &before = app.object.value();
    const Value rest = crd::applicationPatch(before, before.with("spec", *spec));
    std::vector<Value> operations(source->items().begin(), source->items().end());
    std::ranges::copy(rest.items(), std::back_inserter(operations));
    return Value::list(operations);
}

void warnOfFlagsWithoutEffect(const crd::SpecEdit &edit)
{
    if ((edit.retryDuration || edit.retryMaxDuration || edit.retryFactor) && edit.retryLimit.value_or(0) <= 0)
        std::fputs("warning: --sync-retry-backoff-… counts only together with --sync-retry-limit above 0\n", stderr);
}

} // namespace

Async<int> runAppSource(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const crd::Application &app = named->app;
    const Expected<Value> patch = patchOf(app, invocation);
    if (!patch)
        co_return std::unexpected(patch.error());
    warnOfFlagsWithoutEffect(invocation.source.spec);
    const Expected<int> code = co_await specChanged(session, *named, *patch, invocation, cancel);
    co_return code;
}

} // namespace tiphys::cli
