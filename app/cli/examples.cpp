// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/examples.h"

#include <CLI/CLI.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace tiphys::cli {

namespace {

/// Words of a command, and what to type; one example a line.
constexpr auto kExamples = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"app list", "tiphysctl app list -A -l team=web\ntiphysctl app list --project web -o name\ntiphysctl app list "
                 "--all-contexts -o json"},
    {"app get", "tiphysctl app get shop\ntiphysctl app get shop --show-params --show-operation\ntiphysctl app get "
                "team-a/shop --computed -o yaml"},
    {"app resources", "tiphysctl app resources shop\ntiphysctl app resources shop --orphaned"},
    {"app tree", "tiphysctl app tree shop"},
    {"app manifests",
     "tiphysctl app manifests shop --revision v1.4.0\n"
     "tiphysctl app manifests shop --revisions v2 --source-names web --revisions v3 --source-names values"},
    {"app diff",
     "tiphysctl app diff shop\ntiphysctl app diff shop --revision feature -o json\ntiphysctl app diff shop --local "
     "./apps/shop\n"
     "tiphysctl app diff shop --local . --server-side-generate --local-include '*.yaml' --local-include '*.json'\n"
     "tiphysctl app diff shop --revisions v2 --source-positions 1"},
    {"app sync",
     "tiphysctl app sync shop --prune\ntiphysctl app sync shop --dry-run\n"
     "tiphysctl app sync shop --resource apps:Deployment:web --yes\ntiphysctl app sync -l team=web --retry-limit 3\n"
     "tiphysctl app sync shop --revisions v2 --source-positions 1"},
    {"app wait", "tiphysctl app wait shop --health --timeout 300\ntiphysctl app wait -l team=web\n"
                 "tiphysctl app wait shop --resource apps:Deployment:web --health"},
    {"app history", "tiphysctl app history shop"},
    {"app rollback", "tiphysctl app rollback shop\ntiphysctl app rollback shop 4 --prune"},
    {"app refresh", "tiphysctl app refresh shop --hard --wait"},
    {"app terminate", "tiphysctl app terminate shop"},
    {"app delete",
     "tiphysctl app delete shop --cascade foreground --wait\ntiphysctl app delete shop --cascade none --yes\n"
     "tiphysctl app delete -l team=web --yes"},
    {"app create",
     "tiphysctl app create -f shop.yaml\n"
     "tiphysctl app create shop --repo https://git.example.com/config.git --path apps/shop --dest-namespace shop\n"
     "tiphysctl app create web --repo https://charts.example.com --helm-chart web --revision 1.2.3 --helm-set "
     "replicas=2 --upsert"},
    {"app logs",
     "tiphysctl app logs shop --resource apps:Deployment:web -f\ntiphysctl app logs shop -c web --since 10m --tail -1\n"
     "tiphysctl app logs shop -p\ntiphysctl app logs shop --kind Deployment --all-containers --filter error"},
    {"app get-resource",
     "tiphysctl app get-resource shop --kind Deployment --resource-name web -o yaml\n"
     "tiphysctl app get-resource shop --kind Pod --filter-fields status.podIP,spec.containers.image"},
    {"app patch-resource",
     "tiphysctl app patch-resource shop --kind Deployment --resource-name web --patch '{\"spec\":{\"replicas\":3}}'\n"
     "tiphysctl app patch-resource shop --kind ConfigMap --all --patch-type application/json-patch+json "
     "--patch '[{\"op\":\"add\",\"path\":\"/data/a\",\"value\":\"b\"}]'"},
    {"app delete-resource", "tiphysctl app delete-resource shop --kind Job --resource-name migrate\n"
                            "tiphysctl app delete-resource shop --kind Deployment --resource-name web --orphan"},
    {"rollout list", "tiphysctl rollout list -A\ntiphysctl rollout list -n shop,blog -w"},
    {"rollout get", "tiphysctl rollout get web -n shop -w"},
    {"rollout status", "tiphysctl rollout status web -n shop --timeout 600"},
    {"rollout promote", "tiphysctl rollout promote web -n shop\ntiphysctl rollout promote web -n shop --full"},
    {"rollout pause", "tiphysctl rollout pause web -n shop"},
    {"rollout resume", "tiphysctl rollout resume web -n shop"},
    {"rollout abort", "tiphysctl rollout abort web -n shop"},
    {"rollout retry", "tiphysctl rollout retry web -n shop"},
    {"rollout restart", "tiphysctl rollout restart web -n shop --in 10m"},
    {"rollout undo", "tiphysctl rollout undo web -n shop --to-revision 3"},
    {"rollout set-image", "tiphysctl rollout set-image shop/web web=registry.example.com/web:1.2"},
    {"rollout terminate", "tiphysctl rollout terminate analysisrun web-7d4b9c6f5-2 -n shop"},
    {"rollout lint", "tiphysctl rollout lint -f rollout.yaml"},
    {"rollout simulate", "tiphysctl rollout simulate -f rollout.yaml --fail-analysis success-rate"},
    {"analysis list", "tiphysctl analysis list -A"},
    {"experiment list", "tiphysctl experiment list -n shop"},
    {"experiment get", "tiphysctl experiment get web-compare -n shop"},
    {"engine run",
     "tiphysctl engine run -n argocd\ntiphysctl engine run --once --app shop\ntiphysctl engine run --rollouts"},
    {"cluster list", "tiphysctl cluster list"},
    {"admin install-crds", "tiphysctl admin install-crds --context staging --dry-run"},
    {"demo", "tiphysctl demo --port 8001"},
    {"completion", "tiphysctl completion bash > ~/.local/share/bash-completion/completions/tiphysctl"},
    {"man", "tiphysctl man | man -l -"},
});

std::string shown(std::string_view lines)
{
    std::string text = lines.contains('\n') ? "Examples:\n  " : "Example:\n  ";
    for (const char character : lines) {
        text += character;
        if (character == '\n')
            text += "  ";
    }
    return text;
}

void addBelow(CLI::App &app, const std::string &words)
{
    for (CLI::App *sub : app.get_subcommands([](CLI::App *) { return true; })) {
        const std::string path = words.empty() ? sub->get_name() : words + " " + sub->get_name();
        addBelow(*sub, path);
        for (const auto &[command, lines] : kExamples) {
            if (command == path)
                sub->footer(sub->get_footer() + (sub->get_footer().empty() ? "" : "\n\n") + shown(lines));
        }
    }
}

} // namespace

void addExamples(CLI::App &root)
{
    addBelow(root, "");
}

} // namespace tiphys::cli
