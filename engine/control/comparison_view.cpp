// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/comparison_view.h"

#include "control/diff_view.h"

#include <chrono>

namespace tiphys::control {

namespace {

service::CommitSummary summaryOf(const offline::FoundRevision &revision)
{
    return {revision.commit, revision.subject, revision.author, revision.seconds * 1000};
}

service::AppChange appChangeOf(offline::ChangeKind change)
{
    switch (change) {
    case offline::ChangeKind::Changed: return service::AppChange::Changed;
    case offline::ChangeKind::Added: return service::AppChange::Added;
    case offline::ChangeKind::Removed: return service::AppChange::Removed;
    case offline::ChangeKind::Error: return service::AppChange::Error;
    }
    return service::AppChange::Error;
}

/// Equal for equal changes, whatever the object is called: the changed lines decide.
std::uint64_t identityOf(const service::ResourceDiff &diff)
{
    std::uint64_t identity = std::hash<std::string>()(diff.key.kind);
    for (const service::DiffLine &line : diff.lines) {
        if (line.kind == service::LineKind::Same)
            continue;
        identity = identity * 1099511628211ull + std::hash<std::string>()(line.text);
        identity = identity * 31 + static_cast<std::uint64_t>(line.kind);
    }
    return identity;
}

service::ComparedResource comparedOf(const offline::ResourceChange &change)
{
    service::ComparedResource resource;
    resource.key = change.key;
    resource.diff = diffViewOf(change.before, change.after);
    resource.diff.key = change.key;
    resource.change = resource.diff.change;
    resource.diff.cause = change.fileAfter.empty() ? change.fileBefore : change.fileAfter;
    resource.identity = identityOf(resource.diff);
    return resource;
}

} // namespace

Expected<service::ComparisonPtr> comparisonOf(const OpenReader &open, const offline::ForEach &forEach,
                                              const service::CompareRequest &request,
                                              const render::RenderContext &context)
{
    const auto start = std::chrono::steady_clock::now();
    const auto reader = open(request.repository);
    if (!reader)
        return std::unexpected(reader.error());
    const Expected<offline::Comparison> compared = offline::compare(**reader,
                                                                    {.a = request.a,
                                                                     .b = request.b,
                                                                     .fromMergeBase = request.fromMergeBase,
                                                                     .paths = request.paths,
                                                                     .appFiles = request.appFiles,
                                                                     .context = context},
                                                                    forEach);
    if (!compared)
        return std::unexpected(compared.error());
    if (context.needs)
        *context.needs = compared->needs;
    auto view = std::make_shared<service::Comparison>();
    view->a = {compared->a.requested, summaryOf(compared->a)};
    view->b = {compared->b.requested, summaryOf(compared->b)};
    view->applicationCount = compared->applicationCount;
    view->unmatchedFiles = compared->unmatched;
    view->pinned = compared->pinned;
    view->elsewhere = compared->elsewhere;
    for (const offline::AppChange &app : compared->applications) {
        service::ComparedApp shown{
            .name = app.name, .path = app.path, .change = appChangeOf(app.change), .error = app.error, .resources = {}};
        for (const offline::ResourceChange &resource : app.resources)
            shown.resources.push_back(comparedOf(resource));
        view->applications.push_back(std::move(shown));
    }
    for (const offline::OfflineProblem &problem : compared->problems)
        view->applications.push_back({.name = problem.file,
                                      .path = problem.file,
                                      .change = service::AppChange::Error,
                                      .error = problem.message,
                                      .resources = {}});
    view->milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
    return view;
}

service::RevisionChoices choicesOf(const offline::RepositoryReader &reader)
{
    service::RevisionChoices choices;
    choices.branches = reader.branches();
    choices.tags = reader.tags();
    for (const offline::FoundRevision &commit : reader.history(200))
        choices.commits.push_back(summaryOf(commit));
    return choices;
}

} // namespace tiphys::control
