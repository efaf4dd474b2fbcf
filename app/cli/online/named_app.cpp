// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/local_repositories.h"
#include "cli/online/row_filter.h"
#include "cli/online/source_revisions.h"

#include "base/text.h"
#include "control/application_access.h"
#include "control/tree_view.h"
#include "crd/source_edit.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace tiphys::cli {

namespace {

/// Namespace and name of "NAME", "NAMESPACE/NAME" or -n NAMESPACE.
control::ApplicationScope scopeOf(const std::string &name, const Invocation &invocation)
{
    const auto slash = name.find('/');
    if (slash != std::string::npos)
        return {.ns = name.substr(0, slash), .name = name.substr(slash + 1)};
    return {.ns = invocation.connection.ns, .name = name};
}

/// The session of the chosen context, which has Applications of \p scope.
Async<control::ContextSession *> openedHome(OnlineSession &session, control::ApplicationScope scope, CancelToken cancel)
{
    const Expected<control::ContextSession *> opened = co_await session.open(scope, cancel);
    if (opened && !(*opened)->state().hasArgoCdTypes)
        co_return failure(ErrorCode::NotFound, "the cluster of context '" + (*opened)->state().context
                                                   + "' has no Application type; tiphysctl admin install-crds adds it");
    co_return opened;
}

/// The one application of \p home that \p scope names.
Async<NamedApp> appOf(control::ContextSession *home, control::ApplicationScope scope, CancelToken cancel)
{
    std::vector<service::AppId> found;
    for (const auto &[id, known] : home->apps()) {
        if (id.name == scope.name && (scope.ns.empty() || id.ns == scope.ns))
            found.push_back(id);
    }
    if (found.size() > 1)
        co_return failure(ErrorCode::InvalidInput,
                          "several namespaces have an application '" + scope.name + "': name one as NAMESPACE/NAME");
    if (found.empty()) {
        if (!home->state().refusal.empty()) {
            // Listing is refused: the one object may still be read.
            const std::string ns = scope.ns.empty() ? home->controlPlaneNamespace() : scope.ns;
            const Expected<crd::Application> app =
                co_await control::readApplication(home->cluster(), {home->state().context, ns, scope.name}, cancel);
            if (app) {
                home->adopt(app->object);
                co_return NamedApp{home, {home->state().context, ns, scope.name}, *app};
            }
            co_return std::unexpected(app.error());
        }
        co_return failure(ErrorCode::NotFound,
                          "no application " + tiphys::quoted(scope.name)
                              + (scope.ns.empty() ? "" : " in namespace " + tiphys::quoted(scope.ns)) + " in context "
                              + tiphys::quoted(home->state().context));
    }
    const control::KnownApp *known = home->find(found.front());
    if (!known->app)
        co_return std::unexpected(known->error ? *known->error : Error(ErrorCode::Internal, "not read"));
    co_return NamedApp{home, found.front(), *known->app};
}

/// "selector a=b, project web".
std::string choiceText(const AppFlags &flags)
{
    std::vector<std::string> parts;
    if (!flags.selector.empty())
        parts.push_back("selector " + flags.selector);
    for (const std::string &project : flags.projects)
        parts.push_back("project " + project);
    return join(parts, ", ");
}

/// Those among the known ones that labels and projects choose. Errors: InvalidInput.
Expected<std::vector<NamedApp>> chosenApps(control::ContextSession *home, const Invocation &invocation)
{
    const Expected<RowFilter> filter = choiceFilterOf(invocation.app);
    if (!filter)
        return std::unexpected(filter.error());
    std::vector<NamedApp> apps;
    for (const auto &[id, known] : home->apps()) {
        if (!filter->holds(known) || (!invocation.connection.ns.empty() && id.ns != invocation.connection.ns))
            continue;
        if (!known.app)
            return std::unexpected(known.error ? known.error->in("application " + tiphys::quoted(id.name))
                                               : Error(ErrorCode::Internal, "not read"));
        apps.push_back({home, id, *known.app});
    }
    return apps;
}

} // namespace

