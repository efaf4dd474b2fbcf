// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grammar.h"
#include "cli/time_option.h"

#include <algorithm>

namespace tiphys::cli {

namespace {

class RolloutGrammar : GrammarParts
{
public:
    explicit RolloutGrammar(Invocation &invocation) : GrammarParts(invocation) {}

    void defineRollout(CLI::App *rollout)
    {
        rollout->require_subcommand(1);
        addReading(rollout);
        addActs(rollout);
        addChanges(rollout);
        addFiles(rollout);
    }

    void defineAnalysis(CLI::App *analysis)
    {
        analysis->require_subcommand(1);
        addList(analysis, "List analysis runs", Command::AnalysisList);
    }

    void defineExperiment(CLI::App *experiment)
    {
        experiment->require_subcommand(1);
        addList(experiment, "List experiments", Command::ExperimentList);
        addWatch(addNamed(experiment, "get", "Show one experiment and what belongs to it", Command::ExperimentGet));
    }

private:
    CLI::App *addNamed(CLI::App *parent, const std::string &name, const std::string &help, Command command)
    {
        auto *sub = parent->add_subcommand(name, help);
        addConnection(sub);
        addName(sub);
        choose(sub, command);
        return sub;
    }

    void addName(CLI::App *sub)
    {
        sub->add_option("name", m_invocation.rollout.name, "NAME or NAMESPACE/NAME")
            ->required()
            ->option_text("NAME")
            ->check(nameProblem);
    }

    /// A variable that is not set, or a path, names no Rollout.
    static std::string nameProblem(const std::string &name)
    {
        const bool isWhole = !name.empty() && !name.starts_with('/') && !name.ends_with('/');
        return isWhole && std::ranges::count(name, '/') < 2 ? std::string()
                                                            : "takes NAME or NAMESPACE/NAME, not '" + name + "'";
    }

    void addList(CLI::App *parent, const std::string &help, Command command)
    {
        auto *list = parent->add_subcommand("list", help);
        addConnection(list);
        allowSeveralNamespaces(list);
        list->add_flag("-A,--all-namespaces", m_invocation.connection.allNamespaces, "In all namespaces");
        list->add_flag("-w,--watch", m_invocation.rollout.watches, "Go on with each line that changes, until Ctrl+C");
        list->add_option("--name", m_invocation.rollout.name, "Only the one of this name")
            ->option_text("NAME")
            ->check([](const std::string &name) {
                return name.empty() || name.contains('/') ? "takes the name alone, not '" + name + "'" : std::string();
            });
        list->add_flag("--timestamps", m_invocation.rollout.hasTimestamps,
                       "With the time at which each line was printed");
        addOutput(list,
                  {{"text", Output::Text}, {"name", Output::Name}, {"json", Output::Json}, {"yaml", Output::Yaml}});
        list->footer(
            "With -w and -o json (or yaml, name): each object by itself instead of one list; first those that are "
            "there,\nthen each one again that has changed. Standard error says which are gone.");
        choose(list, command);
    }

    void addTimeout(CLI::App *sub)
    {
        takesTime(sub->add_option("-t,--timeout", m_invocation.rollout.timeoutSeconds,
                                  "Give up after this time: 90 (seconds), 5m, 1h30m"));
    }

    void addWatch(CLI::App *get)
    {
        get->add_flag("-w,--watch", m_invocation.rollout.watches, "Draw it again with every change");
        // Not "!--no-color", which the help would show as "--no-color{false}".
        RolloutFlags &flags = m_invocation.rollout;
        get->add_flag_callback(
            "--no-color", [&flags] { flags.hasColours = false; }, "Without colours, as where $NO_COLOR is set");
        addUsualOutput(get);
        addTimeout(get);
    }

    void addReading(CLI::App *rollout)
    {
        addList(rollout, "List rollouts", Command::RolloutList);
        addWatch(addNamed(rollout, "get", "Show one rollout and what belongs to it", Command::RolloutGet));
        auto *status =
            addNamed(rollout, "status", "Print the phase until it is Healthy or Degraded", Command::RolloutStatus);
        status->add_option("-w,--watch", m_invocation.rollout.waitsForStatus, "false: print it once")
            ->option_text("BOOL");
        addTimeout(status);
        status->footer("Exit code 1 when it is Degraded, and when the timeout passes.");
    }

