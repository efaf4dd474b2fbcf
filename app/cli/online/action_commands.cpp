// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/action_values.h"
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/tables.h"
#include "cli/resource_choice.h"
#include "control/action_place.h"
#include "crd/names.h"
#include "object/json.h"
#include "object/yaml.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace tiphys::cli {

using control::ActionOffer;
using control::ActionWrite;
using control::PlannedAction;
using object::Object;
using object::ObjectKey;
using object::Value;

namespace {

/// An object that may be acted on, and where.
struct Subject
{
    Object object;
    control::ActionPlace place;
};

bool isWanted(const ObjectKey &key, const Invocation &invocation, const std::vector<ObjectKey> &listed)
{
    return isChosen(key, invocation.appAction) && (listed.empty() || isAmong(listed, key));
}

/// Live objects of the application: those that it manages, and with --children what they made.
std::vector<Object> liveObjects(const NamedApp &named, const control::Evaluation &evaluation, bool hasChildren)
{
    std::vector<Object> objects;
    std::set<ObjectKey> keys;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        if (!resource.live.isNull() && keys.insert(resource.live.key()).second)
            objects.push_back(resource.live);
    }
    if (!hasChildren)
        return objects;
    std::set<ObjectKey> inTree;
    for (const service::TreeNode &node : treeOf(named, evaluation).nodes)
        inTree.insert(node.key);
    for (const Object &object : evaluation.live) {
        if (inTree.contains(object.key()) && keys.insert(object.key()).second)
            objects.push_back(object);
    }
    return objects;
}

