// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/resource_action.h"

#include "action/disabled_reason.h"
#include "async/run_on.h"
#include "compare/secret_mask.h"
#include "control/permission.h"
#include "object/merge_patch.h"

#include <algorithm>

namespace tiphys::control {

using action::ImpactedResource;
using action::Operation;
using action::ResourceAction;
using object::Object;
using object::Value;

namespace {

/// How often an action is worked out anew because its object changed between reading and writing.
constexpr int kAttempts = 4;

action::ActionSources sourcesOf(const ActionPlace &place)
{
    return {place.settings.get(), place.lua};
}

/// The writes that \p impacted stand for, on the kinds that the server has.
Expected<std::vector<ActionWrite>> writesOf(const Object &live, const std::vector<ImpactedResource> &impacted,
                                            const ports::Discovery &discovery)
{
    std::vector<ActionWrite> writes;
    for (const ImpactedResource &impact : impacted) {
        const object::Gvk gvk = impact.object.gvk();
        const Expected<ports::ResourceType> type = discovery.typeOf(gvk);
        if (!type)
            return std::unexpected(type.error());
        ActionWrite write{.operation = impact.operation,
                          .ref = {*type, type->isNamespaced ? std::string(impact.object.ns()) : std::string(),
                                  std::string(impact.object.name())},
                          .object = impact.object,
                          .patch = {},
                          .hasStatusSubresource = false};
        if (impact.operation == Operation::Patch) {
            if (impact.object.key() != live.key())
                return failure(ErrorCode::Unsupported,
                               "the action patches another object than it was run on: " + impact.object.key().text());
            write.patch = action::patchOf(live, impact.object);
            if (write.patch.isEmpty())
                continue;
            const ports::ApiResource *resource = discovery.find(gvk);
            write.hasStatusSubresource = resource && resource->hasSubresource("status");
        }
        writes.push_back(std::move(write));
    }
    return writes;
}

void addOnce(std::vector<ports::AccessQuestion> &questions, ports::AccessQuestion question)
{
    if (!std::ranges::contains(questions, question))
        questions.push_back(std::move(question));
}

/// The rights that \p writes take.
std::vector<ports::AccessQuestion> rightsFor(const std::vector<ActionWrite> &writes)
{
    std::vector<ports::AccessQuestion> questions;
    for (const ActionWrite &write : writes) {
        const ports::ResourceType &type = write.ref.type;
        ports::AccessQuestion question{.verb = "create",
                                       .group = type.group,
                                       .resource = type.plural,
                                       .subresource = {},
                                       .ns = write.ref.ns,
                                       .name = {}};
        if (write.operation == Operation::Create) {
            addOnce(questions, question);
            continue;
        }
        question.verb = "patch";
        question.name = write.ref.name;
        const bool usesStatus = write.patch.touchesStatus && write.hasStatusSubresource;
        if (!usesStatus || !write.patch.remainder.isNull())
            addOnce(questions, question);
        if (usesStatus) {
            question.subresource = "status";
            addOnce(questions, question);
        }
    }
    return questions;
}

/// Why the project forbids one of \p writes, "" if it does not.
std::string projectRefusal(const ActionPlace &place, const std::vector<ActionWrite> &writes)
{
    if (!place.project)
        return {};
    for (const ActionWrite &write : writes) {
        const object::ObjectKey key{write.ref.type.group, write.ref.type.kind, write.ref.ns, write.ref.name};
        if (!policy::permitsLive(*place.project, key, place.destination))
            return "project '" + place.project->name + "' does not permit " + key.text();
    }
    return {};
}

/// Why the server would refuse, "" if it would not. What the rules of the namespace allow is not asked for one by one.
Async<std::string> rightsRefusal(ports::ClusterPtr cluster, std::vector<ports::AccessQuestion> questions,
                                 CancelToken cancel)
{
    for (const ports::AccessQuestion &question : questions) {
        if (!question.ns.empty()) {
            const Expected<ports::AccessRules> rules = co_await cluster->rules(question.ns, cancel);
            if (rules && rules->allows(question))
                continue;
        }
        const Expected<ports::Access> access = co_await cluster->canI(question, cancel);
        if (!access)
            co_return std::unexpected(access.error());
        if (!access->isAllowed)
            co_return refusalOf(*access, question.text());
    }
    co_return std::string();
}

/// What an action writes, as a job for the pool: scripts block.
struct Work
{
    ActionPlace place;
    Object object;
    ports::DiscoveryPtr discovery;

