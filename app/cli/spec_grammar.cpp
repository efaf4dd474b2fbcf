// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grammar.h"
#include "cli/time_option.h"

namespace tiphys::cli {

namespace {

constexpr const char *kDestination = "Destination and project";
constexpr const char *kPolicy = "Sync policy";
constexpr const char *kHydrator = "Source hydrator";

void addTime(CLI::App *command, const std::string &name, std::optional<crd::Duration> &place, const std::string &help)
{
    addGoTime(command, name, [&place](const crd::Duration &time) { place = time; }, help)->group(kPolicy);
}

void addDestination(CLI::App *command, crd::SpecEdit &edit)
{
    command->add_option("--project", edit.project, "Project")->option_text("PROJECT")->group(kDestination);
    command->add_option("--dest-server", edit.destinationServer, "Destination's address; \"\" takes it away")
        ->option_text("URL")
        ->group(kDestination);
    command
        ->add_option("--dest-name", edit.destinationName,
                     "Destination's name, instead of its address; \"\" takes it away")
        ->option_text("NAME")
        ->group(kDestination);
    command->add_option("--dest-namespace", edit.destinationNamespace, "Destination namespace")
        ->option_text("NAMESPACE")
        ->group(kDestination);
    command->add_option("--revision-history-limit", edit.revisionHistoryLimit, "Entries of the history that are kept")
        ->option_text("COUNT")
        ->group(kDestination);
}

void addPolicy(CLI::App *command, crd::SpecEdit &edit)
{
    command->add_option("--sync-policy", edit.syncPolicy, "none or auto; auto begins without pruning and self-heal")
        ->check(CLI::IsMember({"none", "manual", "auto", "automated", "automatic"}))
        ->option_text("POLICY")
        ->group(kPolicy);
    command->add_flag("--auto-prune", edit.prunes, "Automated sync deletes what is no longer in Git; =false does not")
        ->group(kPolicy);
    command->add_flag("--self-heal", edit.selfHeals, "Automated sync undoes changes in the cluster; =false does not")
        ->group(kPolicy);
    command->add_flag("--allow-empty", edit.allowsEmpty, "Automated sync may delete everything; =false may not")
        ->group(kPolicy);
    command->add_option("--sync-option", edit.syncOptions, "Sync option, KEY=VALUE; !KEY=VALUE takes it away")
        ->option_text("OPTION")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group(kPolicy);
    command->add_option("--sync-retry-limit", edit.retryLimit, "How often a failed sync is tried again; 0: not")
        ->option_text("COUNT")
        ->group(kPolicy);
    addTime(command, "--sync-retry-backoff-duration", edit.retryDuration, "Time before the first retry (5s)");
    addTime(command, "--sync-retry-backoff-max-duration", edit.retryMaxDuration, "Longest time between retries (3m0s)");
    command->add_option("--sync-retry-backoff-factor", edit.retryFactor, "What the time grows by each time (2)")
        ->option_text("FACTOR")
        ->group(kPolicy);
    command
        ->add_flag("--sync-retry-refresh", edit.retryRefresh, "A retry takes the newest revision; =false the first one")
        ->group(kPolicy);
}

void addHydrator(CLI::App *command, crd::SpecEdit &edit)
{
    const auto add = [command](const char *name, std::optional<std::string> &place, const char *help,
                               const char *form) {
        command->add_option(name, place, help)->option_text(form)->group(kHydrator);
    };
    add("--dry-source-repo", edit.dryRepoUrl, "Repository of the dry source", "URL");
    add("--dry-source-revision", edit.dryRevision, "Revision of the dry source", "REV");
    add("--dry-source-path", edit.dryPath, "Folder of the dry source", "PATH");
    add("--sync-source-branch", edit.syncBranch, "Branch that is synced", "BRANCH");
    add("--sync-source-path", edit.syncPath, "Folder that is synced", "PATH");
    add("--hydrate-to-branch", edit.hydrateToBranch, "Branch that is hydrated to; \"\" is the one that is synced",
        "BRANCH");
}

} // namespace

void addSpecOptions(CLI::App *command, crd::SpecEdit &edit)
{
    addDestination(command, edit);
    addPolicy(command, edit);
    addHydrator(command, edit);
}

} // namespace tiphys::cli
