// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/shown_app.h"
#include "cli/online/tables.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::cli {

using object::Value;

namespace {

/// \p view with its orphans alone.
control::TreeView orphansOf(const control::TreeView &view)
{
    control::TreeView orphans;
    std::vector<int> places(view.nodes.size(), -1);
    for (std::size_t i = 0; i < view.nodes.size(); ++i) {
        if (!view.nodes[i].isOrphaned)
            continue;
        places[i] = static_cast<int>(orphans.nodes.size());
        orphans.nodes.push_back(view.nodes[i]);
        int &parent = orphans.nodes.back().parent;
        parent = parent < 0 ? parent : places[static_cast<std::size_t>(parent)];
    }
    return orphans;
}

/// One line a resource, as `argocd app resources` lists them.
void printResources(const control::TreeView &view)
{
    std::vector<std::vector<std::string>> rows{{"GROUP", "KIND", "NAMESPACE", "NAME", "SYNC", "HEALTH", "ORPHANED"}};
    for (const service::TreeNode &node : view.nodes) {
        rows.push_back({node.key.group, node.key.kind, node.key.ns, node.key.name,
                        node.hasSync ? std::string(service::word(node.sync)) : "",
                        std::string(service::word(node.health)), node.isOrphaned ? "Yes" : "No"});
    }
    print(tableText(rows));
}

} // namespace

Async<int> runAppTree(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateReadable(session, *named, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    const control::TreeView all = treeOf(*named, **evaluation);
    const control::TreeView view = invocation.app.areOrphansOnly ? orphansOf(all) : all;
    if (invocation.output == Output::Json || invocation.output == Output::Yaml) {
        std::vector<Value> nodes;
        for (const service::TreeNode &node : view.nodes)
            nodes.push_back(Value::map({{"group", node.key.group},
                                        {"version", node.version},
                                        {"kind", node.key.kind},
                                        {"namespace", node.key.ns},
                                        {"name", node.key.name},
                                        {"parent", node.parent},
                                        {"sync", node.hasSync ? service::word(node.sync) : std::string_view()},
                                        {"health", service::word(node.health)},
                                        {"healthMessage", node.healthMessage},
                                        {"podTrouble", node.podTrouble},
                                        {"notAssessed", node.isNotAssessed},
                                        {"info", node.info},
                                        {"orphaned", node.isOrphaned}}));
        printValue(Value::list(nodes), invocation.output);
        co_return 0;
    }
    const bool isList = invocation.command == Invocation::Command::AppResources && !isTree(invocation.output);
    if (isList)
        printResources(view);
    else
        printTree(view,
                  invocation.output == Output::DetailedTree ? std::optional(session.clock()->now()) : std::nullopt);
    if (const std::string problem = comparisonProblem(**evaluation); !problem.empty())
        fail(Error(ErrorCode::Unavailable, "desired state: " + problem));
    co_return 0;
}

} // namespace tiphys::cli
