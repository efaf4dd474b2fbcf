// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/builtin.h"

#include "action/rules.h"
#include "action/script_tables.h"
#include "base/text.h"

#include <algorithm>

namespace tiphys::action {

using object::Value;

namespace {

const KindActions *actionsOf(const object::GroupKind &kind)
{
    for (const std::span<const KindActions> rows :
         {workloadActions(), argoActions(), fluxActions(), numaActions(), operatorActions()}) {
        const auto found = std::ranges::find_if(
            rows, [&](const KindActions &row) { return row.group == kind.group && row.kind == kind.kind; });
        if (found != rows.end())
            return &*found;
    }
    return nullptr;
}

} // namespace

bool hasBuiltinActions(const object::GroupKind &kind)
{
    return actionsOf(kind) != nullptr;
}

Expected<std::vector<ResourceAction>> builtinActions(const object::Object &object)
{
    const KindActions *row = actionsOf(object.groupKind());
    if (!row)
        return std::vector<ResourceAction>();
    ScriptObject view(object);
    Offers offers(view);
    row->discover(offers);
    if (const Expected<void> outcome = view.outcome(); !outcome)
        return std::unexpected(outcome.error());
    return std::move(offers).sorted();
}

Expected<std::vector<ImpactedResource>> runBuiltin(const object::Object &object, std::string_view name,
                                                   const RunOptions &options)
{
    const KindActions *row = actionsOf(object.groupKind());
    const NamedAction *action = nullptr;
    if (row) {
        const auto found = std::ranges::find(row->actions, name, &NamedAction::name);
        action = found != row->actions.end() ? &*found : nullptr;
    }
    if (!action)
        return failure(ErrorCode::NotFound,
                       std::string(object.kind()) + " has no built-in action " + tiphys::quoted(name));
    ScriptObject changed(object);
    Run run{changed, options, {}};
    action->perform(run);
    const Expected<Value> result = changed.result();
    if (!result)
        return std::unexpected(result.error());
    std::vector<ImpactedResource> impacted;
    for (const Value &created : run.created)
        impacted.push_back({Operation::Create, object::Object(scriptResult(created))});
    if (impacted.empty())
        impacted.push_back({Operation::Patch, object::Object(restoredMaps(*result, object.value()))});
    return impacted;
}

} // namespace tiphys::action
