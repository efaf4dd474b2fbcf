// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/exchange.h"

#include "base/text.h"
#include "compare/apply_patch.h"
#include "object/json.h"
#include "sync/hook.h"
#include "sync/managed_fields.h"
#include "sync/rbac.h"

#include <optional>
#include <vector>

namespace tiphys::sync {

using object::Value;

namespace {

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr int kMostConflicts = 5;
constexpr int kCrdPolls = 30;
constexpr std::int64_t kCrdPollMilliseconds = 100;
constexpr int kDeletionPolls = 300;

bool isError(const Reply &reply, ErrorCode code)
{
    return !reply && reply.error().code() == code;
}

/// 409 or 422: what `force` may answer by deleting.
bool isRefusedChange(const Reply &reply)
{
    return isError(reply, ErrorCode::Conflict)
           || (isError(reply, ErrorCode::InvalidInput) && reply.error().reason() == "Invalid");
}

bool isEstablished(const object::Object &crd)
{
    const Value conditions = crd.path({"status", "conditions"});
    for (const Value &condition : conditions.items()) {
        if (condition["type"].stringOr() == "Established")
            return condition["status"].stringOr() == "True";
    }
    return false;
}

/// A member null inside of maps is left out when an object is created.
Value withoutNulls(const Value &value)
{
    if (!value.isMap())
        return value;
    Value result = value;
    for (const auto &[key, member] : value.entries()) {
        if (member.isNull())
            result = result.without(key);
        else if (member.isMap())
            result = result.with(key, withoutNulls(member));
    }
    return result;
}

/// One write, told again from its beginning with the replies that are there.
class Exchange
{
public:
    Exchange(const Write &write, std::span<const Reply> replies) : m_write(write), m_replies(replies) {}

    ExchangeStep step()
    {
        if (std::optional<WriteResult> result = carriedOut())
            return *std::move(result);
        return m_needed;
    }

private:
    // Nothing: a reply is missing, and m_needed says which.
    using Result = std::optional<WriteResult>;

    Result carriedOut()
    {
        switch (m_write.act) {
        case Act::Look: return look();
        case Act::Apply: return applied();
        case Act::Prune:
        case Act::DeleteHook: return deleted();
        case Act::RemoveHookFinalizer: return released();
        }
        return {};
    }

    const Reply *send(Call call)
    {
        if (m_next < m_replies.size())
            return &m_replies[m_next++];
        m_needed = std::move(call);
        return nullptr;
    }

    Call callOf(Verb verb, Value body = {}) const
    {
        Call call;
        call.verb = verb;
        call.gvk = m_write.gvk;
        call.ns = m_write.ns;
        call.name = m_write.name;
        call.body = std::move(body);
        return call;
    }
    const Reply *get(std::int64_t delayMilliseconds = 0)
    {
        Call call = callOf(Verb::Get);
        call.delayMilliseconds = delayMilliseconds;
        return send(std::move(call));
    }
    const Reply *create(const object::Object &object, std::string_view manager)
    {
        Call call = callOf(Verb::Create, object.value());
        call.fieldManager = manager;
        return send(std::move(call));
    }
    const Reply *remove(Propagation propagation)
    {
        Call call = callOf(Verb::Delete);
        call.propagation = propagation;
        return send(std::move(call));
    }

    std::string said(std::string_view what) const
    {
        return printedName(m_write.target) + ' ' + std::string(what) + (m_write.isDryRun ? " (dry run)" : "");
    }
    WriteResult done(std::string_view what, const object::Object &object = {}) const
    {
        return WriteResult::done(said(what), object);
    }

    Result look()
    {
        const Reply *reply = get();
        if (!reply)
            return {};
        return *reply ? WriteResult::done({}, **reply) : WriteResult::failed(reply->error());
    }

    Result deleted()
    {
        const Reply *reply = remove(m_write.propagation);
        if (!reply)
            return {};
        return *reply ? WriteResult::done({}) : WriteResult::failed(reply->error());
    }

    Result released()
    {
        object::Object live = m_write.live;
        constexpr std::int64_t pauseMilliseconds = 10;
        for (int attempt = 0;; ++attempt) {
            const object::Object free = withoutHookFinalizer(live);
            if (free == live)
                return WriteResult::done({}, live);
            Call call = callOf(Verb::Replace, free.value());
            call.delayMilliseconds = attempt > 0 ? pauseMilliseconds : 0;
            const Reply *put = send(std::move(call));
            if (!put)
                return {};
            if (*put)
                return WriteResult::done({}, **put);
            if (isError(*put, ErrorCode::NotFound))
                return WriteResult::done({});
            if (!isError(*put, ErrorCode::Conflict) || attempt + 1 == kMostConflicts)
                return WriteResult::failed("failed to update resource: failed to update resource: "
                                           + put->error().text());
            const Reply *fresh = get();
            if (!fresh)
                return {};
            if (isError(*fresh, ErrorCode::NotFound))
                return WriteResult::done({});
            if (!*fresh)
                return WriteResult::failed("failed to get resource: failed to get resource: " + fresh->error().text());
            live = **fresh;
        }
    }

