// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/write_executor.h"

#include "async/delay.h"
#include "control/engine_lease.h"
#include "control/request_outcome.h"
#include "crd/names.h"

#include <algorithm>
#include <chrono>

namespace tiphys::control {

using object::Object;
using object::Value;

namespace {

ports::PatchType patchTypeOf(sync::PatchKind kind)
{
    switch (kind) {
    case sync::PatchKind::Json: return ports::PatchType::Json;
    case sync::PatchKind::Merge: return ports::PatchType::Merge;
    case sync::PatchKind::StrategicMerge: return ports::PatchType::StrategicMerge;
    case sync::PatchKind::Apply: return ports::PatchType::Apply;
    }
    return ports::PatchType::Merge;
}

ports::Propagation propagationOf(sync::Propagation propagation)
{
    switch (propagation) {
    case sync::Propagation::Background: return ports::Propagation::Background;
    case sync::Propagation::Foreground: return ports::Propagation::Foreground;
    case sync::Propagation::Orphan: return ports::Propagation::Orphan;
    }
    return ports::Propagation::Foreground;
}

ports::WriteOptions optionsOf(const sync::Call &call)
{
    ports::WriteOptions options;
    // The controller names none there: the server takes the program's name from the user agent, which is another here.
    options.fieldManager = call.fieldManager.empty() ? std::string(crd::kControllerFieldManager) : call.fieldManager;
    options.dryRun = call.isServerDryRun ? ports::DryRun::All : ports::DryRun::No;
    options.force = call.takesConflicts ? ports::Force::Yes : ports::Force::No;
    return options;
}

/// Writes at one time: the real tool's default for one group of tasks would flood a small server.
constexpr std::size_t kParallelWrites = 16;

} // namespace

Expected<sync::ServedKind> servedKind(const ports::Discovery &discovery, const object::Gvk &gvk)
{
    if (const ports::ApiResource *resource = discovery.find(gvk)) {
        // What cannot be read cannot be compared: the controller ends before its dry run.
        constexpr std::string_view verb = "get";
        if (!resource->can(verb))
            return failure(ErrorCode::Unsupported, std::string(verb) + " is not supported on resources of kind \""
                                                       + gvk.groupKind().text() + '"');
        return sync::ServedKind{.isNamespaced = resource->type.isNamespaced, .resource = resource->type.plural};
    }
    if (discovery.isFailedGroup(gvk.group))
        return failure(ErrorCode::Unavailable, "group '" + gvk.group + "' does not answer");
    const bool isVersionServed = std::ranges::contains(discovery.groupVersions(), gvk.apiVersion());
    return std::unexpected(sync::kindNotServed(gvk, isVersionServed));
}

Async<std::vector<sync::WriteResult>> WriteExecutor::execute(std::vector<sync::Write> writes, CancelToken cancel)
{
    std::vector<sync::WriteResult> results(writes.size());
    for (std::size_t start = 0; start < writes.size(); start += kParallelWrites) {
        if (!m_mayWrite())
            co_return std::unexpected(leaseLost());
        // An Async starts at once, so a group of them runs side by side.
        std::vector<Async<sync::WriteResult>> running;
        const std::size_t end = std::min(writes.size(), start + kParallelWrites);
        for (std::size_t i = start; i < end; ++i)
            running.push_back(executeOne(writes[i], cancel));
        for (std::size_t i = start; i < end; ++i) {
            const Expected<sync::WriteResult> result = co_await running[i - start];
            results[i] = result ? *result : sync::WriteResult::failed(result.error());
        }
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
    }
    co_return results;
}

Async<sync::WriteResult> WriteExecutor::executeOne(sync::Write write, CancelToken cancel)
{
    std::vector<sync::Reply> replies;
    while (true) {
        const sync::ExchangeStep step = sync::nextCall(write, replies);
        if (const auto *result = std::get_if<sync::WriteResult>(&step))
            co_return *result;
        const sync::Call call = std::get<sync::Call>(step);
        if (call.delayMilliseconds > 0) {
            const Expected<void> waited =
                co_await async::delay(std::chrono::milliseconds(call.delayMilliseconds), cancel);
            if (!waited)
                co_return std::unexpected(waited.error());
        }
        const Expected<Object> reply = co_await send(call, cancel);
        if (!reply && reply.error().code() == ErrorCode::Cancelled)
            co_return std::unexpected(reply.error());
        replies.push_back(reply);
    }
}

Async<Object> WriteExecutor::send(sync::Call call, CancelToken cancel)
{
    const Expected<Object> reply = co_await sendOnce(call, cancel);
    if (reply || reply.error().code() != ErrorCode::Unknown || cancel.isCancelled())
        co_return reply;
    const Expected<Object> found = co_await afterLostAnswer(call, reply.error(), cancel);
    co_return found;
}

Async<Object> WriteExecutor::afterLostAnswer(sync::Call call, Error lost, CancelToken cancel)
{
    switch (call.verb) {
    case sync::Verb::Create: {
        sync::Call look = call;
        look.verb = sync::Verb::Get;
        const Expected<Object> live = co_await sendOnce(look, cancel);
        if (live && !call.isServerDryRun && isOfSameMaker(Object(call.body), *live))
            co_return live;
        if (live || live.error().code() != ErrorCode::NotFound)
            co_return std::unexpected(lost);
        break; // it did not arrive
    }
    case sync::Verb::Patch:
        // The tests of a JSON patch fail when it is sent twice.
        if (call.patch == sync::PatchKind::Json)
            co_return std::unexpected(lost);
        break;
    case sync::Verb::Get:
    case sync::Verb::Replace:
    case sync::Verb::Delete: break;
    }
    Expected<Object> again = co_await sendOnce(call, cancel);
    if (!again && call.verb == sync::Verb::Delete && again.error().code() == ErrorCode::NotFound)
        again = Object();
    co_return again;
}

Async<Object> WriteExecutor::sendOnce(sync::Call call, CancelToken cancel)
{
    const Expected<ports::DiscoveryPtr> discovery = co_await m_cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    Expected<ports::ResourceType> type = (*discovery)->typeOf(call.gvk);
    if (!type) {
        // The CRD may have been applied a moment ago.
        const Expected<ports::DiscoveryPtr> fresh = co_await m_cluster->refreshDiscovery(cancel);
        if (fresh)
            type = (*fresh)->typeOf(call.gvk);
        if (!type)
            co_return std::unexpected(type.error());
    }
    const ports::ObjectRef ref{*type, type->isNamespaced ? call.ns : "", call.name};
    Object body(call.body);
    if (!type->isNamespaced && !body.ns().empty())
        body = Object(body.value().withoutPath({"metadata", "namespace"}));
    switch (call.verb) {
    case sync::Verb::Get: {
        const Expected<Object> object = co_await m_cluster->get(ref, {}, cancel);
        co_return object;
    }
    case sync::Verb::Create: {
        const Expected<ports::Written> written = co_await m_cluster->create(*type, body, optionsOf(call), cancel);
        if (!written)
            co_return std::unexpected(written.error());
        co_return written->object;
    }
    case sync::Verb::Replace: {
        const Expected<ports::Written> written = co_await m_cluster->replace(*type, body, optionsOf(call), cancel);
        if (!written)
            co_return std::unexpected(written.error());
        co_return written->object;
    }
    case sync::Verb::Patch: {
        const ports::Patch patch{patchTypeOf(call.patch),
                                 call.patch == sync::PatchKind::Apply ? body.value() : call.body};
        const Expected<ports::Written> written = co_await m_cluster->patch(ref, patch, optionsOf(call), cancel);
        if (!written)
            co_return std::unexpected(written.error());
        co_return written->object;
    }
    case sync::Verb::Delete: {
        ports::DeleteOptions options;
        if (call.propagation)
            options.propagation = propagationOf(*call.propagation);
        options.uid = call.uid;
        options.dryRun = call.isServerDryRun ? ports::DryRun::All : ports::DryRun::No;
        const Expected<void> removed = co_await m_cluster->remove(ref, options, cancel);
        if (!removed)
            co_return std::unexpected(removed.error());
        co_return Object();
    }
    }
    co_return failure(ErrorCode::Internal, "unknown call");
}

} // namespace tiphys::control
