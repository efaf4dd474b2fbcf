// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/sample.h"

#include "base/text.h"
#include "compare/apply_patch.h"
#include "compare/tracking.h"
#include "demo/access.h"
#include "demo/controllers.h"
#include "demo/definitions.h"
#include "demo/git_writer.h"
#include "demo/sample_files.h"
#include "demo/sample_status.h"
#include "object/yaml.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

constexpr const char *kApplier = "argocd-controller";

/// The past, in which the sample was deployed.
class PastClock final : public ports::Clock
{
public:
    explicit PastClock(ports::WallTime now) : m_now(now) {}
    ports::WallTime now() const override { return m_now; }
    ports::BootTime sinceBoot() const override { return m_now; }
    void moveTo(ports::WallTime moment) { m_now = std::max(m_now, moment); }

private:
    ports::WallTime m_now;
};

Expected<Object> put(Store &store, const Object &object, const char *manager)
{
    const Resource *resource = store.catalog().byKind(object.groupKind());
    if (!resource)
        return failure(ErrorCode::Internal, "no such kind: " + object.groupKind().text());
    const auto made = store.create(*resource, object.ns(), object, {.fieldManager = manager});
    if (!made)
        return failure(ErrorCode::Internal, made.error().message);
    const Value status = object.value()["status"];
    if (status.isNull() || !resource->hasStatus)
        return *made;
    const auto stated = store.update(*resource, {std::string(object.ns()), std::string(object.name())},
                                     withStatus(*made, status), "status", {.fieldManager = manager});
    return stated ? Expected<Object>(*stated) : failure(ErrorCode::Internal, stated.error().message);
}

void patch(Store &store, const Object &object, const Value &change)
{
    const Resource *resource = store.catalog().byKind(object.groupKind());
    (void)store.patch(*resource, {std::string(object.ns()), std::string(object.name())}, PatchKind::StrategicMerge,
                      change, "", {.fieldManager = "kubectl-edit"});
}

/// One repository of the sample: two commits, the first with older tags.
struct Repository
{
    std::string url, first, head;
};

/// What the commit before the last had in a file whose content is now \p content.
std::string olderContent(std::string content, const SampleApplication &application)
{
    const auto changed = application.text.empty() ? std::string::npos : content.find(application.text);
    if (changed != std::string::npos)
        content.replace(changed, application.text.size(), application.olderText);
    const auto tag = content.rfind("image: ");
    const auto end = tag == std::string::npos ? tag : content.find('\n', tag);
    const auto colon = end == std::string::npos ? end : content.rfind(':', end);
    return colon == std::string::npos ? content : content.replace(colon + 1, end - colon - 1, application.olderTag);
}