    Result applied()
    {
        Result result = appliedByMode();
        if (!result || result->isFailed || m_write.isDryRun || !isCrd(m_write.target))
            return result;
        // Its objects come next; that it is not ready in time is no failure.
        for (int poll = 0; poll < kCrdPolls; ++poll) {
            const Reply *reply = get(poll == 0 ? 0 : kCrdPollMilliseconds);
            if (!reply)
                return {};
            if (!*reply || isEstablished(**reply))
                break;
        }
        return result;
    }

    Result appliedByMode()
    {
        switch (m_write.mode) {
        case ApplyMode::ClientSide: return clientSide();
        case ApplyMode::ServerSide: return serverSide();
        case ApplyMode::Create: return created();
        case ApplyMode::Replace: return m_write.forces ? recreated() : replaced();
        case ApplyMode::Update: return updated();
        }
        return {};
    }

    Result clientSide()
    {
        if (!isReconciledRbac(m_write.target))
            return threeWayApplied();
        const Result reconciliation = reconciled();
        if (!reconciliation || reconciliation->isFailed)
            return reconciliation;
        Result result = threeWayApplied();
        if (result && !result->isFailed)
            result->message = reconciliation->message + result->message;
        return result;
    }

    static WriteResult notReconciled(const Error &error)
    {
        return WriteResult::failed("error running kubectl auth reconcile: " + error.text());
    }

    /// Was \p reply refused because the object came, went or is another one since it was looked at.
    static bool isOvertaken(const Reply &reply, const Call &call)
    {
        if (reply)
            return false;
        const bool isConflict = reply.error().code() == ErrorCode::Conflict;
        switch (call.verb) {
        case Verb::Create: return isConflict && reply.error().reason() == "AlreadyExists";
        case Verb::Replace: return isError(reply, ErrorCode::NotFound);
        case Verb::Delete: return isConflict;
        case Verb::Get:
        case Verb::Patch: break;
        }
        return false;
    }

    /// `kubectl auth reconcile`: adds what is missing, and makes a binding to another role anew.
    Result reconciled()
    {
        const bool isInNamespace = m_write.gvk.kind == "Role" || m_write.gvk.kind == "RoleBinding";
        if (isInNamespace && !m_write.isDryRun) {
            Call call;
            call.gvk = {.group = "", .version = "v1", .kind = "Namespace"};
            call.name = m_write.ns;
            const Reply *reply = send(std::move(call));
            if (!reply)
                return {};
            if (!*reply)
                return notReconciled(reply->error().in("error getting namespace " + m_write.ns));
        }
        const int mostOvertaken = m_write.gvk.kind.ends_with("Binding") ? 3 : 2;
        constexpr int mostConflicts = 3;
        for (int overtaken = 0, conflicts = 0;;) {
            const Reply *live = get();
            if (!live)
                return {};
            if (!*live && !isError(*live, ErrorCode::NotFound))
                return notReconciled(live->error());
            const object::Object before = *live ? **live : object::Object();
            const RbacReconciliation plan = reconciliationOf(m_write.target, before);
            Call refusedCall;
            const Reply *refused = nullptr;
            for (const Call &call : reconcilingCalls(plan, before)) {
                const Reply *reply = send(call);
                if (!reply)
                    return {};
                if (*reply || (call.verb == Verb::Delete && isError(*reply, ErrorCode::NotFound)))
                    continue;
                refused = reply;
                refusedCall = call;
                break;
            }
            if (!refused)
                return WriteResult::done(said("reconciled") + (plan.detail.empty() ? "" : ". " + plan.detail),
                                         plan.body);
            if (isOvertaken(*refused, refusedCall)) {
                if (++overtaken > mostOvertaken)
                    return notReconciled(Error(ErrorCode::Conflict, "exceeded maximum attempts"));
            } else if (isError(*refused, ErrorCode::Conflict) && ++conflicts < mostConflicts) {
                overtaken = 0;
            } else {
                return notReconciled(refused->error());
            }
        }
    }

    std::vector<Call> reconcilingCalls(const RbacReconciliation &plan, const object::Object &before) const
    {
        using Operation = RbacReconciliation::Operation;
        std::vector<Call> calls;
        if (m_write.isDryRun || plan.operation == Operation::None)
            return calls;
        if (plan.operation == Operation::Recreate) {
            calls.push_back(callOf(Verb::Delete));
            calls.back().uid = before.uid();
        }
        calls.push_back(callOf(plan.operation == Operation::Update ? Verb::Replace : Verb::Create, plan.body.value()));
        return calls;
    }

