// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/invocation.h"
#include "cli/online/online_session.h"
#include "cli/resource_flag.h"
#include "control/tree_view.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::cli {

/// Commands that talk to a cluster. Each gives the exit code; an error is printed by who called.
Async<int> runAppList(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppGet(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
/// `app tree` and `app resources`.
Async<int> runAppTree(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppDiff(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppManifests(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppSync(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppWait(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppHistory(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppRollback(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppRefresh(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppTerminate(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppDelete(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppCreate(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppActions(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppGetResource(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppPatchResource(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppDeleteResource(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
/// `app set`, `app unset`, `app add-source` and `app remove-source`.
Async<int> runAppSource(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppPatch(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppEdit(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppConfirmDeletion(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runAppLogs(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runEngine(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runRolloutEngine(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runClusterList(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runClusterUse(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
Async<int> runInstallCrds(OnlineSession &session, const Invocation &invocation, CancelToken cancel);

/// `rollout`, `analysis` and `experiment`: what is asked for stands in `invocation.command`.
Async<int> runRollout(OnlineSession &session, const Invocation &invocation, CancelToken cancel);

/// The one application that a command names, with the session of its context. Only this object is read.
struct NamedApp
{
    control::ContextSession *session = nullptr;
    service::AppId id;
    crd::Application app;
};
Async<NamedApp> namedApp(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
/// Those that a command on several applications names or chooses, at least one. Errors: NotFound, also where none is chosen.
Async<std::vector<NamedApp>> namedApps(OnlineSession &session, const Invocation &invocation, CancelToken cancel);
/// Reads the Applications of the control plane's namespace where those of all namespaces may not be listed: ContextSession::apps()
/// has them then, and standard error says so. Errors: why not even these can be read.
Async<void> ownApplicationsRead(control::ContextSession *home, const Invocation &invocation, CancelToken cancel);
/// The same with the Application as it was last seen.
NamedApp asKnownNow(NamedApp named);
/// Does \p act to each of \p apps as it is known by then, one after the other, until one fails or gives another exit code than 0.
/// Where there are several, text names each before it is worked on, and documents of YAML are kept apart.
Async<int> oneByOne(std::vector<NamedApp> apps, const Invocation &invocation, std::function<Async<int>(NamedApp)> act);

/// Compares the application now, at its target revision.
Async<control::EvaluationPtr> evaluate(OnlineSession &session, NamedApp named, CancelToken cancel);
/// The same for who only looks: an object that may not be read hides no other (Evaluation::unread).
Async<control::EvaluationPtr> evaluateReadable(OnlineSession &session, NamedApp named, CancelToken cancel);
/// The live objects alone, of what can be read soon: no source is asked for, and nothing is desired.
Async<control::EvaluationPtr> evaluateLive(OnlineSession &session, NamedApp named, CancelToken cancel);
/// As evaluate() with the revision, the revisions of several sources or the local files that the command line names.
Async<control::EvaluationPtr> evaluateAsked(OnlineSession &session, NamedApp named, const Invocation &invocation,
                                            CancelToken cancel);
/// The place of the source that the flags name: 0 for the only one. Errors: NotFound.
Expected<int> sourcePositionOf(const crd::ApplicationSpec &spec, const SourceFlags &flags);
/// What the flags change of a source; a file of values is read.
Expected<crd::SourceEdit> sourceEditOf(const SourceFlags &flags);
/// The tree of an application as this program sees it.
control::TreeView treeOf(const NamedApp &named, const control::Evaluation &evaluation);

/// Asks for a comparison of \p named and waits until it is stored. Errors: Denied where nobody would make one.
Async<void> comparedAnew(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel);

/// Prints what an act has come to ("requested", "deleted", …): \p sentence, or {"application","namespace","state"} for
/// other formats than text.
void printAct(const Invocation &invocation, const service::AppId &id, std::string_view state,
              const std::string &sentence);

} // namespace tiphys::cli
