// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/operation_patch.h"

namespace tiphys::sync {

using object::Value;

std::optional<Value> statePatch(const crd::Application &app, const crd::OperationState &state)
{
    const Value written = crd::toValue(state);
    const Value stored = app.object.path({"status", "operationState"});
    if (written == stored)
        return std::nullopt;
    Value patched = written;
    if (!stored["finishedAt"].isNull() && state.finishedAt.empty())
        patched = patched.with("finishedAt", nullptr);
    Value patch = Value::map({{"status", Value::map({{"operationState", patched}})}});
    if (crd::isCompleted(state.phase))
        patch = patch.with("operation", nullptr);
    return patch;
}

std::vector<crd::HistoryEntry> historyWith(const crd::Application &app, const crd::OperationState &state,
                                           const Deployed &deployed, crd::Timestamp now)
{
    std::vector<crd::HistoryEntry> history = app.status.history;
    crd::HistoryEntry entry;
    entry.id = history.empty() ? 0 : history.back().id + 1;
    if (deployed.hasMultipleSources) {
        entry.revisions = deployed.revisions;
        entry.sources = deployed.sources;
    } else {
        entry.revision = deployed.revision;
        entry.source = deployed.source;
    }
    entry.deployedAt = now.text();
    entry.deployStartedAt = state.startedAt;
    entry.initiatedBy = state.operation.initiatedBy;
    history.push_back(std::move(entry));
    const auto limit = static_cast<std::size_t>(app.spec.effectiveHistoryLimit());
    if (history.size() > limit)
        history.erase(history.begin(), history.end() - static_cast<std::ptrdiff_t>(limit));
    return history;
}

Value historyPatch(const std::vector<crd::HistoryEntry> &history)
{
    std::vector<Value> entries;
    for (const crd::HistoryEntry &entry : history)
        entries.push_back(crd::toValue(entry));
    return Value::map({{"status", Value::map({{"history", Value::list(entries)}})}});
}

} // namespace tiphys::sync