    Expected<std::vector<ActionWrite>> writes(const std::string &name, const action::RunOptions &options) const
    {
        const auto impacted = action::runAction(object, name, options, sourcesOf(place));
        if (!impacted)
            return std::unexpected(impacted.error());
        return writesOf(object, *impacted, *discovery);
    }
};

/// Offers with their writes; an action that cannot be run without its parameters is taken for a patch of the object.
struct WorkedOut
{
    ResourceAction action;
    std::vector<ActionWrite> writes;
};

Expected<std::vector<WorkedOut>> workedOut(const Work &work, crd::Timestamp now)
{
    Expected<std::vector<ResourceAction>> actions = action::actionsOf(work.object, sourcesOf(work.place));
    if (!actions)
        return std::unexpected(actions.error());
    std::vector<WorkedOut> all;
    for (ResourceAction &offered : *actions) {
        action::RunOptions options{.now = now, .arguments = {}};
        for (const action::Parameter &parameter : offered.parameters) {
            if (!parameter.defaultText.empty())
                options.arguments.emplace_back(parameter.name, parameter.defaultText);
        }
        Expected<std::vector<ActionWrite>> writes = work.writes(offered.name, options);
        if (!writes || writes->empty()) {
            const Expected<ports::ResourceType> type = work.discovery->typeOf(work.object.gvk());
            if (!type)
                return std::unexpected(type.error());
            writes = std::vector<ActionWrite>{
                {.operation = Operation::Patch,
                 .ref = {*type, std::string(work.object.ns()), std::string(work.object.name())},
                 .object = work.object,
                 .patch = {},
                 .hasStatusSubresource = false}};
        }
        all.push_back({std::move(offered), std::move(*writes)});
    }
    return all;
}

bool isAlreadyThere(const Error &error)
{
    return error.reason() == "AlreadyExists";
}

/// Sends one request and looks into a lost answer.
class Sender
{
public:
    Sender(ports::ClusterPtr cluster, ports::DryRun dryRun) : m_cluster(std::move(cluster))
    {
        m_options.dryRun = dryRun;
    }

    static Async<ports::Written> create(Sender self, ActionWrite write, CancelToken cancel)
    {
        const Expected<ports::Written> made =
            co_await self.m_cluster->create(write.ref.type, write.object, self.m_options, cancel);
        if (made || made.error().code() != ErrorCode::Unknown)
            co_return made;
        const Expected<Object> now = co_await self.m_cluster->get(write.ref, {}, cancel);
        if (now)
            co_return ports::Written{*now, {}};
        if (now.error().code() == ErrorCode::NotFound)
            co_return failure(ErrorCode::Unavailable,
                              "the answer was lost, and " + write.ref.text() + " is not there: it was not created");
        co_return std::unexpected(made.error());
    }

    /// \p body is a merge patch; it holds only for the object at \p version.
    static Async<ports::Written> patch(Sender self, ports::ObjectRef ref, Value body, std::string version,
                                       CancelToken cancel)
    {
        const Value conditional = body.withPath({"metadata", "resourceVersion"}, version);
        const Expected<ports::Written> written =
            co_await self.m_cluster->patch(ref, {ports::PatchType::Merge, conditional}, self.m_options, cancel);
        if (written || written.error().code() != ErrorCode::Unknown)
            co_return written;
        const Expected<Object> now = co_await self.m_cluster->get(ref, {}, cancel);
        if (!now)
            co_return std::unexpected(written.error());
        if (object::mergePatchOf(now->value(), object::applyMergePatch(now->value(), body)).size() == 0)
            co_return ports::Written{*now, {}};
        if (now->resourceVersion() == version)
            co_return failure(ErrorCode::Unavailable,
                              "the answer was lost, and " + ref.text() + " is unchanged: it was not done");
        co_return std::unexpected(written.error());
    }