    Result threeWayApplied()
    {
        const object::Object modified = compare::withLastApplied(m_write.target);
        Reply const *live = get();
        for (int attempt = 0;; ++attempt) {
            if (!live)
                return {};
            if (isError(*live, ErrorCode::NotFound))
                return createdByApply(modified);
            if (!*live)
                return WriteResult::failed(live->error());
            const auto patch = compare::threeWayApplyPatch(lastAppliedOf(**live), modified, **live);
            if (!patch)
                return WriteResult::failed(patch.error());
            if (patch->isEmpty())
                return withWarning(done("unchanged", **live), **live);
            if (m_write.isDryRun)
                return withWarning(done("configured"), **live);
            Call call = callOf(Verb::Patch, patch->body);
            const bool isStrategic = patch->type == compare::PatchType::StrategicMerge;
            call.patch = isStrategic ? PatchKind::StrategicMerge : PatchKind::Merge;
            call.fieldManager = kApplyManager;
            call.delayMilliseconds = attempt > 1 ? 1000 : 0;
            const Reply *reply = send(std::move(call));
            if (!reply)
                return {};
            if (*reply)
                return withWarning(done("configured", **reply), **live);
            if (isError(*reply, ErrorCode::Conflict) && attempt < kMostConflicts) {
                live = get();
                continue;
            }
            if (m_write.forces && isRefusedChange(*reply))
                return forced(modified, **live);
            return WriteResult::failed(reply->error());
        }
    }

    WriteResult withWarning(WriteResult result, const object::Object &live) const
    {
        if (!live.annotation(kLastApplied)) {
            const std::string resource =
                m_write.resource.empty() ? asciiLower(m_write.gvk.kind) + 's' : m_write.resource;
            result.message +=
                ". Warning: resource " + resource + '/' + m_write.name + " is missing the " + std::string(kLastApplied)
                + " annotation which is required by  apply.  apply should only be used on resources created "
                  "declaratively by either  create --save-config or  apply. The missing annotation will be patched "
                  "automatically.";
        }
        return result;
    }

    Result createdByApply(const object::Object &modified)
    {
        if (m_write.isDryRun)
            return done("created");
        const Reply *reply = create(object::Object(withoutNulls(modified.value())), kApplyManager);
        if (!reply)
            return {};
        return *reply ? done("created", **reply) : WriteResult::failed(reply->error());
    }

    /// Deletes and creates again what could not be changed.
    Result forced(const object::Object &modified, const object::Object &live)
    {
        const Reply *gone = remove(Propagation::Background);
        if (!gone)
            return {};
        if (!*gone && !isError(*gone, ErrorCode::NotFound))
            return WriteResult::failed(gone->error());
        const Reply *left = get();
        if (!left)
            return {};
        if (*left)
            return WriteResult::failed("timed out waiting for the condition");
        const Reply *reply = create(modified, kApplyManager);
        if (!reply)
            return {};
        if (*reply)
            return done("configured", **reply);
        const object::Object former(
            live.value().withoutPath({"metadata", "resourceVersion"}).withoutPath({"metadata", "uid"}));
        const Reply *restored = create(former, kApplyManager);
        if (!restored)
            return {};
        std::string message = reply->error().text();
        if (!*restored)
            message = "An error occurred force-replacing the existing object with the newly provided one:\n\n" + message
                      + ".\n\nAdditionally, an error occurred attempting to restore the original object:\n\n"
                      + restored->error().text();
        return WriteResult::failed(std::move(message));
    }

    Call serverSideCall() const
    {
        Call call = callOf(Verb::Patch, m_write.target.withoutAnnotation(kLastApplied).value());
        call.patch = PatchKind::Apply;
        call.fieldManager = kApplyManager;
        call.takesConflicts = true;
        return call;
    }

    Result serverSide()
    {
        if (m_write.forces)
            return WriteResult::failed("--force cannot be used with --server-side");
        if (!m_write.migrationManager.empty()) {
            Result migrated = migrate();
            if (!migrated || migrated->isFailed)
                return migrated;
        }
        const Reply *reply = send(serverSideCall());
        if (!reply)
            return {};
        if (!*reply)
            return WriteResult::failed(reply->error());
        // What client-side apply left behind would keep fields that are gone from the target.
        const Value migration = managerMigration(**reply, clientSideManagers(**reply), kApplyManager);
        if (migration.isNull())
            return done("serverside-applied", **reply);
        Call call = callOf(Verb::Patch, migration);
        call.patch = PatchKind::Json;
        call.fieldManager = kApplyManager;
        const Reply *moved = send(std::move(call));
        if (!moved)
            return {};
        if (!*moved)
            return WriteResult::done(said("serverside-applied")
                                         + ". Warning: error migrating managed fields: " + moved->error().text(),
                                     **reply);
        const Reply *again = send(serverSideCall());
        if (!again)
            return {};
        return *again ? done("serverside-applied", **again) : WriteResult::failed(again->error());
    }