/// What the flags choose, the Application itself included. Errors: NotFound if nothing matches.
Async<std::vector<Subject>> chosenSubjects(OnlineSession &session, const NamedApp named, const Invocation &invocation,
                                           CancelToken cancel)
{
    const Expected<std::vector<ObjectKey>> listed = resourceKeys(invocation.app.resources);
    if (!listed)
        co_return std::unexpected(listed.error());
    const Expected<control::ContextSession *> destination =
        co_await session.destinationOf(named.app.spec.destination, named.session, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    std::vector<Subject> subjects;
    if (*destination) {
        const Expected<control::EvaluationPtr> evaluation = co_await evaluateReadable(session, named, cancel);
        if (!evaluation)
            co_return std::unexpected(evaluation.error());
        for (const auto &[key, error] : (*evaluation)->unread) {
            if (!isWanted(key, invocation, *listed))
                continue;
            if (!invocation.action.name.empty())
                co_return std::unexpected(error);
            fail(error);
        }
        const control::ActionPlace place =
            control::actionPlaceOf(*named.session, **destination, named.app, session.parts());
        for (Object &object : liveObjects(named, **evaluation, invocation.appAction.hasChildren)) {
            if (isWanted(object.key(), invocation, *listed))
                subjects.push_back({std::move(object), place});
        }
    }
    if (isWanted(named.app.object.key(), invocation, *listed)) {
        control::ActionPlace place = control::actionPlaceOf(*named.session, *named.session, named.app, session.parts());
        place.project.reset(); // no project lists the Applications that use it
        subjects.push_back({named.app.object, place});
    }
    if (subjects.empty())
        co_return failure(ErrorCode::NotFound, *destination ? "no object of '" + named.id.name + "' matches"
                                                            : "no context for the destination cluster");
    co_return subjects;
}

std::string stateText(const ActionOffer &offer)
{
    if (!offer.refusal.empty())
        return "refused: " + offer.refusal;
    return offer.disabledReason.empty() ? "" : "disabled: " + offer.disabledReason;
}

Value keyed(const ObjectKey &key)
{
    return Value::map({{"group", key.group}, {"kind", key.kind}, {"namespace", key.ns}, {"name", key.name}});
}

void printValues(const std::vector<Value> &values, Output output)
{
    if (output == Output::Yaml)
        return print(object::toYaml(Value::list(values)));
    print(object::toJson(Value::list(values), {.style = object::JsonStyle::Indented, .order = object::KeyOrder::Kept})
          + "\n");
}

Async<int> listActions(const std::vector<Subject> subjects, const Invocation &invocation, CancelToken cancel)
{
    const Expected<action::RunOptions> options = actionOptions({});
    if (!options)
        co_return std::unexpected(options.error());
    std::vector<std::vector<std::string>> rows{{"GROUP", "KIND", "NAMESPACE", "NAME", "ACTION", "PARAMETERS", "NOTE"}};
    std::vector<Value> values;
    int failures = 0;
    for (const Subject &subject : subjects) {
        const ObjectKey key = subject.object.key();
        const Expected<std::vector<ActionOffer>> offers =
            co_await control::offeredActions(subject.place, subject.object, options->now, cancel);
        if (!offers) {
            // A script that fails hides no other object.
            ++failures;
            fail(offers.error().in(key.text()));
            continue;
        }
        std::vector<Value> actions;
        for (const ActionOffer &offer : *offers) {
            std::string parameters;
            for (const action::Parameter &parameter : offer.action.parameters)
                parameters += (parameters.empty() ? "" : " ") + parameter.name + "=" + parameter.defaultText;
            rows.push_back({key.group, key.kind, key.ns, key.name, offer.action.name, parameters, stateText(offer)});
            actions.push_back(actionValue(offer.action)
                                  .with("disabledReason", offer.disabledReason)
                                  .with("allowed", offer.refusal.empty())
                                  .with("refusal", offer.refusal));
        }
        if (!actions.empty())
            values.push_back(keyed(key).with("actions", Value::list(actions)));
    }
    if (invocation.output != Output::Text)
        printValues(values, invocation.output);
    else if (rows.size() > 1)
        print(tableText(rows));
    else if (failures == 0)
        print("nothing can be done to these objects\n");
    co_return failures > 0 ? 1 : 0;
}

/// "# patch deployments.apps 'web' in namespace 'shop'" and the patch, or the object that is created.
std::string previewText(const PlannedAction &plan, const std::vector<std::string> &masked)
{
    std::string text;
    for (const ActionWrite &write : plan.writes) {
        const control::ShownWrite shown = control::shownWrite(plan, write, masked);
        text += "# " + control::writeText(write) + "\n"
                + object::toYaml(shown.patch.isNull() ? shown.after.value() : shown.patch);
    }
    return text;
}

/// What was written or would be.
std::vector<Value> writeValues(const PlannedAction &plan, bool isDryRun, const std::vector<std::string> &masked)
{
    std::vector<Value> values;
    for (const ActionWrite &write : plan.writes) {
        const control::ShownWrite shown = control::shownWrite(plan, write, masked);
        const ObjectKey key{write.ref.type.group, write.ref.type.kind, write.ref.ns, write.ref.name};
        Value value = keyed(key)
                          .with("action", plan.ask.action)
                          .with("operation", action::operationName(write.operation))
                          .with("dryRun", isDryRun)
                          .with("resource", shown.after.value());
        values.push_back(shown.patch.isNull() ? value : value.with("patch", shown.patch));
    }
    return values;
}

void printAdvice(const PlannedAction &plan, bool isQuiet)
{
    if (!plan.disabledReason.empty())
        std::fputs(("note: " + plan.ask.action + " is marked disabled for " + plan.live.key().text() + ": "
                    + plan.disabledReason + "\n")
                       .c_str(),
                   stderr);
    if (isQuiet)
        return;
    std::string roles;
    for (const std::string &role : plan.roles)
        roles += (roles.empty() ? "; of the project's roles it is allowed to " : ", ") + role;
    std::fputs(("note: Argo CD's own rules would be asked for: " + plan.rbac.text() + roles + "\n").c_str(), stderr);
}

/// Works the action out for every object before anything is written.
Async<std::vector<PlannedAction>> plans(const std::vector<Subject> subjects, const Invocation &invocation,
                                        CancelToken cancel)
{
    const Expected<action::RunOptions> options = actionOptions(invocation.action.parameters);
    if (!options)
        co_return std::unexpected(options.error());
    std::vector<PlannedAction> all;
    for (const Subject &subject : subjects) {
        const ObjectKey key = subject.object.key();
        const Expected<PlannedAction> plan = co_await control::plannedAction(subject.place,
                                                                             {.gvk = subject.object.gvk(),
                                                                              .ns = key.ns,
                                                                              .name = key.name,
                                                                              .action = invocation.action.name,
                                                                              .options = *options},
                                                                             cancel);
        if (!plan)
            co_return std::unexpected(plan.error().in(key.text()));
        if (!plan->refusal.empty())
            co_return failure(ErrorCode::Denied, invocation.action.name + " of " + key.text() + ": " + plan->refusal);
        all.push_back(*plan);
    }
    co_return all;
}

Async<int> runAction(const std::vector<Subject> subjects, const Invocation &invocation, CancelToken cancel)
{
    const Expected<std::vector<PlannedAction>> all = co_await plans(subjects, invocation, cancel);
    if (!all)
        co_return std::unexpected(all.error());
    const bool isDryRun = invocation.app.isDryRun;
    std::vector<Value> values;
    for (std::size_t i = 0; i < all->size(); ++i) {
        const PlannedAction &plan = (*all)[i];
        const control::ActionPlace &place = subjects[i].place;
        const std::vector<std::string> &masked = place.settings->maskedAnnotations;
        printAdvice(plan, invocation.isQuiet);
        if (isDryRun && invocation.output == Output::Text)
            print(previewText(plan, masked));
        const Expected<control::ActionOutcome> outcome =
            co_await control::carryOutAction(place, plan, isDryRun ? ports::DryRun::All : ports::DryRun::No, cancel);
        if (!outcome)
            co_return std::unexpected(outcome.error());
        for (const std::string &warning : outcome->warnings)
            std::fputs(("warning: " + warning + "\n").c_str(), stderr);
        const std::vector<Value> written = writeValues(plan, isDryRun, masked);
        values.insert(values.end(), written.begin(), written.end());
        if (invocation.output != Output::Text)
            continue;
        const std::string text = plan.live.key().text() + ": " + plan.ask.action;
        if (plan.writes.empty())
            print(text + " changes nothing\n");
        else
            print(text + (isDryRun ? " would be accepted by the server; nothing was changed\n" : " done\n"));
        for (const Object &object : outcome->written) {
            if (object.key() != plan.live.key())
                print("created " + object.key().text() + "\n");
        }
    }
    if (invocation.output != Output::Text)
        printValues(values, invocation.output);
    co_return 0;
}

/// An act on several objects is meant only if it says so.
Expected<void> isUnambiguous(const std::vector<Subject> &subjects, const Invocation &invocation)
{
    if (subjects.size() > 1 && !invocation.appAction.isAll) {
        std::string names;
        for (std::size_t i = 0; i < std::min<std::size_t>(subjects.size(), 5); ++i)
            names += (i > 0 ? ", " : "") + subjects[i].object.key().text();
        return failure(ErrorCode::InvalidInput,
                       std::to_string(subjects.size()) + " objects match (" + names + (subjects.size() > 5 ? ", …" : "")
                           + "): choose by --kind, --name, --namespace, --group, or take --all");
    }
    for (const Subject &subject : subjects) {
        if (subject.object.group() != subjects.front().object.group())
            return failure(ErrorCode::InvalidInput, "objects of several groups match: choose one by --group");
    }
    return {};
}

} // namespace

Async<int> runAppActions(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<std::vector<Subject>> subjects = co_await chosenSubjects(session, *named, invocation, cancel);
    if (!subjects)
        co_return std::unexpected(subjects.error());
    if (invocation.action.name.empty()) {
        const Expected<int> code = co_await listActions(*subjects, invocation, cancel);
        co_return code;
    }
    const Expected<void> unambiguous = isUnambiguous(*subjects, invocation);
    if (!unambiguous)
        co_return std::unexpected(unambiguous.error());
    const Expected<int> code = co_await runAction(*subjects, invocation, cancel);
    co_return code;
}

} // namespace tiphys::cli
