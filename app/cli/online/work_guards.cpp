// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/work_guards.h"

#include "cli/terminal.h"

namespace tiphys::cli {

Expected<void> confirmed(const Invocation &invocation, const std::string &question)
{
    if (invocation.app.isConfirmed)
        return {};
    if (!isTerminal())
        return failure(ErrorCode::InvalidInput, question + " needs --yes where no terminal can be asked");
    if (isAnsweredYes(question + "?"))
        return {};
    return failure(ErrorCode::Cancelled, "nothing was done");
}

Expected<void> somebodyWorks(const NamedApp &named, const Invocation &invocation)
{
    const control::ReconcilerChoice choice = named.session->reconciler(named.id);
    if (invocation.app.localEngine || choice.reconciler != service::Reconciler::Nobody)
        return {};
    return failure(ErrorCode::Denied, "nobody would do it: " + choice.reason
                                          + (choice.mayRunLocal ? "; --local-engine lets this program do it" : ""));
}

Expected<void> localWorkAllowed(const NamedApp &named, const Invocation &invocation)
{
    const control::ReconcilerChoice choice = named.session->reconciler(named.id);
    if (!invocation.app.localEngine || choice.mayRunLocal)
        return {};
    return failure(ErrorCode::Denied, "the local engine must not run here: " + choice.reason);
}

Expected<void> workAllowed(const NamedApp &named, const Invocation &invocation)
{
    if (const Expected<void> allowed = localWorkAllowed(named, invocation); !allowed)
        return allowed;
    return somebodyWorks(named, invocation);
}

} // namespace tiphys::cli
