// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/decision_executor.h"

namespace tiphys::control {

using object::Object;
using object::Value;
using rollout::OnFailure;
using rollout::Verb;
using rollout::Write;

namespace {

/// The field manager of the controller, so that a change between the two takes no fields away.
constexpr std::string_view kFieldManager = "rollouts-controller";

/// \p body of \p verb, to hold only while the object has \p version ("" for any).
Value guarded(const Write &write, const std::string &version)
{
    if (version.empty())
        return write.body;
    if (write.verb == Verb::JsonPatch) {
        std::vector<Value> operations{
            Value::map({{"op", "test"}, {"path", "/metadata/resourceVersion"}, {"value", version}})};
        for (const Value &operation : write.body.items())
            operations.push_back(operation);
        return Value::list(operations);
    }
    return write.body.withPath({"metadata", "resourceVersion"}, version);
}

ports::PatchType patchTypeOf(Verb verb)
{
    if (verb == Verb::JsonPatch)
        return ports::PatchType::Json;
    return verb == Verb::StrategicMergePatch ? ports::PatchType::StrategicMerge : ports::PatchType::Merge;
}

/// Whether the pass goes on after \p error of \p write.
bool isIgnored(const Write &write, const Error &error)
{
    if (write.onFailure == OnFailure::Ignore)
        return error.code() != ErrorCode::Cancelled;
    return write.onFailure == OnFailure::IgnoreIfAbsent && error.code() == ErrorCode::NotFound;
}

} // namespace

DecisionExecutor::DecisionExecutor(ports::ClusterPtr cluster, EventRecorder &recorder,
                                   std::function<void(const object::ObjectKey &, const Object &)> onWritten,
                                   std::function<bool()> mayWrite)
    : m_cluster(std::move(cluster)), m_recorder(recorder), m_onWritten(std::move(onWritten)),
      m_mayWrite(std::move(mayWrite))
{
}

Async<Object> DecisionExecutor::written(Write write, std::string version, CancelToken cancel)
{
    const bool isJob = write.gvk.group == "batch" && write.gvk.kind == "Job";
    const ports::ClusterPtr cluster = isJob && m_jobCluster ? m_jobCluster : m_cluster;
    const Expected<ports::DiscoveryPtr> discovery = co_await cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const Expected<ports::ResourceType> type = (*discovery)->typeOf(write.gvk);
    if (!type)
        co_return std::unexpected(type.error());
    ports::WriteOptions options;
    options.fieldManager = std::string(kFieldManager);
    options.subresource = write.subresource;
    const ports::ObjectRef ref{*type, write.ns, write.name};
    if (write.verb == Verb::Create || write.verb == Verb::Evict) {
        const Expected<ports::Written> created = co_await cluster->create(*type, Object(write.body), options, cancel);
        if (!created)
            co_return std::unexpected(created.error());
        co_return write.verb == Verb::Evict ? Object() : created->object;
    }
    if (write.verb == Verb::Delete) {
        ports::DeleteOptions removal;
        removal.resourceVersion = version;
        if (write.deletesForeground)
            removal.propagation = ports::Propagation::Foreground;
        const Expected<void> removed = co_await cluster->remove(ref, removal, cancel);
        if (!removed)
            co_return std::unexpected(removed.error());
        co_return Object();
    }
    const Expected<ports::Written> patched =
        co_await cluster->patch(ref, {patchTypeOf(write.verb), guarded(write, version)}, options, cancel);
    if (!patched)
        co_return std::unexpected(patched.error());
    co_return patched->object;
}

Async<Object> DecisionExecutor::subjectOf(rollout::Event event, Object about, CancelToken cancel)
{
    if (!event.about)
        co_return about;
    const Expected<ports::DiscoveryPtr> discovery = co_await m_cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const Expected<ports::ResourceType> type =
        (*discovery)->typeOf(object::GroupKind{event.about->group, event.about->kind});
    if (!type)
        co_return std::unexpected(type.error());
    const Expected<Object> subject = co_await m_cluster->get({*type, event.about->ns, event.about->name}, {}, cancel);
    co_return subject;
}

Async<Carried> DecisionExecutor::carryOut(rollout::Decision decision, Object about, CancelToken cancel)
{
    Versions versions;
    bool isOver = false;
    std::size_t acts = 0;
    int evictions = 0;
    for (const rollout::Act &act : decision.acts) {
        const auto *next = std::get_if<Write>(&act);
        if (isOver && !(next && next->endsPass))
            break;
        ++acts;
        if (next && next->verb == Verb::Evict && evictions >= decision.mostEvictions)
            continue;
        if (const auto *event = std::get_if<rollout::Event>(&act)) {
            const Expected<Object> subject = co_await subjectOf(*event, about, cancel);
            if (subject)
                ignoreError(
                    co_await m_recorder.record(*subject, {event->isWarning, event->reason, event->message}, cancel),
                    "an event is news, not state");
            continue;
        }
        const Write write = std::get<Write>(act);
        if (!m_mayWrite())
            co_return Carried{Error(ErrorCode::Denied, "the Lease of this engine is not held any more"), "", {}, acts};
        std::string version = write.resourceVersion;
        if (const auto own = versions.find(write.key()); own != versions.end() && !version.empty())
            version = own->second;
        const Expected<Object> result = co_await written(write, version, cancel);
        if (!result) {
            if (isIgnored(write, result.error()))
                continue;
            Carried carried{
                result.error().in(std::string(rollout::text(write.verb)) + " " + write.key().text()), "", {}, acts};
            if (write.verb == Verb::Create || write.verb == Verb::MergePatch)
                carried.refused = write.key();
            // What is there already was made by a pass whose answer was lost: the next one finds it.
            if (write.onFailure == OnFailure::ReportReplicaSet && result.error().code() != ErrorCode::Unknown
                && result.error().reason() != "AlreadyExists")
                carried.refusedReplicaSet = write.name;
            co_return carried;
        }
        isOver = isOver || write.endsPass;
        evictions += write.verb == Verb::Evict ? 1 : 0;
        if (!result->isNull())
            versions.insert_or_assign(write.key(), std::string(result->resourceVersion()));
        if (write.verb != Verb::Evict)
            m_onWritten(write.key(), *result);
    }
    co_return Carried{{}, "", {}, acts};
}

} // namespace tiphys::control
