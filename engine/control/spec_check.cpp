// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/spec_check.h"

#include "base/repo_url.h"
#include "base/text.h"
#include "control/source_rendering.h"
#include "crd/names.h"
#include "object/text_place.h"

#include <algorithm>
#include <set>

namespace tiphys::control {

namespace {

/// How several problems stand in one sentence. Source: argo-cd util/argo/argo.go (FormatAppConditions)@v3.5.1
std::string textOf(const std::vector<std::string> &problems)
{
    std::vector<std::string> conditions;
    for (const std::string &problem : problems)
        conditions.push_back(std::string(crd::kInvalidSpecError) + ": " + problem);
    return join(conditions, ";");
}

std::string invalidSpec(const crd::Application &app, const std::vector<std::string> &problems)
{
    return "application spec for " + std::string(app.name()) + " is invalid: " + textOf(problems);
}

Expected<void> checkSourceNames(const crd::Application &app)
{
    if (!app.spec.hasMultipleSources())
        return {};
    std::set<std::string> names;
    for (const crd::ApplicationSource &source : app.spec.sources) {
        if (!source.name.empty() && !names.insert(source.name).second)
            return failure(ErrorCode::InvalidInput,
                           "application " + std::string(app.name()) + " has duplicate source name: " + source.name);
    }
    return {};
}

/// Names by which sources refer to one another. Source: argo-cd util/argo/argo.go (GetRefSources)@v3.5.1
std::string referenceProblem(const crd::ApplicationSpec &spec)
{
    const auto isNameCharacter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    std::set<std::string> names;
    for (const crd::ApplicationSource &source : spec.effectiveSources()) {
        if (source.ref.empty())
            continue;
        if (!std::ranges::all_of(source.ref, isNameCharacter))
            return "sources.ref " + source.ref + " cannot contain any special characters except '_' and '-'";
        if (!names.insert(source.ref).second)
            return "invalid sources: multiple sources had the same `ref` key";
    }
    return {};
}

/// The part of an address that names a host.
std::string hostOf(std::string_view repoUrl)
{
    const std::string place = repoPlace(repoUrl);
    return place.substr(0, place.find('/'));
}

/// As the repo server tells of \p error, with the place in a file, which it does not know.
std::string failureText(const Error &error)
{
    const std::string withPlace = object::textWithPlace(error);
    return repoServerText(error) + withPlace.substr(error.text().size());
}

/// A file pattern that matches nothing is no fault of a spec: such files may come later.
bool isOfMissingFiles(const Error &error)
{
    return error.code() == ErrorCode::NotFound && error.text().contains("matched no files");
}

void addRepositories(const std::vector<FoundRepository> &repositories, SpecVerdict &verdict,
                     std::vector<std::string> &problems)
{
    for (const FoundRepository &repository : repositories) {
        if (!repository.error)
            continue;
        const std::string url = shownUrl(repository.url);
        if (repository.mayAnswerOthers && isOfTheWay(*repository.error))
            verdict.unchecked.push_back("the sources were not checked: this machine does not reach " + url
                                        + ", which Argo CD may: " + repository.error->text());
        else
            problems.push_back("repository not accessible: repositories not accessible: " + url
                               + ": repo client error while testing repository: " + repository.error->text());
    }
}

void addManifests(const SpecFindings &findings, SpecVerdict &verdict, std::vector<std::string> &problems)
{
    for (const FoundManifests &found : findings.manifests) {
        if (!found.error || isOfMissingFiles(*found.error))
            continue;
        if (found.isOfThisMachine)
            verdict.unchecked.push_back("the manifests in " + found.path
                                        + " were not checked, as this machine cannot make them: "
                                        + found.error->text());
        else if (!findings.isClusterAsked && found.isChart)
            verdict.unchecked.push_back("the manifests in " + found.path
                                        + " were not checked, as their cluster is not reached from here, which the "
                                          "chart may ask for its version and kinds: "
                                        + failureText(*found.error));
        else
            problems.push_back("Unable to generate manifests in " + found.path + ": " + failureText(*found.error));
    }
}

} // namespace

bool isOfTheWay(const Error &error)
{
    switch (error.code()) {
    case ErrorCode::Unauthorized:
    case ErrorCode::Denied:
    case ErrorCode::Unavailable:
    case ErrorCode::Timeout: return true;
    default: return false;
    }
}

Expected<void> checkSpecForm(const crd::Application &app)
{
    if (const Expected<void> checked = checkSourceNames(app); !checked)
        return checked;
    const std::string_view managedBy = app.object.annotation(crd::kManagedByUrlAnnotation).value_or(std::string_view());
    const std::string scheme = asciiLower(managedBy.substr(0, managedBy.find(':')));
    if (!managedBy.empty() && scheme != "http" && scheme != "https")
        return failure(ErrorCode::InvalidInput,
                       invalidSpec(app, {"invalid managed-by URL: URL must include http or https protocol"}));
    return {};
}

SpecVerdict permissionVerdict(const crd::Application &app, const SpecFindings &findings)
{
    SpecVerdict verdict;
    const FoundDestination &destination = findings.destination;
    if (!findings.project) {
        const Error &error = findings.project.error();
        if (findings.isProjectKnown)
            verdict.refusal = "application spec for " + std::string(app.name()) + " is invalid: " + error.message();
        else
            verdict.unchecked.push_back("what the project permits was not checked: " + error.text());
    }
    if (verdict.refusal.empty() && !destination.problem.empty())
        verdict.refusal =
            "application destination spec for " + std::string(app.name()) + " is invalid: " + destination.problem;
    if (!destination.doubt.empty())
        verdict.unchecked.push_back("whether the destination is known to Argo CD was not checked: "
                                    + destination.doubt);
    if (!verdict.refusal.empty() || !findings.project)
        return verdict;
    std::vector<std::string> problems;
    for (const crd::Condition &condition : policy::specConditions(app, *findings.project, destination.cluster))
        problems.push_back(condition.message);
    if (problems.empty())
        return verdict;
    // Without the Secrets of repositories and clusters it is not known what they add to the project.
    if (findings.project->unseen.empty())
        verdict.refusal = invalidSpec(app, problems);
    else
        verdict.unchecked.insert(verdict.unchecked.end(), problems.begin(), problems.end());
    return verdict;
}

SpecVerdict specVerdict(const crd::Application &app, const SpecFindings &findings)
{
    SpecVerdict verdict = permissionVerdict(app, findings);
    if (!verdict.refusal.empty())
        return verdict;
    if (const std::string problem = referenceProblem(app.spec); !problem.empty()) {
        verdict.refusal =
            "application spec for " + std::string(app.name()) + " is invalid: error getting ref sources: " + problem;
        return verdict;
    }
    std::vector<std::string> problems;
    addRepositories(findings.repositories, verdict, problems);
    addManifests(findings, verdict, problems);
    const auto dependsOnCluster = [](const FoundManifests &found) { return found.isChart && !found.error; };
    if (!findings.isClusterAsked && std::ranges::any_of(findings.manifests, dependsOnCluster))
        verdict.unchecked.push_back("the manifests were made without the version and the kinds of their cluster, which "
                                    "is not reached from here");
    for (const std::string &refused : findings.unpermitted)
        verdict.warnings.push_back("a sync will be refused: " + refused);
    if (!problems.empty())
        verdict.refusal = invalidSpec(app, problems);
    return verdict;
}

bool isInsideCluster(std::string_view repoUrl)
{
    const std::string host = asciiLower(hostOf(repoUrl));
    return host.ends_with(".svc") || host.ends_with(".cluster.local");
}

} // namespace tiphys::control