Async<void> ownApplicationsRead(control::ContextSession *home, const Invocation &invocation, CancelToken cancel)
{
    const std::string refusal = home->state().refusal;
    ports::ListOptions options;
    options.ns = home->controlPlaneNamespace();
    const Expected<ports::ObjectList> listed =
        co_await home->cluster()->list(control::applicationType(), options, cancel);
    if (!listed && (cancel.isCancelled() || listed.error().code() != ErrorCode::Denied))
        co_return std::unexpected(listed.error());
    // What was asked for first is what the user has to ask rights for.
    if (!listed)
        co_return failure(ErrorCode::Denied, refusal);
    for (const object::Object &app : listed->items)
        home->adopt(app);
    if (!invocation.isQuiet)
        std::fputs(
            ("warning: applications may not be listed in all namespaces: those in " + options.ns + " are shown\n")
                .c_str(),
            stderr);
    co_return {};
}

Async<NamedApp> namedApp(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const control::ApplicationScope scope = scopeOf(invocation.app.name, invocation);
    const Expected<control::ContextSession *> home = co_await openedHome(session, scope, cancel);
    if (!home)
        co_return std::unexpected(home.error());
    const Expected<NamedApp> named = co_await appOf(*home, scope, cancel);
    co_return named;
}

Async<std::vector<NamedApp>> namedApps(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const std::vector<std::string> &names = invocation.app.names;
    std::vector<NamedApp> apps;
    if (names.size() == 1) {
        const Expected<NamedApp> one = co_await namedApp(session, invocation, cancel);
        if (!one)
            co_return std::unexpected(one.error());
        apps.push_back(*one);
        co_return apps;
    }
    const bool hasOtherPlaces = std::ranges::any_of(names, [](const std::string &name) { return name.contains('/'); });
    const control::ApplicationScope scope{.ns = hasOtherPlaces ? std::string() : invocation.connection.ns, .name = {}};
    const Expected<control::ContextSession *> home = co_await openedHome(session, scope, cancel);
    if (!home)
        co_return std::unexpected(home.error());
    if (names.empty()) {
        if (!(*home)->state().refusal.empty() && !scope.ns.empty())
            co_return failure(ErrorCode::Denied, (*home)->state().refusal);
        Expected<void> read;
        if (!(*home)->state().refusal.empty())
            read = co_await ownApplicationsRead(*home, invocation, cancel);
        if (!read)
            co_return std::unexpected(read.error());
        const Expected<std::vector<NamedApp>> chosen = chosenApps(*home, invocation);
        if (chosen && chosen->empty())
            co_return failure(ErrorCode::NotFound, "no application matches " + choiceText(invocation.app));
        co_return chosen;
    }
    // All of them are looked for before anything is done to one.
    for (const std::string &name : names) {
        const Expected<NamedApp> one = co_await appOf(*home, scopeOf(name, invocation), cancel);
        if (!one)
            co_return std::unexpected(one.error());
        // "shop" and "argocd/shop" are the same one.
        if (!std::ranges::contains(apps, one->id, &NamedApp::id))
            apps.push_back(*one);
    }
    co_return apps;
}

NamedApp asKnownNow(NamedApp named)
{
    if (const control::KnownApp *known = named.session->find(named.id); known && known->app)
        named.app = *known->app;
    return named;
}

Async<int> oneByOne(std::vector<NamedApp> apps, const Invocation &invocation, std::function<Async<int>(NamedApp)> act)
{
    const bool areSeveral = apps.size() > 1;
    for (std::size_t i = 0; i < apps.size(); ++i) {
        const service::AppId &id = apps[i].id;
        if (areSeveral && isForPeople(invocation.output))
            print("===== application " + id.ns + "/" + id.name + "\n");
        else if (i > 0 && invocation.output == Output::Yaml)
            print("---\n");
        flushOutput();
        const Expected<int> code = co_await act(asKnownNow(apps[i]));
        if (!code)
            co_return std::unexpected(areSeveral ? code.error().in("application " + tiphys::quoted(id.name))
                                                 : code.error());
        if (*code != 0)
            co_return *code;
    }
    co_return 0;
}

