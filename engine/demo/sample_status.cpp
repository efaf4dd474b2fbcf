// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/sample_status.h"

#include "crd/names.h"
#include "crd/timestamp.h"
#include "health/health.h"
#include "object/yaml.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

std::string timeText(const SampleState &state, std::int64_t secondsAgo)
{
    return crd::Timestamp{state.now / 1000 - secondsAgo}.text();
}

Value sourceOf(const SampleApplication &application, const SampleState &state)
{
    Value source = Value::map({{"repoURL", state.repoUrl}, {"path", application.path}, {"targetRevision", "HEAD"}});
    const Value parameters = object::parseYaml(application.parameters).value_or(Value());
    for (const auto &[key, block] : parameters.entries())
        source = source.with(key, block);
    return source;
}

Value destinationOf(const SampleApplication &application)
{
    return Value::map({{"server", "https://kubernetes.default.svc"}, {"namespace", application.ns}});
}

bool isHook(const Object &target)
{
    return target.annotation(crd::kHookAnnotation).has_value();
}

std::int64_t waveOf(const Object &target)
{
    return target.annotation(crd::kSyncWaveAnnotation) == "1" ? 1 : 0;
}

Value resourceValue(const Object &target, const std::string &ns)
{
    Value value = Value::map({});
    if (!target.group().empty())
        value = value.with("group", target.group());
    return value.with("kind", target.kind())
        .with("name", target.name())
        .with("namespace", ns)
        .with("version", target.version());
}

Value resourcesOf(const SampleApplication &application, const SampleState &state)
{
    std::vector<Value> resources;
    for (std::size_t i = 0; i < state.targets.size(); ++i) {
        const Object &target = state.targets[i];
        if (isHook(target))
            continue;
        Value value = resourceValue(target, application.ns).with("status", state.isSynced[i] ? "Synced" : "OutOfSync");
        if (waveOf(target) != 0)
            value = value.with("syncWave", waveOf(target));
        resources.push_back(value);
    }
    return Value::list(resources);
}

std::string_view healthWord(const SampleState &state)
{
    auto worst = health::HealthCode::Healthy;
    bool isAllMissing = true;
    for (std::size_t i = 0; i < state.targets.size(); ++i) {
        if (isHook(state.targets[i]))
            continue;
        const bool isMissing = state.lives[i].isNull();
        isAllMissing = isAllMissing && isMissing;
        const auto found = isMissing ? std::nullopt : health::healthOf(state.lives[i]);
        const auto code = isMissing ? health::HealthCode::Missing : found ? found->status : health::HealthCode::Healthy;
        if (health::isWorse(worst, code))
            worst = code;
    }
    using enum health::HealthCode;
    switch (worst) {
    case Suspended: return "Suspended";
    case Progressing: return "Progressing";
    case Missing: return "Missing";
    case Degraded: return "Degraded";
    case Unknown: return "Unknown";
    default: return "Healthy";
    }
}

Value resultOf(const Object &target, const std::string &ns, std::string_view status, std::string_view message,
               std::string_view phase)
{
    Value value = Value::map({{"group", target.group()},
                              {"version", target.version()},
                              {"kind", target.kind()},
                              {"namespace", ns},
                              {"name", target.name()},
                              {"message", message}});
    if (!status.empty())
        value = value.with("status", status);
    if (isHook(target))
        value = value.with("hookType", "PreSync");
    return value.with("hookPhase", phase).with("syncPhase", isHook(target) ? "PreSync" : "Sync");
}

/// The operation in its middle: the hook has ended, the first wave is applied, the second waits.
Value runningResults(const SampleApplication &application, const SampleState &state)
{
    std::vector<Value> results;
    for (const Object &target : state.targets) {
        if (waveOf(target) > 0)
            continue;
        results.push_back(isHook(target) ? resultOf(target, application.ns, "Synced",
                                                    std::string(target.name()) + " created", "Running")
                                         : Value());
    }
    std::erase_if(results, [](const Value &value) { return value.isNull(); });
    return Value::list(results);
}

Value finishedResults(const SampleApplication &application, const SampleState &state)
{
    const bool hasFailed = application.scene == Scene::FailedSync;
    std::vector<Value> results;
    for (const Object &target : state.targets) {
        const bool isFailed = hasFailed && target.kind() == "StatefulSet";
        const std::string message = isFailed ? state.refusal : std::string(target.name()) + " configured";
        results.push_back(resultOf(target, application.ns, isFailed ? "SyncFailed" : "Synced", message,
                                   isFailed ? "Failed" : "Running"));
    }
    return Value::list(results);
}

