// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/row_filter.h"
#include "cli/online/shown_app.h"
#include "cli/online/tables.h"
#include "crd/names.h"

#include <algorithm>

namespace tiphys::cli {

using control::ContextSession;
using object::Value;
using service::AppRow;

Async<int> runAppList(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<RowFilter> filter = listFilterOf(invocation.app);
    if (!filter)
        co_return std::unexpected(filter.error());
    std::vector<std::string> contexts;
    if (invocation.connection.allContexts) {
        for (const ports::ContextFacts &facts : session.facts().contexts)
            contexts.push_back(facts.name);
    } else {
        const Expected<std::string> context = session.contextName();
        if (!context)
            co_return std::unexpected(context.error());
        contexts.push_back(*context);
    }
    std::vector<std::string> namespaces; // none: all
    if (!invocation.connection.allNamespaces && !invocation.connection.ns.empty()) {
        for (const std::string_view ns : split(invocation.connection.ns, ','))
            namespaces.emplace_back(ns);
    }
    const std::string ns = namespaces.size() == 1 ? namespaces.front() : "";
    std::vector<std::vector<std::string>> rows{
        {"CONTEXT", "NAMESPACE", "NAME", "SYNC", "HEALTH", "OPERATION", "REVISION", "PROJECT", "DESTINATION"}};
    std::vector<Value> values;
    std::string names;
    int failures = 0;
    // All at once: one that does not answer is waited for beside the others.
    for (const std::string &context : contexts)
        ignoreError(session.startContext(context, {.ns = ns, .name = {}}), "told below");
    for (const std::string &context : contexts) {
        const Expected<ContextSession *> opened = co_await session.openContext(context, {.ns = ns, .name = {}}, cancel);
        Error problem(ErrorCode::Unavailable, "");
        Expected<void> listed = opened ? Expected<void>() : std::unexpected(opened.error());
        if (opened && !(*opened)->state().refusal.empty())
            listed = failure(ErrorCode::Denied, (*opened)->state().refusal);
        // Who did not ask for all of them by name sees those that there are rights for.
        if (opened && namespaces.empty() && !invocation.connection.allNamespaces
            && (*opened)->isUnlisted((*opened)->controlPlaneNamespace())) {
            const Expected<void> own = co_await ownApplicationsRead(*opened, invocation, cancel);
            // Others may have been listed.
            if (own || !listed)
                listed = own;
        }
        if (!listed) {
            problem = listed.error();
            // One dead cluster never hides the others.
            if (contexts.size() == 1)
                co_return std::unexpected(problem);
            ++failures;
            fail(problem.in("context " + context));
            if (!opened)
                continue;
        }
        if (!(*opened)->state().hasArgoCdTypes && (*opened)->state().refusal.empty()) {
            problem = Error(ErrorCode::NotFound,
                            (*opened)->state().server
                                + " has no kind Application (argoproj.io): neither Argo CD "
                                  "nor its types are installed; tiphysctl admin install-crds adds the types");
            if (contexts.size() == 1)
                co_return std::unexpected(problem);
            fail(problem.in("context " + context));
            continue;
        }
        // Of several namespaces those that are refused leave no trace in what was listed.
        for (const std::string &wanted : namespaces.size() > 1 ? namespaces : std::vector<std::string>()) {
            const ports::AccessQuestion question{"list", std::string(crd::kGroup), "applications", "", wanted, ""};
            const Expected<ports::Access> access = co_await (*opened)->cluster()->canI(question, cancel);
            if (access && access->isAllowed)
                continue;
            ++failures;
            fail((access ? Error(ErrorCode::Denied, "cannot list applications in namespace " + tiphys::quoted(wanted))
                         : access.error())
                     .in("context " + context));
        }
        for (const auto &[id, known] : (*opened)->apps()) {
            const AppRow &row = *known.row;
            if (!filter->holds(known) || (!namespaces.empty() && !std::ranges::contains(namespaces, id.ns)))
                continue;
            names += id.ns + "/" + id.name + "\n";
            const control::ReconcilerChoice choice = (*opened)->reconciler(id);
            rows.push_back({context, id.ns, id.name, std::string(service::word(row.sync)),
                            std::string(service::word(row.health)), operationText(row), shortRevision(row.revision),
                            row.project, row.destination + "/" + row.destinationNamespace});
            values.push_back(shownObject(known.object).with("tiphys", computedValue(row, choice)));
        }
    }
    if (invocation.output == Output::Text)
        print(tableText(rows));
    else if (invocation.output == Output::Name)
        print(names);
    else
        printStored(values, invocation.output, true);
    co_return failures > 0 ? 1 : 0;
}

} // namespace tiphys::cli