    /// Moves fields of the migration manager on fresh state, before the apply.
    Result migrate()
    {
        const std::string prefix =
            "Failed to perform client-side apply migration for " + m_write.live.key().path() + ": ";
        for (int attempt = 0;; ++attempt) {
            const Reply *fresh = get();
            if (!fresh)
                return {};
            if (!*fresh)
                return WriteResult::failed(prefix + fresh->error().text());
            const Value migration = managerMigration(**fresh, {m_write.migrationManager}, kApplyManager);
            if (migration.isNull())
                return WriteResult::done({});
            Call call = callOf(Verb::Patch, migration);
            call.patch = PatchKind::Json;
            const Reply *reply = send(std::move(call));
            if (!reply)
                return {};
            if (*reply)
                return WriteResult::done({}, **reply);
            if (!isError(*reply, ErrorCode::Conflict) || attempt + 1 == kMostConflicts)
                return WriteResult::failed(prefix + reply->error().text());
        }
    }

    Result created()
    {
        if (m_write.isDryRun)
            return done("created");
        const Reply *reply = create(m_write.target, {});
        if (!reply)
            return {};
        return *reply ? done("created", **reply) : WriteResult::failed(reply->error());
    }

    Result replaced()
    {
        if (m_write.isDryRun)
            return done("replaced");
        const Reply *live = get();
        if (!live)
            return {};
        if (!*live)
            return WriteResult::failed(live->error());
        const Value body = m_write.target.value().withPath({"metadata", "resourceVersion"}, (*live)->resourceVersion());
        const Reply *reply = send(callOf(Verb::Replace, body));
        if (!reply)
            return {};
        return *reply ? done("replaced", **reply) : WriteResult::failed(reply->error());
    }

    /// Replace with force: always deleted and created.
    Result recreated()
    {
        if (m_write.isDryRun)
            return done("replaced");
        const Reply *gone = remove(Propagation::Background);
        if (!gone)
            return {};
        if (!*gone && !isError(*gone, ErrorCode::NotFound))
            return WriteResult::failed(gone->error());
        for (int poll = 0;; ++poll) {
            const Reply *left = get(poll == 0 ? 0 : 1000);
            if (!left)
                return {};
            if (isError(*left, ErrorCode::NotFound))
                break;
            if (!*left)
                return WriteResult::failed(left->error());
            if (poll == kDeletionPolls)
                return WriteResult::failed("timed out waiting for the condition");
        }
        const Reply *reply = create(m_write.target, {});
        if (!reply)
            return {};
        if (!*reply)
            return WriteResult::failed(reply->error());
        std::string message = printedKind() + " \"" + m_write.name + "\" deleted";
        if (!m_write.ns.empty())
            message += " from " + m_write.ns + " namespace";
        return WriteResult::done(message + '\n' + said("replaced"), **reply);
    }

    std::string printedKind() const
    {
        const std::string name = printedName(m_write.target);
        return name.substr(0, name.find('/'));
    }

    Result updated()
    {
        const Value body =
            m_write.target.value().withPath({"metadata", "resourceVersion"}, m_write.live.resourceVersion());
        Call call = callOf(Verb::Replace, body);
        call.isServerDryRun = m_write.isDryRun;
        const Reply *reply = send(std::move(call));
        if (!reply)
            return {};
        if (!*reply)
            return WriteResult::failed(reply->error());
        return WriteResult::done(m_write.gvk.kind + '/' + m_write.name + " updated", **reply);
    }

    const Write &m_write;
    std::span<const Reply> m_replies;
    std::size_t m_next = 0;
    Call m_needed;
};

} // namespace

ExchangeStep nextCall(const Write &write, std::span<const Reply> replies)
{
    return Exchange(write, replies).step();
}

std::string printedName(const object::Object &object)
{
    std::string name = asciiLower(object.kind());
    if (!object.group().empty())
        name += '.' + std::string(object.group());
    return name + '/' + std::string(object.name());
}

object::Object lastAppliedOf(const object::Object &live)
{
    const auto text = live.annotation(kLastApplied);
    if (!text)
        return {};
    return object::Object(object::parseJson(*text).value_or(Value()));
}

} // namespace tiphys::sync