Value operationOf(const SampleState &state, const SampleApplication &application)
{
    Value initiator = application.isAutomated ? Value::map({{"automated", true}}) : Value::map({{"username", "admin"}});
    return Value::map(
        {{"initiatedBy", initiator}, {"retry", Value::map({})}, {"sync", Value::map({{"revision", state.revision}})}});
}

Value operationStateOf(const SampleApplication &application, const SampleState &state)
{
    const bool isRunning = application.scene == Scene::Running;
    const bool hasFailed = application.scene == Scene::FailedSync;
    const std::int64_t ago = isRunning ? 15 : hasFailed ? 1'800 : application.ageSeconds;
    Value value = Value::map({{"operation", operationOf(state, application)},
                              {"phase", isRunning   ? "Running"
                                        : hasFailed ? "Failed"
                                                    : "Succeeded"},
                              {"startedAt", timeText(state, ago)}});
    value = value.with("message", isRunning   ? "waiting for completion of hook batch/Job/checkout-migrate"
                                  : hasFailed ? "one or more objects failed to apply, reason: " + state.refusal
                                              : std::string("successfully synced (all tasks run)"));
    if (!isRunning)
        value = value.with("finishedAt", timeText(state, ago - 2));
    return value.with("syncResult", Value::map({{"revision", state.revision},
                                                {"source", sourceOf(application, state)},
                                                {"resources", isRunning ? runningResults(application, state)
                                                                        : finishedResults(application, state)}}));
}

Value historyOf(const SampleApplication &application, const SampleState &state)
{
    std::vector<Value> entries;
    const auto add = [&](const std::string &revision, std::int64_t ago) {
        entries.push_back(Value::map({{"id", static_cast<std::int64_t>(entries.size())},
                                      {"revision", revision},
                                      {"source", sourceOf(application, state)},
                                      {"deployStartedAt", timeText(state, ago + 2)},
                                      {"deployedAt", timeText(state, ago)},
                                      {"initiatedBy", application.isAutomated ? Value::map({{"automated", true}})
                                                                              : Value::map({{"username", "admin"}})}}));
    };
    add(state.previousRevision, application.ageSeconds + 86'400);
    if (application.scene == Scene::Healthy || application.scene == Scene::Drifted
        || application.scene == Scene::Updating)
        add(state.revision, application.ageSeconds);
    return Value::list(entries);
}

Value imagesOf(const SampleState &state)
{
    std::vector<Value> images;
    for (const Object &live : state.lives) {
        const Value containers = live.path({"spec", "template", "spec", "containers"});
        for (const Value &container : containers.items())
            images.push_back(container["image"]);
    }
    return images.empty() ? Value() : Value::list(images);
}

Value statusOf(const SampleApplication &application, const SampleState &state)
{
    const bool isSynced = std::ranges::all_of(state.isSynced, [](bool each) { return each; });
    const Value compared =
        Value::map({{"source", sourceOf(application, state)}, {"destination", destinationOf(application)}});
    Value summary = Value::map({});
    if (const Value images = imagesOf(state); !images.isNull())
        summary = summary.with("images", images);
    Value status = Value::map(
        {{"controllerNamespace", "argocd"},
         {"health",
          Value::map({{"status", healthWord(state)}, {"lastTransitionTime", timeText(state, application.ageSeconds)}})},
         {"reconciledAt", timeText(state, 40)},
         {"resourceHealthSource", "appTree"},
         {"resources", resourcesOf(application, state)},
         {"sourceType", application.sourceType},
         {"summary", summary},
         {"sync", Value::map({{"comparedTo", compared},
                              {"revision", state.revision},
                              {"status", isSynced ? "Synced" : "OutOfSync"}})}});
    if (application.scene != Scene::Missing)
        status = status.with("operationState", operationStateOf(application, state))
                     .with("history", historyOf(application, state));
    return status;
}

} // namespace

Object applicationObject(const SampleApplication &application, const SampleState &state)
{
    Value spec = Value::map({{"project", application.project},
                             {"source", sourceOf(application, state)},
                             {"destination", destinationOf(application)}});
    if (application.isAutomated)
        spec = spec.with("syncPolicy", Value::map({{"automated", Value::map({{"prune", true}, {"selfHeal", true}})}}));
    Value value = Value::map({{"apiVersion", crd::kApiVersion},
                              {"kind", crd::kApplicationKind},
                              {"metadata", Value::map({{"name", application.name},
                                                       {"namespace", "argocd"},
                                                       {"labels", Value::map({{"team", application.repository}})}})},
                              {"spec", spec},
                              {"status", statusOf(application, state)}});
    if (application.scene == Scene::Running)
        value = value.with("operation", operationOf(state, application));
    return Object(value);
}

} // namespace tiphys::demo
