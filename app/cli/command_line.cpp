// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command_line_docs.h"
#include "cli/examples.h"
#include "cli/grammar.h"
#include "cli/help_format.h"
#include "cli/help_request.h"
#include "cli/time_option.h"
#include "cli/usage_check.h"
#include "cli/usage_error.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

namespace tiphys::cli {

namespace {

using Command = Invocation::Command;

/// Defines the whole command tree over one Invocation.
class Grammar : GrammarParts
{
public:
    /// Of other commands than the one that \p arguments begin with only the names: most of the time that a start takes
    /// would go into their options.
    Grammar(Invocation &invocation, const std::vector<std::string> &arguments) : GrammarParts(invocation)
    {
        m_root.formatter(std::make_shared<HelpFormat>()); // the commands take it over
        m_root.require_subcommand(0, 1);
        m_root.fallthrough();
        m_root.set_version_flag("--version", TIPHYS_VERSION);
        m_root.add_flag("-q,--quiet", m_invocation.isQuiet, "No progress on the terminal");
        addCommand("render", "Print the manifests that Git wants", [this](CLI::App *app) { defineRender(app); });
        addCommand("diff", "Compare the rendered manifests of two commits, offline",
                   [this](CLI::App *app) { defineDiff(app); });
        addCommand("health", "Tell the health of objects in a file", [this](CLI::App *app) { defineHealth(app); });
        addCommand("actions", "List what can be done to objects in a file, or do it to them",
                   [this](CLI::App *app) { defineActions(app); });
        addCommand("app", "Applications of a cluster", [&invocation](CLI::App *app) { defineApp(app, invocation); });
        addRolloutGrammar(invocation, [this](const std::string &name, const std::string &help, DefineCommand define) {
            addCommand(name, help, std::move(define));
        });
        addCommand("engine", "The local reconcile engine", [this](CLI::App *app) { defineEngine(app); });
        addCommand("cluster", "Contexts and clusters", [this](CLI::App *app) { defineCluster(app); });
        addCommand("admin", "Set a cluster up", [this](CLI::App *app) { defineAdmin(app); });
        addCommand("demo", "Serve a cluster that lives in this process, to look around",
                   [this](CLI::App *app) { defineDemo(app); });
        addCommand("worker", "", [this](CLI::App *app) { choose(app, Command::Worker); })->group("");
        addDocumentation();
        defineCommands(arguments);
        takeOneValueEach(m_root);
        addExamples(m_root);
        // After the sub-commands, which would inherit it.
        m_root.footer("Exit codes: 0 done, 1 failed (diff: there are differences), 2 usage (diff: error).\n"
                      "Every command answers --help, as \"tiphysctl help COMMAND\" does. --context, --kubeconfig, -n, "
                      "--as and -o may stand before the "
                      "command too, also of a group.");
    }

    CLI::App &root() { return m_root; }
    /// Shell to write completion for ("" for none), or "man".
    const std::string &documentation() const { return m_documentation; }

private:
    CLI::App *addCommand(const std::string &name, const std::string &help, DefineCommand define)
    {
        return m_commands.emplace_back(m_root.add_subcommand(name, help), std::move(define)).first;
    }

