// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grammar.h"
#include "cli/time_option.h"
#include "object/label_selector.h"

#include <array>

namespace tiphys::cli {

namespace {

class AppGrammar : GrammarParts
{
public:
    explicit AppGrammar(Invocation &invocation) : GrammarParts(invocation) {}

    void define(CLI::App *app)
    {
        app->require_subcommand(1);
        addReading(app);
        addSync(app);
        addWait(app);
        addHistory(app);
        addActs(app);
        addLogs(app);
        addActions(app);
        addSourceGrammar(*app, m_invocation);
        // Completion finds the longer of two names where it comes last.
        addResources(app);
    }

private:
    CLI::App *addCommand(CLI::App *app, const std::string &name, const std::string &help, Command command)
    {
        auto *sub = app->add_subcommand(name, help);
        addConnection(sub);
        choose(sub, command);
        return sub;
    }

    CLI::App *addNamed(CLI::App *app, const std::string &name, const std::string &help, Command command)
    {
        auto *sub = addCommand(app, name, help, command);
        sub->add_option("name", m_invocation.app.name, "Application: NAME or NAMESPACE/NAME")
            ->required()
            ->option_text("NAME");
        return sub;
    }

    /// A command on several applications, one after the other; the first failure ends it.
    CLI::App *addForSeveral(CLI::App *app, const std::string &name, const std::string &help, Command command)
    {
        auto *sub = addCommand(app, name, help, command);
        sub->add_option("name", m_invocation.app.names, "Applications: NAME or NAMESPACE/NAME each")
            ->option_text("NAME...");
        addSelector(sub, "Those with these labels: a=b,c!=d,e in (f,g),!h");
        return sub;
    }

    void addSelector(CLI::App *app, const std::string &help)
    {
        app->add_option("-l,--selector", m_invocation.app.selector, help)
            ->option_text("SELECTOR")
            ->check([](const std::string &text) {
                const bool isSelector = object::selectorRequirementsOf(text).has_value();
                return isSelector ? std::string()
                                  : "takes a label selector like a=b,c!=d,e in (f,g),!h, not '" + text + "'";
            });
    }

    void addLocal(CLI::App *app)
    {
        app->add_flag("--local-engine", m_invocation.app.localEngine,
                      "Do the work in this program (refused where an Argo CD controller is at work)");
    }

    void addAsync(CLI::App *app)
    {
        // The callback outlives these parts.
        app->add_flag_callback(
            "--async", [&flags = m_invocation.app] { flags.waits = false; },
            "Do not wait for the end of the operation");
    }

    void addTimeout(CLI::App *app)
    {
        takesTime(app->add_option("--timeout", m_invocation.app.timeoutSeconds,
                                  "Give up waiting after this time: 90 (seconds), 5m, 1h30m"));
    }

    /// For commands that have work done: how long they wait, who does it, and how they tell of it.
    void addWork(CLI::App *app)
    {
        addTimeout(app);
        addLocal(app);
        addUsualOutput(app);
    }

    /// The same where the tree of resources may be shown at the end.
    void addShownWork(CLI::App *app)
    {
        addTimeout(app);
        addLocal(app);
        addTreeOutput(app);
    }

    void addRevision(CLI::App *app)
    {
        app->add_option("--revision", m_invocation.app.revision, "Instead of the target revision")->option_text("REV");
    }

