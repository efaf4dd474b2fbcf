// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/machine_choices.h"

#include <QString>
#include <QStringList>

namespace tiphys::models {

/// The pattern that stands for all applications.
inline constexpr std::string_view kAllApplications = "*";

/// What people call a destination: "prod-eu (https://10.0.0.1)", or its address alone.
QString destinationTitle(const service::DestinationContext &destination);
/// What needs it, by which context it is reached and why: "3 applications · Reached by prod, which has this address."
/// \p clusters are those of the kubeconfig.
QString destinationText(const service::DestinationContext &destination, const service::ClustersSnapshot &clusters);

/// "helm v4.2.4 · /usr/bin/helm", or why it cannot be used.
QString programText(const service::ToolProgram &program);
/// "avp-1.0 · /home/ada/.config/tiphys/plugins/avp.yaml", or why it does not run.
QString pluginText(const service::ToolProgram &plugin);
/// True if they render all applications.
bool areForAll(const service::ToolChoices &choices);
/// The names and patterns that were chosen one by one.
QStringList chosenNames(const service::ToolChoices &choices);
/// What is wrong with a choice, one sentence: a program that is chosen and cannot be used. "" if nothing is.
QString toolWarning(const service::ToolChoices &choices);

/// The program of this machine that renders sources of \p tool ("Helm", "Kustomize"), as people call it: "helm v4.2.4 of this
/// machine".
QString rendererText(std::string_view tool, const service::ToolUse &use);
/// Whether what renders \p application can be chosen for it alone.
bool mayChooseRenderer(const service::ToolUse &use, std::string_view application);
/// What there is to know of that choice: who made it, how far it goes, why it cannot be changed here or does not work. "" for an
/// application that nobody chose anything for.
QString rendererNote(std::string_view tool, const service::ToolUse &use, std::string_view application);

} // namespace tiphys::models
