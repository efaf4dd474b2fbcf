// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/rules.h"
#include "action/script_tables.h"

#include <algorithm>
#include <array>

namespace tiphys::action {

using object::Value;

namespace {

/// `table.getn` of the value at \p path.
std::size_t countOf(ScriptObject &object, ScriptObject::Path path)
{
    const Value value = object.get(path);
    if (!value.isList() && !value.isMap())
        object.fail("bad argument #1 to getn (table expected, got " + std::string(scriptTypeName(value)) + ")");
    return value.isList() ? value.size() : 0;
}

Value count(std::size_t number)
{
    return static_cast<std::int64_t>(number);
}

bool hasPauseConditions(ScriptObject &rollout)
{
    return !rollout.get({"status", "pauseConditions"}).isNull() && countOf(rollout, {"status", "pauseConditions"}) > 0;
}

/// True for Rollouts of a controller before 0.10, whose observedGeneration is a hash or ahead.
bool isLegacy(ScriptObject &rollout)
{
    const Value observed = rollout.get({"status", "observedGeneration"});
    const std::optional<double> generation =
        observed.isString() ? scriptNumberOf(observed.stringOr()) : observed.asNumber();
    if (!generation)
        return true;
    const Value wanted = rollout.get({"metadata", "generation"});
    if (!wanted.isNumber())
        rollout.fail("attempt to compare " + std::string(scriptTypeName(wanted)) + " with number");
    return *generation > wanted.asNumber().value_or(0);
}

/// `a or b or …`: the first truthy value, else the last.
Value firstTruthy(std::initializer_list<Value> values)
{
    const auto found = std::ranges::find_if(values, [](const Value &value) { return isTruthy(value); });
    return found != values.end() ? *found : *(values.end() - 1);
}

void discoverRollout(Offers &offers)
{
    ScriptObject &rollout = offers.object();
    offers.add("restart", {}, "Restart Pods");
    bool isPaused = false;
    if (!rollout.get({"status"}).isNull() && !rollout.get({"status", "pauseConditions"}).isNull())
        isPaused = hasPauseConditions(rollout);
    else
        isPaused = rollout.isTruthy({"spec", "paused"});
    offers.addUnless(!isPaused, "resume");

    // One statement a read: the first failure is the answer.
    const Value current = rollout.get({"status", "currentPodHash"});
    const Value stable = rollout.get({"status", "stableRS"});
    const bool isPromoted = current == stable;
    const Value aborted = rollout.get({"status", "abort"});
    offers.addUnless(firstTruthy({isPromoted, aborted}), "abort");
    offers.addUnless(isPromoted || !isTruthy(aborted), "retry");
    offers.addUnless(firstTruthy({isPromoted, aborted, rollout.get({"spec", "paused"})}), "pause");

    bool cannotPromote = isPromoted;
    if (!isPromoted && isLegacy(rollout))
        cannotPromote = !rollout.get({"spec", "strategy", "blueGreen"}).isNull();
    offers.addUnless(cannotPromote, "promote-full");

    const bool hasSteps = !rollout.get({"spec", "strategy", "canary"}).isNull()
                          && !rollout.get({"spec", "strategy", "canary", "steps"}).isNull();
    const Value index = hasSteps ? rollout.get({"status", "currentStepIndex"}) : Value();
    offers.addUnless(!hasSteps || index == count(countOf(rollout, {"spec", "strategy", "canary", "steps"})),
                     "skip-current-step");
}

void abort(Run &run)
{
    run.object.set({"status", "abort"}, true);
}

void retry(Run &run)
{
    run.object.set({"status", "abort"}, {});
}

void pause(Run &run)
{
    run.object.set({"spec", "paused"}, true);
}

void resumeRollout(Run &run)
{
    if (hasPauseConditions(run.object))
        run.object.set({"status", "pauseConditions"}, {});
    if (run.object.isTruthy({"spec", "paused"}))
        run.object.set({"spec", "paused"}, false);
}

void restart(Run &run)
{
    run.object.set({"spec", "restartAt"}, timeText(run));
}

void promoteFull(Run &run)
{
    ScriptObject &rollout = run.object;
    if (rollout.get({"status"}).isNull())
        return;
    if (!isLegacy(rollout))
        return rollout.set({"status", "promoteFull"}, true);
    retry(run);
    if (!rollout.get({"spec", "strategy", "canary", "steps"}).isNull())
        rollout.set({"status", "currentStepIndex"}, count(countOf(rollout, {"spec", "strategy", "canary", "steps"})));
}

void skipCurrentStep(Run &run)
{
    ScriptObject &rollout = run.object;
    if (rollout.get({"status"}).isNull() || rollout.get({"spec", "strategy", "canary"}).isNull()
        || rollout.get({"spec", "strategy", "canary", "steps"}).isNull())
        return;
    const Value index = rollout.get({"status", "currentStepIndex"});
    const std::size_t steps = countOf(rollout, {"spec", "strategy", "canary", "steps"});
    if (!index.isNumber())
        return rollout.fail("attempt to compare " + std::string(scriptTypeName(index)) + " with number");
    if (*index.asNumber() >= static_cast<double>(steps))
        return;
    if (hasPauseConditions(rollout))
        rollout.set({"status", "pauseConditions"}, {});
    rollout.set({"status", "currentStepIndex"}, scriptView(*index.asNumber() + 1));
}

void discoverAnalysisRun(Offers &offers)
{
    ScriptObject &run = offers.object();
    const Value asked = run.get({"spec", "terminate"});
    if (isTruthy(asked)) {
        offers.addUnless(asked, "terminate");
        return;
    }
    const Value phase = run.get({"status", "phase"});
    const std::string_view word = phase.stringOr();
    offers.addUnless(word == "Successful" || word == "Failed" || word == "Error" || word == "Inconclusive",
                     "terminate");
}

void terminate(Run &run)
{
    run.object.set({"spec", "terminate"}, true);
}

bool hasAutoSync(ScriptObject &app)
{
    if (app.get({"spec"}).isNull() || app.get({"spec", "syncPolicy"}).isNull()
        || app.get({"spec", "syncPolicy", "automated"}).isNull())
        return false;
    const Value enabled = app.get({"spec", "syncPolicy", "automated", "enabled"});
    return enabled.isNull() || enabled == Value(true);
}

void discoverApplication(Offers &offers)
{
    offers.add("toggle-auto-sync", {}, hasAutoSync(offers.object()) ? "Disable Auto-Sync" : "Enable Auto-Sync");
}

void toggleAutoSync(Run &run)
{
    run.object.ensureTable({"spec"});
    run.object.ensureTable({"spec", "syncPolicy"});
    const bool wasEnabled = hasAutoSync(run.object);
    run.object.ensureTable({"spec", "syncPolicy", "automated"});
    run.object.set({"spec", "syncPolicy", "automated", "enabled"}, !wasEnabled);
}

std::string workflowName(Run &run)
{
    const TimeParts time = timeParts(run.options.now);
    return std::string(run.object.get({"metadata", "name"}).stringOr()) + "-" + time.year + time.month + time.day
           + time.hour + time.minute;
}

Value workflowMetadata(Run &run)
{
    const Value metadata = Value::map({{"name", workflowName(run)}});
    const Value ns = run.object.get({"metadata", "namespace"});
    return (ns.isNull() ? metadata : metadata.with("namespace", ns))
        .with("ownerReferences", Value::list({ownerReference(run)}));
}

Value workflow(const Value &metadata)
{
    return Value::map({{"apiVersion", "argoproj.io/v1alpha1"}, {"kind", "Workflow"}, {"metadata", metadata}});
}

void createFromTemplate(Run &run)
{
    const Value name = run.object.get({"metadata", "name"});
    const Value metadata = workflowMetadata(run).withPath({"labels", "workflows.argoproj.io/workflow-template"}, name);
    run.created.push_back(workflow(metadata).withPath({"spec", "workflowTemplateRef", "name"}, name));
}

/// The map at spec.workflowMetadata.\p field, an empty one if there is none.
Value givenMetadata(Run &run, std::string_view field, std::string_view nextKey)
{
    if (run.object.get({"spec", "workflowMetadata"}).isNull()
        || run.object.get({"spec", "workflowMetadata", field}).isNull())
        return Value::map({});
    const Value copy = copied(run, {"spec", "workflowMetadata", field});
    if (!copy.isMap())
        run.object.fail("attempt to index a non-table object(" + std::string(scriptTypeName(copy)) + ") with key '"
                        + std::string(nextKey) + "'");
    return copy;
}

void createFromCron(Run &run)
{
    constexpr std::string_view kInstance = "workflows.argoproj.io/controller-instanceid";
    constexpr std::string_view kCron = "workflows.argoproj.io/cron-workflow";
    constexpr std::string_view kScheduled = "workflows.argoproj.io/scheduled-time";
    const TimeParts time = timeParts(run.options.now);
    Value labels = givenMetadata(run, "labels", kCron).with(kCron, run.object.get({"metadata", "name"}));
    if (const Value own = run.object.get({"metadata", "labels"}); own.isMap() && own.contains(kInstance))
        labels = labels.with(kInstance, own[kInstance]);
    // Day, hour and minute stand where hour, minute and second belong: so does the original.
    const std::string scheduled =
        time.year + "-" + time.month + "-" + time.day + "T" + time.day + ":" + time.hour + ":" + time.minute + "Z";
    const Value annotations = givenMetadata(run, "annotations", kScheduled).with(kScheduled, scheduled);
    Value made = workflow(workflowMetadata(run).with("labels", labels).with("annotations", annotations));
    // Beside metadata, not in it: again as the original.
    const Value finalizers = run.object.get({"spec", "workflowMetadata"}).isNull()
                                 ? Value()
                                 : run.object.get({"spec", "workflowMetadata", "finalizers"});
    made = made.with("finalizers", finalizers.isList() ? finalizers : Value::list({}));
    const Value spec = copied(run, {"spec", "workflowSpec"});
    run.created.push_back(spec.isNull() ? made : made.with("spec", spec));
}

void discoverWorkflowSource(Offers &offers)
{
    offers.add("create-workflow", "fa fa-fw fa-plus", "Create Workflow");
}

constexpr std::array<NamedAction, 7> kRollout{{{"abort", abort},
                                               {"retry", retry},
                                               {"pause", pause},
                                               {"resume", resumeRollout},
                                               {"restart", restart},
                                               {"promote-full", promoteFull},
                                               {"skip-current-step", skipCurrentStep}}};
constexpr std::array<NamedAction, 1> kAnalysisRun{{{"terminate", terminate}}};
constexpr std::array<NamedAction, 1> kApplication{{{"toggle-auto-sync", toggleAutoSync}}};
constexpr std::array<NamedAction, 1> kCronWorkflow{{{"create-workflow", createFromCron}}};
constexpr std::array<NamedAction, 1> kWorkflowTemplate{{{"create-workflow", createFromTemplate}}};

constexpr std::array<KindActions, 5> kKinds{
    {{"argoproj.io", "Rollout", discoverRollout, kRollout},
     {"argoproj.io", "AnalysisRun", discoverAnalysisRun, kAnalysisRun},
     {"argoproj.io", "Application", discoverApplication, kApplication},
     {"argoproj.io", "CronWorkflow", discoverWorkflowSource, kCronWorkflow},
     {"argoproj.io", "WorkflowTemplate", discoverWorkflowSource, kWorkflowTemplate}}};

} // namespace

std::span<const KindActions> argoActions()
{
    return kKinds;
}

} // namespace tiphys::action