    void addRevisions(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        app->add_option("--revisions", flags.revisions,
                        "The same for one of several sources; the --source-positions or --source-names say which")
            ->option_text("REV");
        app->add_option("--source-positions", flags.sourcePositions, "Which of several sources, counted from 1")
            ->check(CLI::Range(1, 10'000))
            ->delimiter(',')
            ->option_text("N");
        app->add_option("--source-names", flags.sourceNames, "Which of several sources, by name")->option_text("NAME");
    }

    static constexpr const char *kLocal = "Local files";

    /// Files of this machine instead of those in Git.
    CLI::Option *addLocalFolder(CLI::App *app)
    {
        LocalFlags &flags = m_invocation.app.local;
        auto *folder = app->add_option("--local", flags.folder, "Render this folder instead of the source's in Git")
                           ->option_text("PATH")
                           ->group(kLocal);
        folder->excludes("--revision")->excludes("--revisions");
        auto *root = app->add_option("--local-repo-root", flags.root,
                                     "Folder that stands for the repository (default: the work tree around PATH)")
                         ->option_text("PATH")
                         ->needs(folder)
                         ->group(kLocal);
        app->add_flag("--server-side-generate", flags.isWholeRepository,
                      "PATH is the repository's root, of which the source's folder is rendered")
            ->needs(folder)
            ->excludes(root)
            ->group(kLocal);
        app->add_option(
               "--local-include", flags.included,
               "Only files whose name, without its folder, matches; may be given several times (default: all files)")
            ->option_text("GLOB")
            ->needs(folder)
            ->group(kLocal);
        return folder;
    }

    /// The same, of one of several sources.
    void addLocalFiles(CLI::App *app)
    {
        CLI::Option *folder = addLocalFolder(app);
        for (CLI::Option *option : addSourceNumber(app))
            option->needs(folder)->group(kLocal);
    }

    /// Which of several sources, by its place or by its name.
    std::array<CLI::Option *, 2> addSourceNumber(CLI::App *app)
    {
        auto *position = app->add_option("--source-position", m_invocation.source.position,
                                         "Which of several sources, counted from 1")
                             ->check(CLI::Range(1, 10'000))
                             ->option_text("N");
        auto *name = app->add_option("--source-name", m_invocation.source.name, "Which of several sources, by its name")
                         ->option_text("NAME")
                         ->excludes(position);
        return {position, name};
    }

    void addRefresh(CLI::App *app, const std::string &help, const std::string &hardHelp)
    {
        app->add_flag("--refresh", m_invocation.app.refreshes, help);
        app->add_flag("--hard-refresh", m_invocation.app.isHard, hardHelp);
    }

    void addReading(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        auto *list = addCommand(app, "list", "List applications", Command::AppList);
        allowSeveralNamespaces(list);
        list->add_flag("-A,--all-namespaces", m_invocation.connection.allNamespaces, "In all namespaces");
        list->add_flag("--all-contexts", m_invocation.connection.allContexts, "Of every context in the kubeconfig");
        addSelector(list, "Label selector: a=b,c!=d,e in (f,g),!h");
        list->add_option("-p,--project", flags.projects, "Of this project; may be given several times")
            ->option_text("PROJECT");
        list->add_option("-r,--repo", flags.repository, "With a source in this repository")->option_text("URL");
        list->add_option("-P,--path", flags.path, "With a source at this path")->option_text("PATH");
        list->add_option("-c,--cluster", flags.cluster, "With a destination of this name or address")
            ->option_text("CLUSTER");
        addOutput(list,
                  {{"text", Output::Text}, {"name", Output::Name}, {"json", Output::Json}, {"yaml", Output::Yaml}});

        auto *get = addNamed(app, "get", "Show one application", Command::AppGet);
        get->add_flag("--computed", flags.computes,
                      "Compare now and add what came out: sync, health and resources, below the key tiphys.computed");
        get->add_flag("--show-operation", flags.showsOperation, "With what the last operation did to each resource");
        get->add_flag("--show-params", flags.showsParameters, "With the parameters of Helm that its source sets");
        addSourceNumber(get);
        addRefresh(get, "Compare again first", "Render again and compare first");
        addTimeout(get);
        addLocal(get);
        addTreeOutput(get);
        auto *tree = addNamed(app, "tree", "Show the resource tree", Command::AppTree);
        addUsualOutput(tree);
        auto *resources =
            addNamed(app, "resources", "List an application's resources and what these made", Command::AppResources);
        resources->add_flag("--orphaned", flags.areOrphansOnly,
                            "Only what stands in its namespace and belongs to no application");
        addTreeOutput(resources);
        auto *manifests = addNamed(app, "manifests", "Print the desired manifests", Command::AppManifests);
        addRevision(manifests);
        addRevisions(manifests);
        manifests
            ->add_option("--source", flags.manifestSource, "git: the desired manifests; live: what the cluster has")
            ->check(CLI::IsMember({"git", "live"}))
            ->option_text("WHICH");
        addLocalFiles(manifests);
        addOutput(manifests, {{"yaml", Output::Yaml}, {"json", Output::Json}});
        addPlugins(manifests);

        auto *diff =
            addNamed(app, "diff", "Compare desired with live state (exit code 1: differences)", Command::AppDiff);
        addRevision(diff);
        addRevisions(diff);
        addLocalFiles(diff);
        addRefresh(diff, "Compare anew, which is done anyway", "Render anew, which is done anyway");
        diff->add_flag("--server-side-diff", flags.isServerSideDiff,
                       "Compare by dry runs of the server, as the application's annotation may say; =false does not");
        diff->add_flag("--exit-code", flags.tellsDifferences,
                       "Tell differences by the exit code, as is usual; =false does not");
        diff->add_option("--diff-exit-code", flags.differenceCode, "Exit code where there are differences (1)")
            ->check(CLI::Range(0, 255))
            ->option_text("CODE");
        addUsualOutput(diff);
        addPlugins(diff);
        diff->footer("Text is shown by the program that $KUBECTL_EXTERNAL_DIFF names, where it names one.");
    }

    static constexpr const char *kRetries = "Retries";

    /// A time of a retry, kept as Go writes it.
    static void addRetryTime(CLI::App *app, const std::string &name, std::string &place, const std::string &help)
    {
        addGoTime(app, name, [&place](const crd::Duration &time) { place = time.text(); }, help)->group(kRetries);
    }

    void addRetries(CLI::App *sync)
    {
        RetryFlags &flags = m_invocation.app.retry;
        sync->add_option(
                "--retry-limit", flags.limit,
                "How often a failed sync is tried again instead of as the application says; negative: without end")
            ->option_text("COUNT")
            ->group(kRetries);
        addRetryTime(sync, "--retry-backoff-duration", flags.duration, "Time before the first retry (5s)");
        addRetryTime(sync, "--retry-backoff-max-duration", flags.maxDuration, "Longest time between retries (3m0s)");
        sync->add_option("--retry-backoff-factor", flags.factor, "What the time grows by each time (2)")
            ->option_text("FACTOR")
            ->group(kRetries);
        sync->add_flag("--retry-refresh", flags.refreshes, "A retry takes the newest revision instead of the first one")
            ->group(kRetries);
    }

    void addSync(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        auto *sync = addForSeveral(app, "sync", "Apply the desired state", Command::AppSync);
        sync->add_option("--project", flags.projects, "Those of this project; may be given several times")
            ->option_text("PROJECT");
        addRevision(sync);
        addRevisions(sync);
        addLocalFolder(sync);
        sync->add_flag("--prune", flags.prunes, "Delete what is no longer in Git");
        sync->add_flag("--dry-run", flags.isDryRun, "Ask the server what would happen, change nothing");
        sync->add_flag("--force", flags.forces, "Delete and create again what cannot be patched");
        sync->add_flag("--replace", flags.replaces, "Replace instead of apply");
        sync->add_flag("--server-side", flags.serverSide, "Server-side apply");
        sync->add_flag("--apply-out-of-sync-only", flags.appliesOutOfSyncOnly, "Only what is OutOfSync");
        sync->add_flag("--preview-changes", flags.previewsChanges,
                       "Show what changes and ask first; where nothing changes nothing is synced");
        sync->add_option("--strategy", flags.strategy, "apply: without hooks; hook: with them, as without this flag")
            ->check(CLI::IsMember({"apply", "hook"}))
            ->option_text("STRATEGY");
        sync->add_option(
                "--resource", flags.resources,
                "Only GROUP:KIND:[NAMESPACE/]NAME, * is anything, ! in front excludes; no hooks, no history entry")
            ->option_text("RESOURCE");
        sync->add_option("--label", flags.labels,
                         "Only resources with this label, NAME=VALUE; of several one is enough")
            ->option_text("LABEL");
        sync->add_option("--sync-option", flags.syncOptions, "Further sync option, KEY=VALUE")->option_text("OPTION");
        sync->add_option("--info", flags.info, "Text that is kept with the operation, NAME=VALUE")->option_text("TEXT");
        addAsync(sync);
        sync->add_flag("-y,--yes,--assumeYes", flags.isConfirmed, "Do not ask");
        addShownWork(sync);
        addRetries(sync);
        addPlugins(sync);
        sync->footer("Several applications are synced one after the other; the first failure ends it. What keeps an "
                     "application from\n"
                     "being in sync because it was not pruned is a failure too.");
    }

    void addWait(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        auto *wait = addForSeveral(app, "wait", "Wait for a state", Command::AppWait);
        wait->add_flag("--sync", flags.needsSync, "Until it is Synced");
        wait->add_flag("--health", flags.needsHealth, "Until it is Healthy");
        wait->add_flag("--suspended", flags.needsSuspended,
                       "Until it is Suspended; with --health or --degraded: or that");
        wait->add_flag("--degraded", flags.needsDegraded,
                       "Until it is Degraded; with --health or --suspended: or that");
        wait->add_flag("--operation", flags.needsOperation, "Until no operation runs");
        wait->add_flag("--hydrated", flags.needsHydration, "Until its source is hydrated");
        wait->add_flag("--delete", flags.needsDeletion, "Until it is gone");
        wait->add_option("--resource", flags.resources,
                         "Sync and health of GROUP:KIND:[NAMESPACE/]NAME instead of the application's")
            ->option_text("RESOURCE");
        wait->footer(
            "Without any of them: --sync, --health and --operation. Where nobody reconciles only what is stored "
            "already\n"
            "counts; --local-engine compares anew and keeps the status up to date meanwhile. Waiting for health fails\n"
            "as soon as something becomes Degraded that was not.");
        addShownWork(wait);
    }

    void addHistory(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        auto *history = addNamed(app, "history", "Show what was deployed when", Command::AppHistory);
        addOutput(history,
                  {{"text", Output::Text}, {"id", Output::Name}, {"json", Output::Json}, {"yaml", Output::Yaml}});
        auto *rollback =
            addNamed(app, "rollback", "Deploy an entry of the history again (no hooks run)", Command::AppRollback);
        rollback->add_option("id", flags.historyId, "Entry of the history; default: the one before the last")
            ->option_text("ID");
        rollback->add_flag("--prune", flags.prunes, "Delete what that revision does not have");
        addAsync(rollback);
        addShownWork(rollback);
    }

    void addActs(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        auto *refresh = addNamed(app, "refresh", "Compare again now", Command::AppRefresh);
        refresh->add_flag("--hard", flags.isHard, "Render again too");
        refresh->add_flag("--wait", flags.waitsForEnd, "Wait until the comparison is stored");
        addWork(refresh);
        auto *terminate = addNamed(app, "terminate", "End the running operation", Command::AppTerminate);
        terminate->alias("terminate-op");
        addWork(terminate);
        addDelete(app);
    }

    void addDelete(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        auto *remove = addForSeveral(app, "delete", "Delete applications", Command::AppDelete);
        remove
            ->add_option("--cascade", flags.cascade,
                         "foreground (also true), background, or none (also false): the resources stay")
            ->transform(CLI::Validator(
                [](std::string &text) {
                    if (text == "true")
                        text = "foreground";
                    if (text == "false" || text == "orphan")
                        text = "none";
                    const bool isKnown = text == "foreground" || text == "background" || text == "none";
                    return isKnown ? std::string() : "takes foreground, background or none, not '" + text + "'";
                },
                "", "cascade"))
            ->option_text("HOW");
        remove
            ->add_option("-p,--propagation-policy", flags.propagation,
                         "How the resources are deleted: foreground or background")
            ->check(CLI::IsMember({"foreground", "background"}))
            ->option_text("HOW");
        remove->add_flag("-y,--yes", flags.isConfirmed, "Do not ask");
        remove->add_flag("--wait", flags.waitsForEnd, "Wait until it is gone");
        addWork(remove);
    }

    void addLogs(CLI::App *app)
    {
        AppFlags &flags = m_invocation.app;
        AppActionFlags &below = m_invocation.appAction;
        auto *logs = app->add_subcommand("logs", "Print logs of an application's pods");
        addConnectionAs(logs, "-n,-N,--app-namespace", "Namespace of the application");
        choose(logs, Command::AppLogs);
        // A flag is called "name" too.
        logs->add_option("application", flags.name, "Application: NAME or NAMESPACE/NAME")
            ->required()
            ->option_text("NAME");
        auto *container =
            logs->add_option("-c,--container", flags.container,
                             "Only this container, also an init or ephemeral one (default: every ordinary one)")
                ->option_text("NAME");
        logs->add_flag("--all-containers", flags.hasAllContainers, "Init and ephemeral containers too")
            ->excludes(container);
        logs->add_option("--resource", flags.resources, "Only pods below GROUP:KIND:[NAMESPACE/]NAME")
            ->option_text("RESOURCE");
        logs->add_option("--group", below.group, "Only pods of or below resources of this group")->option_text("GROUP");
        logs->add_option("--kind", below.kind, "Only pods of or below resources of this kind")->option_text("KIND");
        logs->add_option("--namespace", below.ns, "Only pods of or below resources in this namespace")
            ->option_text("NAMESPACE");
        logs->add_option("--name", below.name, "Only pods of or below resources of this name")->option_text("NAME");
        logs->add_option("--tail", flags.tailLines,
                         "Last lines of each container (default 100, or all with --filter or --until-time; -1: all)")
            ->option_text("LINES");
        auto *follow = logs->add_flag(
            "-f,--follow", flags.follows,
            "Go on with what comes, also of containers that start later, until Ctrl+C or until all pods have finished");
        logs->add_flag("-p,--previous", flags.showsPrevious, "Of the containers before their last restart");
        auto *since = logs->add_option("--since", flags.since, "Only lines younger than this: 30s, 5m, 1h30m")
                          ->option_text("TIME");
        logs->add_option("--since-seconds", flags.sinceSeconds, "The same in seconds")
            ->check(CLI::NonNegativeNumber)
            ->option_text("SECONDS")
            ->excludes(since);
        logs->add_option("--until-time", flags.until, "Only lines until this time: 2026-01-31T12:30:00Z")
            ->option_text("TIME")
            ->excludes(follow);
        logs->add_option("--filter", flags.logFilter, "Only lines with this text; !TEXT: without it")
            ->option_text("TEXT");
        logs->add_flag("-m,--match-case", flags.matchesCase, "--filter tells capital letters from small ones");
        logs->add_flag("--timestamps", flags.hasTimestamps, "With the time of each line");
        logs->footer("Where there are several containers each line begins with \"POD CONTAINER: \". A log that cannot "
                     "be read is\n"
                     "reported on standard error; the exit code is 1 only if none could be read.");
    }

    void addActions(CLI::App *app)
    {
        AppActionFlags &flags = m_invocation.appAction;
        auto *actions = app->add_subcommand("actions", "List what can be done to an application's resources, or do it");
        addConnectionAs(actions, "-n,-N,--app-namespace", "Namespace of the application");
        choose(actions, Command::AppActions);
        actions
            ->add_option("application", flags.words,
                         "Application: NAME or NAMESPACE/NAME; also: list NAME, run NAME ACTION")
            ->required()
            ->option_text("NAME");
        actions->add_option("--kind", flags.kind, "Only objects of this kind")->option_text("KIND");
        actions->add_option("--group", flags.group, "Only objects of this group; \"\" is the core group")
            ->option_text("GROUP");
        actions->add_option("--resource-name,--name", flags.name, "Only objects of this name")->option_text("NAME");
        actions->add_option("--namespace", flags.ns, "Only objects in this namespace")->option_text("NAMESPACE");
        actions->add_option("--resource", m_invocation.app.resources, "Only GROUP:KIND:[NAMESPACE/]NAME")
            ->option_text("RESOURCE")
            ->allow_extra_args(false);
        actions->add_flag("--children", flags.hasChildren, "Objects that the application's own ones made too");
        actions->add_option("--run", m_invocation.action.name, "The action to run")->option_text("ACTION");
        actions->add_option("--param", m_invocation.action.parameters, "A parameter of the action")
            ->option_text("NAME=VALUE")
            ->allow_extra_args(false);
        actions->add_flag("--all", flags.isAll, "Run it on every object that matches");
        actions->add_flag("--dry-run", m_invocation.app.isDryRun,
                          "Print what would be written and ask the server, change nothing");
        addUsualOutput(actions);
        actions->footer(
            "Without --run: the actions of each object, which ones make sense now, and what you may do. With it: one\n"
            "conditional patch, or the object that is created.\n\n"
            "Examples:\n  tiphysctl app actions shop\n"
            "  tiphysctl app actions shop --kind Deployment --name web --run restart\n"
            "  tiphysctl app actions shop --kind Deployment --name web --run scale --param replicas=3 --dry-run");
    }

    /// A command on objects of an application.
    CLI::App *addForObjects(CLI::App *app, const std::string &name, const std::string &help, Command command)
    {
        AppActionFlags &chosen = m_invocation.appAction;
        auto *sub = app->add_subcommand(name, help);
        addConnectionAs(sub, "-n,-N,--app-namespace", "Namespace of the application");
        choose(sub, command);
        sub->add_option("application", m_invocation.app.name, "Application: NAME or NAMESPACE/NAME")
            ->required()
            ->option_text("NAME");
        sub->add_option("--kind", chosen.kind, "Objects of this kind")->required()->option_text("KIND");
        sub->add_option("--group", chosen.group, "Only objects of this group")->option_text("GROUP");
        sub->add_option("--namespace", chosen.ns, "Only objects in this namespace")->option_text("NAMESPACE");
        sub->add_option("--resource-name", chosen.name, "Only objects of this name")->option_text("NAME");
        sub->add_option("--project", m_invocation.resource.project, "Only if the application is in this project")
            ->option_text("PROJECT");
        return sub;
    }

    void addResources(CLI::App *app)
    {
        ResourceFlags &flags = m_invocation.resource;
        auto *get =
            addForObjects(app, "get-resource", "Print live objects of an application, and of those that they made",
                          Command::AppGetResource);
        get->add_option("--filter-fields", flags.fields, "Only these fields, a.b,c.d; below a list those of every item")
            ->delimiter(',')
            ->option_text("FIELDS");
        get->add_flag("--show-managed-fields", flags.showsManagedFields, "With metadata.managedFields");
        addUsualOutput(get);
        get->footer("Text is one line a value. Values of Secrets are masked.");

        auto *patch =
            addForObjects(app, "patch-resource", "Patch a live object of an application", Command::AppPatchResource);
        patch->add_option("--patch", flags.patch, "The patch, as JSON")->required()->option_text("JSON");
        patch
            ->add_option(
                "--patch-type", flags.patchType,
                "application/merge-patch+json (without this flag), json-patch+json or strategic-merge-patch+json")
            ->check(CLI::IsMember({"application/json-patch+json", "application/merge-patch+json",
                                   "application/strategic-merge-patch+json"}))
            ->option_text("TYPE");
        patch->add_flag("--all", m_invocation.appAction.isAll, "Patch every object that matches");
        patch->footer("What the application manages, hooks aside. It is written at once, by your rights in the "
                      "cluster; what Git wants is\n"
                      "another thing: the next sync, or self-heal, may undo it.");

        auto *remove =
            addForObjects(app, "delete-resource", "Delete a live object of an application", Command::AppDeleteResource);
        remove->add_flag("--force", flags.isForced, "Without the time that it has to end, and before its dependents");
        remove->add_flag("--orphan", flags.leavesDependents, "What it made stays; --force does not count then");
        remove->add_flag("--all", m_invocation.appAction.isAll, "Delete every object that matches");
        remove->footer("What the application manages, hooks aside. Without --force and --orphan its dependents go "
                       "first. Nobody is asked.");
    }
};

} // namespace

void defineApp(CLI::App *app, Invocation &invocation)
{
    AppGrammar(invocation).define(app);
}

} // namespace tiphys::cli
