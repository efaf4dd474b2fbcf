// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/configured_health.h"
#include "compare/app_comparison.h"
#include "compare/ignore_rules.h"
#include "compare/settings.h"
#include "compare/tracking.h"
#include "crd/application.h"
#include "policy/project.h"
#include "ports/discovery.h"
#include "render/file_tree.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::control {

/// One source of an application with its files at the resolved revision, or why there are none.
struct SourceFiles
{
    crd::ApplicationSource source;
    std::string revision; ///< resolved; the requested one while it could not be
    std::shared_ptr<const render::FileTree> files;
    std::optional<Error> error;
};

/// Everything that comparing one application with its cluster reads. Immutable; goes to a pool thread.
struct EvaluationInput
{
    crd::Application app;
    std::string controlPlaneNamespace;
    std::vector<SourceFiles> sources;
    bool hasMultipleSources = false;
    std::vector<object::Object> live;        ///< all objects of the destination that are known, children included
    std::optional<std::string> liveError;    ///< why there are none
    ports::DiscoveryPtr discovery;           ///< of the destination; null while it is not reached
    policy::EffectiveProject project;
    policy::Cluster cluster;                 ///< the destination
    compare::CompareSettings settings;
    script::JqEngine *jq = nullptr;          ///< must be callable from pool threads
    script::LuaEngine *lua = nullptr;        ///< likewise; null: health scripts of argocd-cm fail, saying so
    std::vector<std::string> manifests;      ///< local manifests as JSON texts instead of the sources
};

/// What came out.
struct Evaluation
{
    compare::AppComparison comparison;
    std::vector<std::string> revisions;  ///< resolved, one a source
    std::string instance;
    compare::TrackingSettings tracking;
    std::vector<object::Object> live;    ///< of the input, for the tree
    std::shared_ptr<const compare::IgnoreRules> rules; ///< null where they could not be compiled
    std::shared_ptr<const action::ConfiguredHealth> scripts; ///< of argocd-cm; null where it brings none
    std::optional<Error> renderError;    ///< the reason where targets are missing; Unsupported has its own words
    std::vector<std::string> warnings;

    bool hasTargets() const { return !renderError; }
    std::string revision() const { return revisions.empty() ? std::string() : revisions.front(); }
};

/// Renders, pairs, compares and assesses. Pure.
Evaluation evaluated(const EvaluationInput &input);

/// Whether kinds live in namespaces, as the server says; built-in kinds are known without one.
compare::ScopeOf scopesOf(ports::DiscoveryPtr discovery);

} // namespace tiphys::control