namespace {

/// For lists of a cluster that do not come.
constexpr std::chrono::milliseconds kLivePatience{5'000};

Async<control::EvaluationPtr> observed(OnlineSession &session, NamedApp named, control::ObserveRequest request,
                                       ports::RepositoriesPtr repositories, CancelToken cancel)
{
    const Expected<control::ContextSession *> destination =
        co_await session.destinationOf(named.app.spec.destination, named.session, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    control::ObserverParts parts = session.parts();
    parts.repositories = std::move(repositories);
    control::AppObserver observer(*named.session, *destination, std::move(parts), {});
    request.mayGoWithoutDryRuns = true;
    request.consistency = ports::Consistency::MostRecent;
    const Expected<control::EvaluationPtr> evaluation = co_await observer.observe(named.app, request, cancel);
    co_return evaluation;
}

} // namespace

Expected<int> sourcePositionOf(const crd::ApplicationSpec &spec, const SourceFlags &flags)
{
    if (flags.name.empty())
        return flags.position < 0 ? 0 : flags.position;
    for (std::size_t i = 0; i < spec.sources.size(); ++i) {
        if (spec.sources[i].name == flags.name)
            return static_cast<int>(i) + 1;
    }
    return failure(ErrorCode::NotFound, "the application has no source named '" + flags.name + "'");
}

Async<control::EvaluationPtr> evaluate(OnlineSession &session, NamedApp named, CancelToken cancel)
{
    const Expected<control::EvaluationPtr> evaluation =
        co_await observed(session, named, {}, session.repositories(), cancel);
    co_return evaluation;
}

Async<control::EvaluationPtr> evaluateReadable(OnlineSession &session, NamedApp named, CancelToken cancel)
{
    control::ObserveRequest request;
    request.mayLackObjects = true;
    const Expected<control::EvaluationPtr> evaluation =
        co_await observed(session, named, std::move(request), session.repositories(), cancel);
    co_return evaluation;
}

Async<control::EvaluationPtr> evaluateLive(OnlineSession &session, NamedApp named, CancelToken cancel)
{
    control::ObserveRequest request;
    request.manifests = {"null"}; // no object, instead of those of the sources
    request.mayLackObjects = true;
    request.patience = kLivePatience;
    const Expected<control::EvaluationPtr> evaluation =
        co_await observed(session, named, std::move(request), session.repositories(), cancel);
    co_return evaluation;
}

Async<control::EvaluationPtr> evaluateAsked(OnlineSession &session, NamedApp named, const Invocation &invocation,
                                            CancelToken cancel)
{
    const LocalFlags &local = invocation.app.local;
    control::ObserveRequest request;
    if (local.folder.empty()) {
        const Expected<std::vector<std::string>> several = sourceRevisions(named.app, invocation.app);
        if (!several)
            co_return std::unexpected(several.error());
        request.revisions = *several;
        if (!invocation.app.revision.empty())
            request.revisions = {invocation.app.revision};
        const Expected<control::EvaluationPtr> evaluation =
            co_await observed(session, named, std::move(request), session.repositories(), cancel);
        co_return evaluation;
    }
    const Expected<int> position = sourcePositionOf(named.app.spec, invocation.source);
    if (!position)
        co_return std::unexpected(position.error());
    const Expected<crd::ApplicationSource> source = crd::sourceAt(named.app.spec, *position);
    if (!source)
        co_return std::unexpected(source.error());
    const Expected<LocalPlace> place = localPlaceOf(local, source->path);
    if (!place)
        co_return std::unexpected(place.error());
    const Expected<crd::ApplicationSource> replaced = localSourceOf(*source, *place);
    if (!replaced)
        co_return std::unexpected(replaced.error());
    const Expected<ports::RepositoriesPtr> repositories =
        withLocalFiles(session.repositories(), *replaced, place->root, local.included);
    if (!repositories)
        co_return std::unexpected(repositories.error());
    request.sources = named.app.spec.effectiveSources();
    request.sources[static_cast<std::size_t>(std::max(*position - 1, 0))] = *replaced;
    request.hasMultipleSources = named.app.spec.hasMultipleSources();
    request.areUnsigned = true;
    const Expected<control::EvaluationPtr> evaluation =
        co_await observed(session, named, std::move(request), *repositories, cancel);
    co_return evaluation;
}

control::TreeView treeOf(const NamedApp &named, const control::Evaluation &evaluation)
{
    const Expected<policy::EffectiveProject> project = named.session->projectOf(named.app);
    return control::treeViewOf(named.app, evaluation, project ? std::optional(*project) : std::nullopt);
}

void printAct(const Invocation &invocation, const service::AppId &id, std::string_view state,
              const std::string &sentence)
{
    if (isForPeople(invocation.output))
        print(sentence.empty() ? "" : sentence + "\n");
    else
        printValue(object::Value::map({{"application", id.name}, {"namespace", id.ns}, {"state", state}}),
                   invocation.output);
}

} // namespace tiphys::cli