Expected<Repository> writeRepository(const std::string &folder, const std::string &name,
                                     const std::vector<SampleApplication> &applications, std::int64_t seconds)
{
    std::map<std::string, std::string> old = {{"README.md", "# " + name + "\n\nManifests of the demo.\n"}};
    std::map<std::string, std::string> head = old;
    for (const SampleApplication &application : applications) {
        if (application.repository != name)
            continue;
        for (const auto &[file, content] : application.files) {
            head[application.path + "/" + file] = content;
            old[application.path + "/" + file] =
                application.rendered.empty() ? olderContent(content, application) : content;
        }
    }
    const std::string path = folder + "/" + name + ".git";
    Expected<GitWriter> writer = GitWriter::begin(QString::fromStdString(path));
    if (!writer)
        return std::unexpected(writer.error());
    Repository repository{"file://" + path, {}, {}};
    const auto first = writer->commit(old, "Add the manifests", seconds - 30 * 86'400);
    const auto last = first ? writer->commit(head, "Release the newest images", seconds - 4 * 86'400) : first;
    if (!last)
        return std::unexpected(last.error());
    repository.first = *first;
    repository.head = *last;
    return repository;
}

enum class Commit { Older, Head };

std::vector<Object> targetsOf(const SampleApplication &application, Commit commit = Commit::Head)
{
    std::vector<Object> targets;
    for (const auto &[file, content] : application.manifests()) {
        const std::string text = commit == Commit::Head ? content : olderContent(content, application);
        if (const auto value = object::parseYaml(text))
            targets.push_back(Object(*value).withNamespace(application.ns));
    }
    return targets;
}

Expected<void> deploy(Store &store, const SampleApplication &application, Commit commit)
{
    for (const Object &target : targetsOf(application, commit)) {
        const bool isLater = application.scene == Scene::Running && target.annotation("argocd.argoproj.io/sync-wave");
        const bool isMissing = application.scene == Scene::Missing || isLater
                               || (application.scene == Scene::Running && target.kind() != "Job");
        if (isMissing)
            continue;
        const auto tracked = compare::tracked(target, application.name, application.ns, {});
        if (!tracked)
            return std::unexpected(tracked.error());
        const bool isPaused = target.path({"spec", "paused"}).boolOr(false);
        Object wanted = compare::withLastApplied(*tracked);
        if (isPaused)
            wanted = Object(wanted.value().withoutPath({"spec", "paused"}));
        if (const auto made = put(store, wanted, kApplier); !made)
            return std::unexpected(made.error());
    }
    return {};
}

/// Brings what stands there to the head of the branch, as a sync does.
Expected<void> update(Store &store, const SampleApplication &application)
{
    for (const Object &target : targetsOf(application)) {
        const auto tracked = compare::tracked(target, application.name, application.ns, {});
        if (!tracked)
            return std::unexpected(tracked.error());
        const Resource *resource = store.catalog().byKind(target.groupKind());
        const auto patched = store.patch(*resource, {application.ns, std::string(target.name())}, PatchKind::Merge,
                                         compare::withLastApplied(*tracked).value(), "", {.fieldManager = kApplier});
        if (!patched)
            return failure(ErrorCode::Internal, patched.error().message);
    }
    return {};
}

/// What people did by hand since then.
void changeByHand(Store &store, const SampleApplication &application)
{
    for (const Object &target : targetsOf(application)) {
        if (target.path({"spec", "paused"}).boolOr(false))
            patch(store, target, Value::map({{"spec", Value::map({{"paused", true}})}}));
        if (application.scene != Scene::Drifted || target.kind() != "Deployment")
            continue;
        const Value container =
            Value::map({{"name", target.name()}, {"image", "registry.example.com/shop/cart:1.3.9"}});
        patch(store, target,
              Value::map(
                  {{"spec",
                    Value::map({{"replicas", 5},
                                {"template",
                                 Value::map({{"spec", Value::map({{"containers", Value::list({container})}})}})}})}}));
    }
}

/// What the cluster says of the change in the last commit, which it refuses.
std::string refusalOf(Store &store, const SampleApplication &application)
{
    for (const Object &target : targetsOf(application)) {
        const Resource *resource = store.catalog().byKind(target.groupKind());
        const auto patched = store.patch(*resource, {application.ns, std::string(target.name())}, PatchKind::Merge,
                                         target.value(), "", {.fieldManager = kApplier, .isDryRun = true});
        if (!patched)
            return patched.error().message;
    }
    return {};
}

SampleState stateOf(Store &store, const SampleApplication &application, const Repository &repository)
{
    SampleState state{.repoUrl = repository.url,
                      .revision = repository.head,
                      .previousRevision = repository.first,
                      .targets = targetsOf(application),
                      .lives = {},
                      .isSynced = {},
                      .refusal = application.scene == Scene::FailedSync ? refusalOf(store, application) : "",
                      .now = store.now()};
    for (const Object &target : state.targets) {
        const Object live = store.find(target.groupKind(), {application.ns, std::string(target.name())});
        const bool isHook = target.annotation("argocd.argoproj.io/hook").has_value();
        const bool isDrifted = application.scene == Scene::Drifted && target.kind() == "Deployment";
        const bool hasFailed = application.scene == Scene::FailedSync && target.kind() == "StatefulSet";
        state.lives.push_back(live);
        state.isSynced.push_back(isHook || (!live.isNull() && !isDrifted && !hasFailed));
    }
    return state;
}

Expected<void> putProjects(Store &store)
{
    for (const std::string_view name : {"shop", "platform"}) {
        const Object project{Value::map(
            {{"apiVersion", "argoproj.io/v1alpha1"},
             {"kind", "AppProject"},
             {"metadata", Value::map({{"name", name}, {"namespace", "argocd"}})},
             {"spec",
              Value::map({{"description", name == "shop" ? "The shop and its services" : "What everybody uses"},
                          {"sourceRepos", Value::list({"*"})},
                          {"destinations", Value::list({Value::map({{"namespace", name == "shop" ? "shop-*" : "*"},
                                                                    {"server", "*"}})})}})}})};
        if (const auto made = put(store, project, "kubectl"); !made)
            return std::unexpected(made.error());
    }
    return {};
}

/// Lets \p seconds pass, two at a time.
void pass(Controllers &controllers, PastClock &clock, int seconds)
{
    for (int i = 0; i < seconds; i += 2) {
        controllers.settle();
        clock.moveTo(clock.now() + 2000);
    }
    controllers.settle();
}

/// Something that happened to an application.
struct Act
{
    const SampleApplication *application;
    std::int64_t ageSeconds;
    bool isUpdate;
};

/// What happened, oldest first.
std::vector<Act> actsOf(const std::vector<SampleApplication> &applications)
{
    constexpr std::int64_t kFirstDeployed = 150'000;
    std::vector<Act> acts;
    for (const SampleApplication &application : applications) {
        const bool isUpdating = application.scene == Scene::Updating;
        acts.push_back({&application, isUpdating ? kFirstDeployed : application.ageSeconds, false});
        if (isUpdating)
            acts.push_back({&application, application.ageSeconds, true});
    }
    std::ranges::stable_sort(acts, std::ranges::greater(), &Act::ageSeconds);
    return acts;
}

Expected<void> deployAnew(Store &store, const SampleApplication &application)
{
    if (store.find({"", "Namespace"}, {"", application.ns}).isNull()) {
        const Object ns{Value::map(
            {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", Value::map({{"name", application.ns}})}})};
        ignoreError(put(store, ns, "kubectl"), "a namespace that cannot be made shows at its first object");
    }
    const bool isBehind = application.scene == Scene::Updating || application.scene == Scene::FailedSync;
    return deploy(store, application, isBehind ? Commit::Older : Commit::Head);
}

Expected<void> putSample(Store &store, const SampleOptions &options)
{
    const ports::WallTime now = store.now();
    const std::vector<SampleApplication> applications = sampleApplications(options.address);
    std::map<std::string, Repository> repositories;
    for (const char *name : {"shop", "platform"}) {
        Expected<Repository> made = writeRepository(options.repositories, name, applications, now / 1000);
        if (!made)
            return std::unexpected(made.error());
        repositories[name] = std::move(*made);
    }
    PastClock past(now - 300'000'000);
    const ports::Clock &present = store.exchangeClock(past);
    Controllers controllers(store, 1);
    Expected<void> result = putProjects(store);
    for (const Act &act : actsOf(applications)) {
        past.moveTo(now - act.ageSeconds * 1000);
        if (result)
            result = act.isUpdate ? update(store, *act.application) : deployAnew(store, *act.application);
        const int seconds = act.ageSeconds <= 600 ? 4 : act.application->scene == Scene::Updating ? 40 : 20;
        pass(controllers, past, seconds);
        changeByHand(store, *act.application);
        pass(controllers, past, seconds);
    }
    past.moveTo(now);
    controllers.settle();
    store.exchangeClock(present);
    for (const SampleApplication &application : applications) {
        if (result) {
            const auto made =
                put(store,
                    applicationObject(application, stateOf(store, application, repositories[application.repository])),
                    "tiphys-engine");
            result = made ? Expected<void>() : std::unexpected(made.error());
        }
    }
    return result;
}

/// Applications without workloads, for measurements: every seventh is OutOfSync, every eleventh Degraded.
Expected<void> putGenerated(Store &store, int count)
{
    for (int i = 0; i < count; ++i) {
        const std::string name = "generated-" + std::to_string(i);
        const Value source = Value::map({{"repoURL", "https://git.example.com/generated.git"},
                                         {"path", "apps/" + name},
                                         {"targetRevision", "HEAD"}});
        const Value destination =
            Value::map({{"server", "https://kubernetes.default.svc"}, {"namespace", "team-" + std::to_string(i % 20)}});
        const Value status = Value::map(
            {{"sync", Value::map({{"status", i % 7 == 0 ? "OutOfSync" : "Synced"},
                                  {"revision", "0123456789abcdef0123456789abcdef01234567"},
                                  {"comparedTo", Value::map({{"source", source}, {"destination", destination}})}})},
             {"health", Value::map({{"status", i % 11 == 0 ? "Degraded" : "Healthy"}})},
             {"reconciledAt", store.timeText()},
             {"sourceType", "Directory"}});
        const Object application{Value::map(
            {{"apiVersion", "argoproj.io/v1alpha1"},
             {"kind", "Application"},
             {"metadata", Value::map({{"name", name}, {"namespace", "argocd"}})},
             {"spec", Value::map({{"project", "default"}, {"source", source}, {"destination", destination}})},
             {"status", status}})};
        if (const auto made = put(store, application, "tiphys-engine"); !made)
            return std::unexpected(made.error());
    }
    return {};
}

} // namespace

Expected<void> fillCluster(Store &store, const SampleOptions &options)
{
    std::vector<Object> objects = baseObjects();
    for (Object &object : accessObjects())
        objects.push_back(std::move(object));
    for (const Object &object : objects) {
        if (const auto made = put(store, object, "demo"); !made)
            return std::unexpected(made.error());
    }
    if (options.hasSample) {
        if (const auto sample = putSample(store, options); !sample)
            return sample;
    }
    return putGenerated(store, options.generatedApplications);
}

} // namespace tiphys::demo