    void addActs(CLI::App *rollout)
    {
        auto *promote =
            addNamed(rollout, "promote", "Let the pause go at which a rollout waits", Command::RolloutPromote);
        promote->add_flag("--full", m_invocation.rollout.isFull, "To the end at once: no pauses, no analysis");
        promote->add_flag("--skip-current-step", m_invocation.rollout.skipsStep, "Leave the current step out");
        promote->add_flag("--skip-all-steps", m_invocation.rollout.skipsAllSteps, "Leave all further steps out");
        addNamed(rollout, "pause", "Stop where it stands (spec.paused)", Command::RolloutPause);
        addNamed(rollout, "resume", "Go on after a pause", Command::RolloutResume);
        addNamed(rollout, "abort", "Send all traffic back to the stable version", Command::RolloutAbort);
        addNamed(rollout, "retry", "Try an aborted update again", Command::RolloutRetry);
        auto *restart = addNamed(rollout, "restart", "Restart the pods", Command::RolloutRestart);
        restart->add_option("-i,--in", m_invocation.rollout.in, "Not now but after this time (5m, 1h)")
            ->option_text("DURATION");
        rollout->footer(
            "Every act reads the rollout and sends one change that holds only while it stands where it was read.");
    }

    void addFiles(CLI::App *rollout)
    {
        auto *lint = rollout->add_subcommand("lint", "Check the Rollouts of a file, without a cluster");
        lint->add_option("-f,--filename", m_invocation.rollout.file, "YAML file, - for standard input")
            ->required()
            ->option_text("FILE");
        lint->footer("Every error is printed without its field, the first one in full on standard error.");
        choose(lint, Command::RolloutLint);
        auto *simulate = rollout->add_subcommand("simulate", "Show the whole way of an update, without a cluster");
        simulate->add_option("-f,--filename", m_invocation.rollout.file, "YAML file, - for standard input")
            ->required()
            ->option_text("FILE");
        simulate->add_option("--at", m_invocation.rollout.at, "Time at which the update begins; default: now")
            ->option_text("TIME");
        simulate
            ->add_option("--fail-analysis", m_invocation.rollout.failedAnalyses,
                         "Metrics of this analysis template fail; may be given several times")
            ->option_text("NAME");
        simulate
            ->add_option("--promote-after", m_invocation.rollout.promoteAfterSeconds,
                         "Seconds until a person promotes a pause without end; 0 for never")
            ->option_text("SECONDS");
        addUsualOutput(simulate);
        simulate->footer(
            "The file's Rollout replaces a healthy former revision of itself. Services, templates and\n"
            "ingresses that the file lacks are made up; a pod is ready after 5 seconds, and a metric has its\n"
            "first answer after 10.");
        choose(simulate, Command::RolloutSimulate);
    }

    void addChanges(CLI::App *rollout)
    {
        auto *undo = addNamed(rollout, "undo", "Put the template of an earlier revision back", Command::RolloutUndo);
        undo->add_option("--to-revision", m_invocation.rollout.toRevision, "Revision; default: the one before")
            ->option_text("N");
        auto *image = addNamed(rollout, "set-image", "Give containers other images", Command::RolloutSetImage);
        image->add_option("images", m_invocation.rollout.images, "CONTAINER=IMAGE; * is every container")
            ->required()
            ->option_text("CONTAINER=IMAGE...");
        auto *terminate = rollout->add_subcommand("terminate", "End an analysis run or experiment");
        addConnection(terminate);
        terminate->add_option("kind", m_invocation.rollout.kind, "analysisrun or experiment")
            ->required()
            ->check(CLI::IsMember({"analysisrun", "experiment"}))
            ->option_text("KIND");
        addName(terminate);
        choose(terminate, Command::RolloutTerminate);
    }
};

} // namespace

void addRolloutGrammar(Invocation &invocation, const AddCommand &add)
{
    add("rollout", "Rollouts of a cluster: see them, promote them, go back",
        [&invocation](CLI::App *command) { RolloutGrammar(invocation).defineRollout(command); });
    add("analysis", "Analysis runs of Rollouts",
        [&invocation](CLI::App *command) { RolloutGrammar(invocation).defineAnalysis(command); });
    add("experiment", "Experiments of Rollouts",
        [&invocation](CLI::App *command) { RolloutGrammar(invocation).defineExperiment(command); });
}

} // namespace tiphys::cli
