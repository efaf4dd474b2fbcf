// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/shown_app.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/online/tables.h"
#include "object/json.h"
#include "object/text_place.h"
#include "object/yaml.h"

namespace tiphys::cli {

using object::Object;
using object::Value;
using service::AppRow;

std::string shortRevision(const std::string &revision)
{
    return revision.size() == 40 ? revision.substr(0, 7) : revision;
}

std::string operationText(const AppRow &row)
{
    if (row.isOperationRequested)
        return "requested";
    return std::string(service::word(row.operation));
}

Value computedValue(const AppRow &row, const control::ReconcilerChoice &choice)
{
    return Value::map({{"context", row.id.context},
                       {"reconciler", service::word(choice.reconciler)},
                       {"reconcilerReason", choice.reason},
                       {"cause", row.cause},
                       {"sync", service::word(row.sync)},
                       {"health", service::word(row.health)}});
}

Value shownObject(const Object &object)
{
    return object.value().withoutPath({"metadata", "managedFields"});
}

void printStored(const std::vector<Value> &values, Output output, bool isList)
{
    if (output == Output::Yaml) {
        for (std::size_t i = 0; i < values.size(); ++i)
            print((i > 0 ? "---\n" : "") + object::toYaml(values[i]));
        return;
    }
    const Value shown = isList ? Value::list(values) : values.front();
    print(object::toJson(shown, {.style = object::JsonStyle::Indented}) + "\n");
}

std::string comparisonProblem(const control::Evaluation &evaluation)
{
    if (evaluation.renderError)
        return object::textWithPlace(*evaluation.renderError);
    if (!evaluation.comparison.couldNotLoad)
        return {};
    for (const crd::Condition &condition : evaluation.comparison.conditions) {
        if (condition.severity() == crd::ConditionSeverity::Error)
            return condition.message;
    }
    return "the application could not be compared";
}

std::string resultTable(const crd::OperationState &state)
{
    if (!state.syncResult || state.syncResult->resources.empty())
        return {};
    std::vector<std::vector<std::string>> rows{
        {"PHASE", "GROUP", "KIND", "NAMESPACE", "NAME", "STATUS", "HOOK", "MESSAGE"}};
    for (const crd::ResourceResult &result : state.syncResult->resources)
        rows.push_back({result.syncPhase, result.group, result.kind, result.ns, result.name,
                        std::string(crd::text(result.status)),
                        result.hookType.empty() ? "" : std::string(crd::text(result.hookPhase)), result.message});
    return tableText(rows);
}

namespace {

/// Details, health message and cause of one line of the tree.
std::string treeNote(const service::TreeNode &node)
{
    std::string note = node.info;
    for (const std::string &part : {node.healthMessage, node.podTrouble}) {
        if (!part.empty())
            note += (note.empty() ? "" : "  ") + std::string(trimmed(part));
    }
    return note;
}

} // namespace

void printTree(const control::TreeView &view, std::optional<std::int64_t> now)
{
    std::vector<int> depths;
    std::vector<std::vector<std::string>> rows{{"RESOURCE", "SYNC", "HEALTH", "INFO"}};
    if (now)
        rows.front().insert(rows.front().end() - 1, "AGE");
    for (const service::TreeNode &node : view.nodes) {
        depths.push_back(node.parent < 0 ? 0 : depths[static_cast<std::size_t>(node.parent)] + 1);
        const std::string indent(static_cast<std::size_t>(depths.back()) * 2, ' ');
        rows.push_back({indent + (node.isOrphaned ? "(orphan) " : "") + node.key.kind + " " + node.key.name,
                        node.hasSync ? std::string(service::word(node.sync)) : "",
                        node.isNotAssessed ? "not assessed" : std::string(service::word(node.health)), treeNote(node)});
        if (now)
            rows.back().insert(rows.back().end() - 1, ageText(node.created, *now));
    }
    print(tableText(rows));
}

Async<void> shownTree(OnlineSession &session, NamedApp named, Output output, CancelToken cancel)
{
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateReadable(session, named, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    printTree(treeOf(named, **evaluation),
              output == Output::DetailedTree ? std::optional(session.clock()->now()) : std::nullopt);
    co_return {};
}

} // namespace tiphys::cli
