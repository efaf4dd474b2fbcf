// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/machine_text.h"

#include "models/text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::ContextOrigin;
using service::DestinationContext;

namespace {

struct Machine
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Machine)
};

QString listed(const std::vector<std::string> &names)
{
    QStringList texts;
    for (const std::string &name : names)
        texts << text(name);
    return texts.join(u", "_s);
}

/// Why the choice that was made does not count, "" where it does or there is none.
QString overruledText(const DestinationContext &destination, const service::ClustersSnapshot &clusters)
{
    if (destination.chosen.empty() || std::ranges::contains(destination.contexts, destination.chosen))
        return {};
    return std::ranges::contains(clusters.clusters, destination.chosen, &service::ClusterState::context)
               ? Machine::tr("%1 was chosen, but it is not ticked.", "%1 is a context").arg(text(destination.chosen))
               : Machine::tr("%1 was chosen, but the kubeconfig has no such context.").arg(text(destination.chosen));
}

QString reachText(const DestinationContext &destination)
{
    if (!destination.problem.empty())
        return sentence(destination.problem);
    switch (destination.origin) {
    case ContextOrigin::Chosen:
        return Machine::tr("Reached by %1, which was chosen.", "%1 is a context").arg(listed(destination.contexts));
    case ContextOrigin::SameAddress:
        return Machine::tr("Reached by %1, which has this address.", "%1 is a context")
            .arg(listed(destination.contexts));
    case ContextOrigin::Registered:
        return Machine::tr(
            "No ticked context has this address. The engine of this desktop goes by what Argo CD has registered.");
    case ContextOrigin::None: return Machine::tr("No ticked context has this address.");
    }
    return {};
}

} // namespace

QString destinationTitle(const DestinationContext &destination)
{
    const QString names = listed(destination.names);
    if (destination.server.empty())
        return names;
    if (names.isEmpty() || names == text(destination.server))
        return text(destination.server);
    return Machine::tr("%1 (%2)", "name and address of a cluster").arg(names, text(destination.server));
}

QString destinationText(const DestinationContext &destination, const service::ClustersSnapshot &clusters)
{
    QStringList sentences{overruledText(destination, clusters), reachText(destination)};
    sentences.removeAll(QString());
    const QString uses = destination.applicationCount == 0
                             ? Machine::tr("no application at hand")
                             : Machine::tr("%n application(s)", nullptr, destination.applicationCount);
    return uses + u" · "_s + sentences.join(u' ');
}

QString programText(const service::ToolProgram &program)
{
    if (program.path.empty())
        return Machine::tr("%1: %2", "a program and what is wrong with it")
            .arg(text(program.name), program.problem.empty() ? Machine::tr("not found") : text(program.problem));
    if (!program.problem.empty())
        return Machine::tr("%1 · %2: %3", "a program, its path, what is wrong with it")
            .arg(text(program.name), text(program.path), text(program.problem));
    return Machine::tr("%1 %2 · %3", "a program, its version, its path")
        .arg(text(program.name), text(program.version), text(program.path));
}

QString pluginText(const service::ToolProgram &plugin)
{
    return plugin.problem.empty()
               ? Machine::tr("%1 · %2", "a plugin and its file").arg(text(plugin.name), text(plugin.path))
               : sentence(plugin.problem);
}

bool areForAll(const service::ToolChoices &choices)
{
    return choices.areForced || std::ranges::contains(choices.names, kAllApplications);
}

QStringList chosenNames(const service::ToolChoices &choices)
{
    QStringList names;
    for (const std::string &name : choices.names) {
        if (name != kAllApplications && !names.contains(text(name)))
            names << text(name);
    }
    return names;
}

QString toolWarning(const service::ToolChoices &choices)
{
    if (!choices.areForced && choices.names.empty())
        return {};
    QStringList missing;
    for (const service::ToolProgram &program : choices.programs) {
        if (!program.problem.empty())
            missing << text(program.name);
    }
    if (missing.isEmpty())
        return {};
    return Machine::tr("%1 cannot be run: what was chosen and needs it is not rendered.", "one or more programs")
        .arg(missing.join(u", "_s));
}

namespace {

/// The program for sources of \p tool; one without a path where nothing is known of it.
service::ToolProgram programOf(std::string_view tool, const service::ToolUse &use)
{
    const std::string name = tool == "Helm" ? "helm" : "kustomize";
    const auto found = std::ranges::find(use.programs, name, &service::ToolProgram::name);
    return found == use.programs.end() ? service::ToolProgram{.name = name, .path = {}, .version = {}, .problem = {}}
                                       : *found;
}

/// Who chose the programs for more than this one application, "" if nobody did.
QString patternText(const service::ToolUse &use, std::string_view application)
{
    if (use.areForced)
        return Machine::tr(
            "TIPHYS_RENDER_TOOLS chooses the programs of this machine for all applications while this program runs.");
    QStringList patterns;
    for (const std::string &name : use.chosenBy) {
        if (name == kAllApplications)
            return Machine::tr("The settings choose the programs of this machine for all applications.");
        if (name != application)
            patterns << text(name);
    }
    if (patterns.isEmpty())
        return {};
    return Machine::tr("The settings choose the programs of this machine for %1.", "one or more patterns of names")
        .arg(patterns.join(u", "_s));
}

} // namespace

QString rendererText(std::string_view tool, const service::ToolUse &use)
{
    const service::ToolProgram program = programOf(tool, use);
    return program.version.empty() ? Machine::tr("%1 of this machine", "a program").arg(text(program.name))
                                   : Machine::tr("%1 %2 of this machine", "a program and its version")
                                         .arg(text(program.name), text(program.version));
}

bool mayChooseRenderer(const service::ToolUse &use, std::string_view application)
{
    return use.problem.empty() && patternText(use, application).isEmpty();
}

QString rendererNote(std::string_view tool, const service::ToolUse &use, std::string_view application)
{
    QStringList sentences;
    const service::ToolProgram program = programOf(tool, use);
    if (use.areUsed() && !program.problem.empty())
        sentences << sentence(program.problem);
    if (!use.problem.empty())
        sentences << sentence(use.problem);
    else if (const QString others = patternText(use, application); !others.isEmpty())
        sentences << others;
    else if (use.areUsed())
        sentences << Machine::tr("Every application called %1 is rendered so here; a controller of Argo CD renders as "
                                 "it always does.")
                         .arg(text(std::string(application)));
    return sentences.join(u' ');
}

} // namespace tiphys::models