    void defineCommands(const std::vector<std::string> &arguments)
    {
        const bool asksForList =
            arguments.empty() || (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h"));
        const auto isChosen = [&arguments](const auto &command) {
            return !arguments.empty() && command.first->get_name() == arguments.front();
        };
        const auto chosen = std::ranges::find_if(m_commands, isChosen);
        if (chosen != m_commands.end()) {
            chosen->second(chosen->first);
        } else if (!asksForList) {
            for (const auto &[app, define] : m_commands)
                define(app);
        }
    }

    /// An option that may be given several times takes one value each time: the word after it may be an argument.
    static void takeOneValueEach(CLI::App &app)
    {
        for (CLI::Option *option : app.get_options()) {
            if (option->nonpositional())
                option->allow_extra_args(false);
        }
        for (CLI::App *sub : app.get_subcommands({}))
            takeOneValueEach(*sub);
    }

    void defineRender(CLI::App *app)
    {
        RenderFlags &flags = m_invocation.render;
        app->add_option("source", flags.source, "Folder or Application file")->option_text("SOURCE");
        app->add_option("--repo", flags.repository, "Git repository; SOURCE is a path in it")->option_text("REPO");
        app->add_option("--revision", flags.revision, "Branch, tag or commit (needs --repo)")->option_text("REV");
        app->add_flag("--directory-recurse", flags.recurses, "Read sub-folders too");
        app->add_option("--directory-include", flags.include, "Only files that match this glob")->option_text("GLOB");
        app->add_option("--directory-exclude", flags.exclude, "No files that match this glob")->option_text("GLOB");
        addOutput(app, {{"yaml", Output::Yaml}, {"json", Output::Json}});
        addHelm(app);
        app->footer("Examples:\n  tiphysctl render apps/shop\n"
                    "  tiphysctl render charts/web --name web -n shop --values values-prod.yaml --set image.tag=1.2\n"
                    "  tiphysctl render apps/shop --repo ~/src/config --revision main~3 -o json");
        choose(app, Command::Render);
    }

    void addHelm(CLI::App *app)
    {
        RenderFlags &flags = m_invocation.render;
        const auto list = [app](const char *name, std::vector<std::string> &place, const char *help,
                                const char *shown) {
            app->add_option(name, place, help)
                ->option_text(shown)
                ->expected(1)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                ->group("Charts");
        };
        app->add_option("--name,--release-name", flags.name, "Name of the release (default: release-name)")
            ->option_text("NAME")
            ->group("Charts");
        app->add_option("-n,--namespace", flags.ns, "Namespace of the release")
            ->option_text("NAMESPACE")
            ->group("Charts");
        list("-f,--values", flags.valueFiles, "File of values; later ones win", "FILE");
        list("--set", flags.set, "Value, KEY=VALUE[,KEY=VALUE...]", "VALUES");
        list("--set-string", flags.setString, "Value that stays text", "VALUES");
        list("--set-json", flags.setJson, "Value in JSON, or an object", "VALUES");
        list("--set-file", flags.setFile, "Value that is the content of a file, KEY=FILE", "VALUES");
        list("--set-literal", flags.setLiteral, "Value taken as it stands", "VALUES");
        app->add_option("--kube-version", flags.kubeVersion, "Kubernetes version that the chart sees")
            ->option_text("VERSION")
            ->group("Charts");
        app->add_option("-a,--api-versions", flags.apiVersions, "Further API versions that the chart sees")
            ->option_text("LIST")
            ->delimiter(',')
            ->group("Charts");
        app->add_flag("--skip-crds", flags.skipsCrds, "Without the files of crds/")->group("Charts");
        app->add_flag("--skip-tests", flags.skipsTests, "Without test hooks")->group("Charts");
        app->add_flag("--skip-schema-validation", flags.skipsSchemaValidation,
                      "Do not check values against the chart's schema")
            ->group("Charts");
        addBuildOptions(app, flags.kustomizeOptions);
        addFetch(app, flags.fetch);
        addTools(app, flags.tools);
        addPlugins(app);
        PluginFlags &plugins = m_invocation.plugins;
        app->add_option("--config-management-plugin", plugins.name, "Render the folder with this plugin")
            ->option_text("NAME")
            ->group(kPlugins);
        app->add_option("--plugin-env", plugins.env, "Variable that the plugin gets, NAME=VALUE")
            ->option_text("VARIABLE")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            ->group(kPlugins);
        app->add_flag("--plugin-parameters", plugins.showsParameters,
                      "Print the parameters that the folder's plugin announces, as JSON")
            ->group(kPlugins);
    }

    /// TIPHYS_RENDER_TOOLS chooses for all runs.
    static void addTools(CLI::App *app, RenderFlags::Tools &tools)
    {
        const char *chosen = std::getenv("TIPHYS_RENDER_TOOLS");
        if (chosen && std::string_view(chosen) == "use")
            tools = RenderFlags::Tools::Use;
        if (chosen && std::string_view(chosen) == "verify")
            tools = RenderFlags::Tools::Verify;
        app->add_flag_callback(
               "--verify-with-tools", [&tools] { tools = RenderFlags::Tools::Verify; },
               "Render with helm and kustomize of this machine too, and tell whether they agree (exit code 1: they do "
               "not)")
            ->group("External tools");
        app->add_flag_callback(
               "--with-tools", [&tools] { tools = RenderFlags::Tools::Use; },
               "Print what helm and kustomize of this machine render instead (TIPHYS_RENDER_TOOLS=use|verify chooses "
               "for good)")
            ->group("External tools");
    }

    static void addBuildOptions(CLI::App *app, std::string &options)
    {
        app->add_option("--kustomize-options", options,
                        "Flags of kustomize build, as kustomize.buildOptions of argocd-cm has them")
            ->option_text("FLAGS")
            ->group("Kustomizations");
        app->add_flag_callback(
               "--enable-helm", [&options] { options += options.empty() ? "--enable-helm" : " --enable-helm"; },
               "Render the charts of kustomizations")
            ->group("Kustomizations");
    }

    static void addFetch(CLI::App *app, FetchFlags &flags)
    {
        app->add_flag("--fetch", flags.isAllowed,
                      "Get what the source refers to from elsewhere: chart dependencies, remote bases, values files")
            ->group("From elsewhere");
        app->add_flag("--plain-http", flags.isPlainHttp, "Ask registries by http")->group("From elsewhere");
    }

    void defineDiff(CLI::App *app)
    {
        DiffFlags &flags = m_invocation.diff;
        app->add_option("a", flags.a, "Commit, branch or tag; A...B compares from the merge base")
            ->required()
            ->option_text("A");
        app->add_option("b", flags.b, "Second commit; without it the working tree is compared")->option_text("B");
        app->add_option("--repo", flags.repository, "Git repository (default: the one around the working folder)")
            ->option_text("REPO");
        app->add_option("--path", flags.paths, "Folder of manifests to compare; may be given several times")
            ->option_text("PATH");
        app->add_option("--app", flags.appFiles, "Application manifest in the repository; may be given several times")
            ->option_text("FILE");
        app->add_option("--repo-url", flags.repoUrls,
                        "Address by which Applications name the repository, where its remotes have others")
            ->option_text("URL");
        app->add_flag("--summary", flags.showsSummaryOnly, "Only what differs, without the lines");
        addBuildOptions(app, flags.kustomizeOptions);
        addFetch(app, flags.fetch);
        addPlugins(app);
        addOutput(
            app,
            {{"text", Output::Text}, {"json", Output::Json}, {"yaml", Output::Yaml}, {"markdown", Output::Markdown}});
        app->footer("Exit code 0: no differences, 1: differences, 2: error.\n"
                    "Without --path and --app every Application manifest of the repository is an application; where\n"
                    "there is none, every topmost chart, kustomization or folder of manifests is.\n\n"
                    "Examples:\n  tiphysctl diff main~20 main\n  tiphysctl diff main...feature -o markdown\n"
                    "  tiphysctl diff HEAD --path apps/shop");
        choose(app, Command::Diff);
    }

    void defineHealth(CLI::App *app)
    {
        app->add_option("-f,--filename", m_invocation.health.file, "YAML or JSON file, - for standard input (default)")
            ->option_text("FILE");
        addCustomizations(app, m_invocation.health.customizations);
        addUsualOutput(app);
        app->footer("One line an object. With -o json (or yaml): "
                    "{\"group\",\"kind\",\"namespace\",\"name\",\"status\",\"message\"}.\n\n"
                    "Example:\n  kubectl get deploy -o yaml | tiphysctl health -f -");
        choose(app, Command::Health);
    }

    static void addCustomizations(CLI::App *app, std::string &file)
    {
        app->add_option("--customizations", file,
                        "The ConfigMap argocd-cm, or its data: scripts for health and actions (default: "
                        ".tiphys/argocd-cm.yaml of the workspace)")
            ->option_text("FILE");
    }

    void defineActions(CLI::App *app)
    {
        ActionFlags &flags = m_invocation.action;
        app->add_option("-f,--filename", flags.file, "YAML or JSON file, - for standard input (default)")
            ->option_text("FILE");
        app->add_option("--run", flags.name, "The action to run; nothing is sent anywhere")->option_text("NAME");
        app->add_option("--param", flags.parameters, "A parameter of the action")
            ->option_text("NAME=VALUE")
            ->allow_extra_args(false);
        addCustomizations(app, flags.customizations);
        addUsualOutput(app);
        app->footer(
            "With -o json one line an object: {\"group\",\"kind\",\"namespace\",\"name\",\"actions\"}, and with --run "
            "one\n"
            "line a changed or created object: {\"operation\",\"resource\",\"patch\"}.\n\n"
            "Example:\n  kubectl get deploy web -o yaml | tiphysctl actions -f - --run scale --param replicas=3");
        choose(app, Command::Actions);
    }

    void defineEngine(CLI::App *engine)
    {
        engine->require_subcommand(1);
        auto *run = engine->add_subcommand("run", "Reconcile the applications of a namespace until stopped");
        addConnection(run);
        run->add_flag("--once", m_invocation.engine.runsOnce, "One pass over every application, then exit");
        addPlugins(run);
        run->add_option("--app", m_invocation.engine.applications, "Only these applications")->option_text("NAME");
        run->add_flag("--rollouts", m_invocation.engine.forRollouts,
                      "Reconcile Rollouts (of all namespaces, or of -n) instead");
        run->add_option("--instance-id", m_invocation.engine.instanceId,
                        "Rollouts that bear this controller instance id, and no others (implies --rollouts)")
            ->option_text("ID");
        run->add_option("--metrics-port", m_invocation.engine.metricsPort,
                        "Where on loopback the metrics of a Rollouts engine are to be read (default 8090, 0: nowhere)")
            ->option_text("PORT")
            ->check(CLI::Range(0, 65535));
        run->footer("Refused where an Argo CD controller is at work. A Lease keeps two of them apart.");
        choose(run, Command::EngineRun);
    }

    void defineCluster(CLI::App *cluster)
    {
        cluster->require_subcommand(1);
        auto *list = cluster->add_subcommand("list", "List the contexts of the kubeconfig and what runs there");
        addConnection(list);
        addUsualOutput(list);
        choose(list, Command::ClusterList);
        auto *use = cluster->add_subcommand("use", "Choose the context that reaches a destination");
        addConnection(use);
        use->add_option("SERVER", m_invocation.cluster.server, "API address as Applications name it")->required();
        auto *context = use->add_option("CONTEXT", m_invocation.cluster.context, "Context of the kubeconfig");
        use->add_flag("--forget", m_invocation.cluster.isForgotten, "Forget the choice")->excludes(context);
        use->footer(
            "For a cluster that the kubeconfig knows by another address. The choice is kept in contexts.yaml in the\n"
            "folder of your settings, and the desktop program has it too.\n\n"
            "Example:\n  tiphysctl cluster use https://10.4.0.1:6443 production");
        choose(use, Command::ClusterUse);
    }

    void defineAdmin(CLI::App *admin)
    {
        admin->require_subcommand(1);
        auto *install =
            admin->add_subcommand("install-crds", "Install the Application, AppProject and ApplicationSet types");
        addConnection(install);
        install->add_flag("--dry-run", m_invocation.app.isDryRun, "Change nothing");
        choose(install, Command::InstallCrds);
    }

    void defineDemo(CLI::App *demo)
    {
        demo->add_option("--port", m_invocation.demo.port, "Port on 127.0.0.1 (default: a free one)")
            ->option_text("PORT")
            ->check(CLI::Range(0, 65535));
        demo->footer("Prints its address and the path of a kubeconfig for it, then serves until stopped.");
        choose(demo, Command::Demo);
    }

    void addDocumentation()
    {
        auto *completion = m_root.add_subcommand("completion", "Print the completion script of a shell");
        completion->add_option("shell", m_documentation, "bash, zsh or fish")
            ->required()
            ->check(CLI::IsMember({"bash", "zsh", "fish"}))
            ->option_text("SHELL");
        auto *man = m_root.add_subcommand("man", "Print the manual page");
        man->callback([this] { m_documentation = "man"; });
    }

    std::string m_documentation;
    std::vector<std::pair<CLI::App *, DefineCommand>> m_commands; ///< in the order of the help
    CLI::App m_root{"GitOps on your desk: the command line of Tiphys", "tiphysctl"};
};

/// "A...B" or "A..B" in the first argument of diff stands for both; false if there is a second argument beside it.
bool splitRange(DiffFlags &diff)
{
    const auto dots = diff.a.find("..");
    if (dots == std::string::npos)
        return true;
    if (!diff.b.empty())
        return false;
    diff.fromMergeBase = diff.a.substr(dots).starts_with("...");
    diff.b = diff.a.substr(dots + (diff.fromMergeBase ? 3 : 2));
    diff.a = dots == 0 ? "HEAD" : diff.a.substr(0, dots);
    return true;
}

} // namespace

ParsedCommandLine parseCommandLine(std::vector<std::string> arguments)
{
    ParsedCommandLine parsed;
    arguments = withEmptyValuesApart(withHelpAsFlag(withSharedFlagsBehindCommand(std::move(arguments))));
    const std::vector<std::string> asTyped = arguments;
    Grammar grammar(parsed.invocation, arguments);
    const bool isDiff = std::ranges::contains(arguments, "diff") && !std::ranges::contains(arguments, "app");
    std::ranges::reverse(arguments); // the order CLI11 takes them in
    try {
        grammar.root().parse(arguments);
    } catch (const CLI::ParseError &error) {
        parsed.isFinished = true;
        const std::string unknown = error.get_exit_code() == 0 ? unknownHelpError(grammar.root(), asTyped) : "";
        if (error.get_exit_code() == 0 && unknown.empty()) {
            std::ostringstream out;
            grammar.root().exit(error, out, out);
            parsed.standardOutput = out.str();
        } else {
            parsed.exitCode = 2;
            parsed.standardError = unknown.empty() ? usageError(grammar.root(), error, asTyped) : unknown;
        }
        return parsed;
    }
    if (!grammar.documentation().empty()) {
        parsed.isFinished = true;
        parsed.standardOutput = documentationOf(grammar.root(), grammar.documentation());
        return parsed;
    }
    if (isDiff && !splitRange(parsed.invocation.diff)) {
        parsed.isFinished = true;
        parsed.exitCode = 2;
        parsed.standardError = "error: " + parsed.invocation.diff.a
                               + " names both revisions: diff takes no second one beside it\n"
                               + "tiphysctl diff --help tells what there is\n";
        return parsed;
    }
    settle(parsed.invocation);
    if (parsed.invocation.command == Command::None) {
        parsed.isFinished = true;
        parsed.standardOutput = grammar.root().help();
    } else if (const std::string problem = usageProblem(parsed.invocation); !problem.empty()) {
        parsed.isFinished = true;
        parsed.exitCode = 2;
        parsed.standardError = usageError(grammar.root(), problem, asTyped);
    }
    return parsed;
}

} // namespace tiphys::cli
