// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/text.h"
#include "cli/invocation.h"
#include "cli/usage_error.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::cli {

/// What the commands of every area share. For the sources of the grammar only: the command line library is slow to compile.
class GrammarParts
{
public:
    explicit GrammarParts(Invocation &invocation) : m_invocation(invocation) {}

protected:
    using Command = Invocation::Command;

    void choose(CLI::App *app, Command command)
    {
        // The callback outlives these parts.
        app->callback([&invocation = m_invocation, command] { invocation.command = command; });
    }

    void addOutput(CLI::App *app, std::vector<std::pair<std::string, Output>> formats)
    {
        std::string names;
        for (const auto &[name, output] : formats)
            names += (names.empty() ? "" : "|") + name;
        app->add_option_function<std::string>(
               "-o,--output",
               [&invocation = m_invocation, formats](const std::string &asked) {
                   std::vector<std::string> known;
                   // What argocd and kubectl call their text with everything in it.
                   const std::string lower = asciiLower(asked);
                   const std::string wanted = lower == "wide" ? "text" : lower;
                   for (const auto &[name, output] : formats) {
                       if (wanted == name) {
                           invocation.output = output;
                           return;
                       }
                       known.push_back(name);
                   }
                   throw CLI::ValidationError("-o", "takes " + alternatives(known) + ", not '" + asked + "'");
               },
               "Format: " + names)
            ->option_text("FORMAT");
    }

    void addUsualOutput(CLI::App *app)
    {
        addOutput(app, {{"text", Output::Text}, {"json", Output::Json}, {"yaml", Output::Yaml}});
    }

    /// The same where text may show a tree of resources.
    void addTreeOutput(CLI::App *app)
    {
        addOutput(app, {{"text", Output::Text},
                        {"tree", Output::Tree},
                        {"tree=detailed", Output::DetailedTree},
                        {"json", Output::Json},
                        {"yaml", Output::Yaml}});
    }

    void addConnection(CLI::App *app) { addConnectionAs(app, "-n,-N,--namespace,--app-namespace", "Namespace"); }

    /// The same where the namespace has other names.
    void addConnectionAs(CLI::App *app, const std::string &namespaceFlags, const std::string &namespaceHelp)
    {
        ConnectionFlags &flags = m_invocation.connection;
        app->add_option("--kubeconfig", flags.kubeconfig, "Kubeconfig file (default: $KUBECONFIG, ~/.kube/config)")
            ->option_text("FILE");
        app->add_option("--context", flags.context, "Context of the kubeconfig")->option_text("NAME");
        app->add_option(namespaceFlags, flags.ns, namespaceHelp)->option_text("NAMESPACE");
        app->add_option("--as", flags.as, "User to impersonate")->option_text("USER");
        app->add_option("--as-group", flags.asGroups, "Group to impersonate")->option_text("GROUP");
    }

    /// Lets a command that lists take its namespace several times; they are joined by commas.
    void allowSeveralNamespaces(CLI::App *app)
    {
        app->get_option("--namespace")
            ->multi_option_policy(CLI::MultiOptionPolicy::Join)
            ->delimiter(',')
            ->description("Namespace; may be given several times");
    }

    static constexpr const char *kPlugins = "Config management plugins";

    void addPlugins(CLI::App *app)
    {
        PluginFlags &flags = m_invocation.plugins;
        const auto list = [app](const char *name, std::vector<std::string> &place, const char *help,
                                const char *shown) {
            return app->add_option(name, place, help)
                ->option_text(shown)
                ->expected(1)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                ->group(kPlugins);
        };
        list("--plugin", flags.files, "A plugin's file (kind ConfigManagementPlugin)", "FILE");
        list("--allow-plugins", flags.allowed,
             "Let this plugin run programs, until its file changes; * is every plugin", "NAME")
            ->delimiter(',');
        app->add_flag("--no-plugins", flags.areOff, "Know no plugins")->group(kPlugins);
        app->add_option("--plugin-timeout", flags.timeoutSeconds, "Time that a plugin has for one source")
            ->option_text("SECONDS")
            ->check(CLI::Range(1, 86400))
            ->group(kPlugins);
    }

    Invocation &m_invocation;
};

/// Defines the options and sub-commands of a command; called for commands that are needed.
using DefineCommand = std::function<void(CLI::App *command)>;
/// Adds a command by name and help.
using AddCommand = std::function<void(const std::string &name, const std::string &help, DefineCommand define)>;

/// Defines the options and sub-commands of `app`.
void defineApp(CLI::App *app, Invocation &invocation);

/// Adds `set` and `unset` to \p app.
void addSourceGrammar(CLI::App &app, Invocation &invocation);

/// Adds the options of an Application beside its source to \p command: of `app set` and `app create`.
void addSpecOptions(CLI::App *command, crd::SpecEdit &edit);

/// Adds `rollout`, `analysis` and `experiment`. \p invocation outlives what is added.
void addRolloutGrammar(Invocation &invocation, const AddCommand &add);

} // namespace tiphys::cli
