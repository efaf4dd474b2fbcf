// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"

#include "base/text.h"
#include "control/application_access.h"
#include "control/tree_view.h"

namespace tiphys::cli {

namespace {

/// Namespace and name of "NAME", "NAMESPACE/NAME" or -n NAMESPACE.
control::ApplicationScope scopeOf(const Invocation &invocation)
{
    const std::string &name = invocation.app.name;
    const auto slash = name.find('/');
    if (slash != std::string::npos)
        return {.ns = name.substr(0, slash), .name = name.substr(slash + 1)};
    return {.ns = invocation.connection.ns, .name = name};
}

} // namespace

Async<NamedApp> namedApp(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const control::ApplicationScope scope = scopeOf(invocation);
    const Expected<control::ContextSession *> opened = co_await session.open(scope, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    control::ContextSession *home = *opened;
    if (!home->state().hasArgoCdTypes)
        co_return failure(ErrorCode::NotFound,
                          "the cluster of context '" + home->state().context
                              + "' has no Application type; tiphysctl admin install-crds adds it");
    std::vector<service::AppId> found;
    for (const auto &[id, known] : home->apps()) {
        if (id.name == scope.name)
            found.push_back(id);
    }
    if (found.size() > 1)
        co_return failure(ErrorCode::InvalidInput, "several namespaces have an application '" + scope.name
                                                       + "': name one as NAMESPACE/NAME");
    if (found.empty()) {
        if (!home->state().refusal.empty()) {
            // Listing is refused: the one object may still be read.
            const std::string ns = scope.ns.empty() ? home->controlPlaneNamespace() : scope.ns;
            const Expected<crd::Application> app = co_await control::readApplication(
                home->cluster(), {home->state().context, ns, scope.name}, cancel);
            if (app) {
                home->adopt(app->object);
                co_return NamedApp{home, {home->state().context, ns, scope.name}, *app};
            }
            co_return std::unexpected(app.error());
        }
        co_return failure(ErrorCode::NotFound, "no application " + tiphys::quoted(scope.name)
                                                   + (scope.ns.empty() ? "" : " in namespace " + tiphys::quoted(scope.ns))
                                                   + " in context " + tiphys::quoted(home->state().context));
    }
    const control::KnownApp *known = home->find(found.front());
    if (!known->app)
        co_return std::unexpected(known->error ? *known->error : Error(ErrorCode::Internal, "not read"));
    co_return NamedApp{home, found.front(), *known->app};
}

Async<control::EvaluationPtr> evaluate(OnlineSession &session, NamedApp named, std::string revision,
                                       CancelToken cancel)
{
    const Expected<control::ContextSession *> destination =
        co_await session.destinationOf(named.app.spec.destination, named.session, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    control::AppObserver observer(*named.session, *destination, session.parts(), {});
    control::ObserveRequest request;
    request.mayGoWithoutDryRuns = true;
    request.consistency = ports::Consistency::MostRecent;
    if (!revision.empty())
        request.revisions = {revision};
    const Expected<control::EvaluationPtr> evaluation = co_await observer.observe(named.app, request, cancel);
    co_return evaluation;
}

control::TreeView treeOf(const NamedApp &named, const control::Evaluation &evaluation)
{
    const Expected<policy::EffectiveProject> project = named.session->projectOf(named.app);
    return control::treeViewOf(named.app, evaluation, project ? std::optional(*project) : std::nullopt);
}

void printAct(const Invocation &invocation, const service::AppId &id, std::string_view state, const std::string &sentence)
{
    if (invocation.output == Output::Text)
        print(sentence.empty() ? "" : sentence + "\n");
    else
        printValue(object::Value::map({{"application", id.name}, {"namespace", id.ns}, {"state", state}}), invocation.output);
}

} // namespace tiphys::cli