    Sender to(std::string subresource) const
    {
        Sender other = *this;
        other.m_options.subresource = std::move(subresource);
        return other;
    }
    bool isDryRun() const { return m_options.dryRun == ports::DryRun::All; }

private:
    ports::ClusterPtr m_cluster;
    ports::WriteOptions m_options;
};

/// The patch of \p write: to the status subresource first where it touches the status, what is left to the object.
Async<ports::Written> patched(Sender sender, ActionWrite write, std::string version, CancelToken cancel)
{
    if (!write.patch.touchesStatus || !write.hasStatusSubresource) {
        const Expected<ports::Written> written =
            co_await Sender::patch(sender, write.ref, write.patch.whole, version, cancel);
        co_return written;
    }
    const Expected<ports::Written> status =
        co_await Sender::patch(sender.to("status"), write.ref, write.patch.whole, version, cancel);
    if (!status && status.error().code() == ErrorCode::NotFound) {
        const Expected<ports::Written> whole =
            co_await Sender::patch(sender, write.ref, write.patch.whole, version, cancel);
        co_return whole;
    }
    if (!status || write.patch.remainder.isNull())
        co_return status;
    // A dry run changed nothing: its version stays.
    const std::string next = sender.isDryRun() ? version : std::string(status->object.resourceVersion());
    const Expected<ports::Written> rest =
        co_await Sender::patch(sender, write.ref, write.patch.remainder, next, cancel);
    if (!rest)
        co_return std::unexpected(rest.error().in("its status is written, the rest is not"));
    co_return rest;
}

Async<ports::Written> sendOne(Sender sender, ActionWrite write, std::string version, CancelToken cancel)
{
    if (write.operation == Operation::Create) {
        const Expected<ports::Written> made = co_await Sender::create(sender, write, cancel);
        co_return made;
    }
    const Expected<ports::Written> written = co_await patched(sender, write, version, cancel);
    co_return written;
}

/// How far writing came.
struct Progress
{
    ActionOutcome outcome;
    std::optional<Error> error;
    bool mayRepeat = false; ///< nothing is written, and the object has another version than was read
};

Async<Progress> sendAll(ActionPlace place, PlannedAction plan, ports::DryRun dryRun, CancelToken cancel)
{
    Progress progress;
    const Sender sender(place.cluster, dryRun);
    if (dryRun == ports::DryRun::No) {
        for (const ActionWrite &write : plan.writes) {
            if (write.operation != Operation::Create)
                continue;
            const Expected<ports::Written> checked =
                co_await Sender::create(Sender(place.cluster, ports::DryRun::All), write, cancel);
            if (!checked) {
                progress.error = checked.error().in(writeText(write));
                co_return progress;
            }
        }
    }
    for (const ActionWrite &write : plan.writes) {
        const Expected<ports::Written> written =
            co_await sendOne(sender, write, std::string(plan.live.resourceVersion()), cancel);
        if (!written) {
            progress.mayRepeat = progress.outcome.written.empty() && written.error().code() == ErrorCode::Conflict
                                 && written.error().contexts().empty() && !isAlreadyThere(written.error());
            progress.error = written.error().in(writeText(write));
            co_return progress;
        }
        progress.outcome.written.push_back(written->object);
        progress.outcome.warnings.insert(progress.outcome.warnings.end(), written->warnings.begin(),
                                         written->warnings.end());
    }
    co_return progress;
}

Async<ports::ResourceType> typeOf(ports::ClusterPtr cluster, object::Gvk gvk, CancelToken cancel)
{
    const Expected<ports::DiscoveryPtr> discovery = co_await cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    co_return gvk.version.empty() ? (*discovery)->typeOf(gvk.groupKind()) : (*discovery)->typeOf(gvk);
}

} // namespace

Async<std::vector<ActionOffer>> offeredActions(ActionPlace place, Object object, crd::Timestamp now, CancelToken cancel)
{
    const Expected<ports::DiscoveryPtr> discovery = co_await place.cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const Work work{place, object, *discovery};
    const Expected<std::vector<WorkedOut>> all =
        co_await async::runOn(place.pool, [work, now] { return workedOut(work, now); });
    if (!all)
        co_return std::unexpected(all.error());
    std::vector<ActionOffer> offers;
    for (const WorkedOut &one : *all) {
        ActionOffer offer{.action = one.action,
                          .disabledReason = action::disabledReason(object, one.action),
                          .refusal = projectRefusal(place, one.writes),
                          .needs = rightsFor(one.writes)};
        if (offer.refusal.empty()) {
            const Expected<std::string> refusal = co_await rightsRefusal(place.cluster, offer.needs, cancel);
            if (!refusal)
                co_return std::unexpected(refusal.error());
            offer.refusal = *refusal;
        }
        offers.push_back(std::move(offer));
    }
    co_return offers;
}

Async<PlannedAction> plannedAction(ActionPlace place, ActionAsk ask, CancelToken cancel)
{
    const Expected<ports::ResourceType> type = co_await typeOf(place.cluster, ask.gvk, cancel);
    if (!type)
        co_return std::unexpected(type.error());
    const ports::ObjectRef ref{*type, type->isNamespaced ? ask.ns : "", ask.name};
    const Expected<Object> live = co_await place.cluster->get(ref, {}, cancel);
    if (!live)
        co_return std::unexpected(live.error());
    const Expected<ports::DiscoveryPtr> discovery = co_await place.cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    struct Planned
    {
        std::vector<ActionWrite> writes;
        std::string disabledReason;
    };
    const Work work{place, *live, *discovery};
    const Expected<Planned> planned = co_await async::runOn(place.pool, [work, ask]() -> Expected<Planned> {
        Expected<std::vector<ActionWrite>> writes = work.writes(ask.action, ask.options);
        if (!writes)
            return std::unexpected(writes.error());
        Planned result{.writes = std::move(*writes), .disabledReason = {}};
        // A discovery that fails keeps nobody from running what was asked for.
        const auto offers = action::actionsOf(work.object, sourcesOf(work.place));
        for (const ResourceAction &offered : offers.value_or(std::vector<ResourceAction>())) {
            if (offered.name == ask.action)
                result.disabledReason = action::disabledReason(work.object, offered);
        }
        return result;
    });
    if (!planned)
        co_return std::unexpected(planned.error());
    PlannedAction plan{.ask = ask,
                       .live = *live,
                       .writes = planned->writes,
                       .disabledReason = planned->disabledReason,
                       .refusal = projectRefusal(place, planned->writes),
                       .rbac = policy::actionQuestion(live->groupKind(), ask.action, place.application),
                       .roles = {}};
    if (place.project)
        plan.roles = policy::rolesThatAllow(place.project->spec, plan.rbac);
    if (plan.refusal.empty()) {
        const Expected<std::string> refusal = co_await rightsRefusal(place.cluster, rightsFor(plan.writes), cancel);
        if (!refusal)
            co_return std::unexpected(refusal.error());
        plan.refusal = *refusal;
    }
    co_return plan;
}

Async<ActionOutcome> carryOutAction(ActionPlace place, PlannedAction plan, ports::DryRun dryRun, CancelToken cancel)
{
    for (int attempt = 1;; ++attempt) {
        if (!plan.refusal.empty())
            co_return failure(ErrorCode::Denied, plan.refusal);
        const Expected<Progress> progress = co_await sendAll(place, plan, dryRun, cancel);
        if (!progress)
            co_return std::unexpected(progress.error());
        if (!progress->error)
            co_return progress->outcome;
        if (!progress->mayRepeat)
            co_return std::unexpected(*progress->error);
        const Expected<PlannedAction> fresh = co_await plannedAction(place, plan.ask, cancel);
        if (!fresh)
            co_return std::unexpected(fresh.error());
        if (attempt == kAttempts || fresh->writes != plan.writes)
            co_return failure(ErrorCode::Conflict,
                              plan.live.key().text() + " changed since it was looked at: nothing was written");
        plan = *fresh;
    }
}

ShownWrite shownWrite(const PlannedAction &plan, const ActionWrite &write,
                      const std::vector<std::string> &maskedAnnotations)
{
    const auto shown = [](const Object &object) {
        return Object(object.value().withoutPath({"metadata", "managedFields"}));
    };
    const bool isCreated = write.operation == Operation::Create;
    compare::MaskedPair pair{.target = shown(write.object), .live = isCreated ? Object() : shown(plan.live)};
    if (compare::isSecret(pair.target))
        pair = compare::maskedSecrets(pair.target, pair.live, maskedAnnotations);
    // The script's way of writing numbers and lists is not the change.
    const Object after =
        isCreated ? pair.target
                  : Object(object::applyMergePatch(pair.live.value(),
                                                   object::mergePatchOf(pair.live.value(), pair.target.value())));
    return {pair.live, after, isCreated ? Value() : object::mergePatchOf(pair.live.value(), after.value())};
}

std::string writeText(const ActionWrite &write)
{
    return std::string(action::operationName(write.operation)) + " " + write.ref.text();
}

} // namespace tiphys::control
