// SPDX-License-Identifier: GPL-3.0-or-later
// What a page asks for after the comparison: commits, causes of differences, events.
#include "control/app_page.h"

#include "control/app_views.h"
#include "control/diff_cause.h"
#include "control/turnstile.h"

#include <algorithm>
#include <map>

namespace tiphys::control {

using object::Object;
using service::AppDetail;
using DetailPtr = std::shared_ptr<AppDetail>;

namespace {

constexpr std::size_t kMostEvents = 200;
/// Differences whose cause is asked for, those that are shown first, and how many of them at once.
constexpr std::size_t kMostCauses = 50;
constexpr std::size_t kCausesAtOnce = 8;

const ports::ResourceType kEvents{"", "v1", "events", "Event", true};

service::EventRow eventOf(const Object &event)
{
    service::EventRow row;
    const object::Value &value = event.value();
    row.type = std::string(value["type"].stringOr());
    row.reason = std::string(value["reason"].stringOr());
    row.message = std::string(value["message"].stringOr());
    row.count = static_cast<int>(std::max<std::int64_t>(1, value["count"].intOr(1)));
    const object::Value about = value["involvedObject"];
    const object::Gvk gvk = object::gvkOf(about["apiVersion"].stringOr(), about["kind"].stringOr());
    row.object = {gvk.group, gvk.kind, std::string(about["namespace"].stringOr()),
                  std::string(about["name"].stringOr())};
    for (const std::string_view field : {"lastTimestamp", "eventTime", "firstTimestamp"}) {
        if (const service::WallTime time = wallTimeOf(value[field].stringOr()); time > 0) {
            row.lastSeen = time;
            break;
        }
    }
    return row;
}

/// What causes depend on: the versions of the live objects that were compared, also of those that were read on their own.
std::map<object::ObjectKey, std::string> liveVersions(const Evaluation &evaluation)
{
    std::map<object::ObjectKey, std::string> versions;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        if (!resource.live.isNull())
            versions.emplace(resource.status.key(),
                             std::string(resource.live.uid()) + "/" + std::string(resource.live.resourceVersion()));
    }
    return versions;
}

std::vector<service::CommitSummary *> commitsOf(service::AppDetail &detail)
{
    std::vector<service::CommitSummary *> commits{&detail.target, &detail.lastSynced, &detail.row.commit};
    for (service::HistoryRow &row : detail.history)
        commits.push_back(&row.commit);
    return commits;
}

/// Reads \p ref when \p gate lets it through.
Async<Object> wholeOf(Turnstile gate, ports::ClusterPtr cluster, ports::ObjectRef ref, CancelToken cancel)
{
    const Expected<Turnstile::Pass> pass = co_await gate.enter(cancel);
    if (!pass)
        co_return std::unexpected(pass.error());
    const Expected<Object> object = co_await cluster->get(ref, {}, cancel);
    co_return object;
}

} // namespace

void AppPage::takeCommits(AppDetail &detail) const
{
    for (service::CommitSummary *commit : commitsOf(detail)) {
        if (const auto known = m_commits.find(commit->revision); known != m_commits.end())
            *commit = known->second;
    }
}

Async<void> AppPage::addCommits(DetailPtr detail, std::string repoUrl, CancelToken cancel)
{
    for (service::CommitSummary *commit : commitsOf(*detail)) {
        if (commit->revision.size() != 40 || repoUrl.empty())
            continue;
        if (const auto known = m_commits.find(commit->revision); known != m_commits.end()) {
            *commit = known->second;
            continue;
        }
        const Expected<ports::CommitFacts> facts =
            co_await m_parts.repositories->commit(repoUrl, commit->revision, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!facts)
            continue; // the revision alone is shown
        *commit = {facts->revision, facts->subject, facts->author, facts->seconds * 1000};
        m_commits.emplace(facts->revision, *commit);
    }
    co_return {};
}

void AppPage::takeCauses(AppDetail &detail) const
{
    const std::map<object::ObjectKey, std::string> versions = liveVersions(*m_evaluation);
    for (service::ResourceDiff &diff : detail.diffs) {
        const auto version = versions.find(diff.key);
        if (diff.change != service::ChangeKind::Changed || version == versions.end())
            continue;
        if (const auto known = m_causes.find(version->second); known != m_causes.end())
            diff.cause = known->second;
    }
}

Async<void> AppPage::addCauses(DetailPtr detail, CancelToken cancel)
{
    ContextSession *destination = m_observer.destination();
    const LiveViewPtr view = m_observer.view();
    // Another look may just have begun with a new view.
    const ports::DiscoveryPtr discovery = view ? view->discovery() : nullptr;
    if (!destination || !destination->cluster() || !discovery)
        co_return {};
    struct Asked
    {
        service::ResourceDiff *diff = nullptr;
        std::string version;
        Async<Object> live;
    };
    const std::map<object::ObjectKey, std::string> versions = liveVersions(*m_evaluation);
    const Turnstile gate(kCausesAtOnce);
    std::vector<Asked> asked;
    // Those that are known were taken already.
    for (service::ResourceDiff &diff : detail->diffs) {
        const auto version = versions.find(diff.key);
        if (diff.change != service::ChangeKind::Changed || version == versions.end()
            || m_causes.contains(version->second))
            continue;
        const Expected<ports::ResourceType> type = discovery->typeOf(diff.key.groupKind());
        if (!type || asked.size() >= kMostCauses)
            continue;
        // The view leaves managed fields out; they are asked for where they tell something.
        asked.push_back({&diff, version->second,
                         wholeOf(gate, destination->cluster(), {*type, diff.key.ns, diff.key.name}, cancel)});
    }
    for (const Asked &one : asked) {
        const Expected<Object> live = co_await one.live;
        if (!live)
            continue;
        one.diff->cause = changeCauseOf(*live, detail->row.lastSync);
        m_causes.insert_or_assign(one.version, one.diff->cause);
    }
    // Only now: all that was asked has ended.
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    co_return {};
}

Async<void> AppPage::addEvents(DetailPtr detail, CancelToken cancel)
{
    ContextSession *destination = m_observer.destination();
    if (!destination || !destination->cluster())
        co_return {};
    std::vector<std::string> namespaces{detail->row.destinationNamespace};
    for (const service::TreeNode &node : detail->tree) {
        if (!node.key.ns.empty() && !std::ranges::contains(namespaces, node.key.ns))
            namespaces.push_back(node.key.ns);
    }
    // Together: a slow link is waited for once, not once a namespace.
    std::vector<Async<ports::ObjectList>> asked;
    for (const std::string &ns : namespaces) {
        if (ns.empty())
            continue;
        ports::ListOptions options;
        options.ns = ns;
        options.consistency = ports::Consistency::Any;
        asked.push_back(destination->cluster()->list(kEvents, options, cancel));
    }
    std::vector<service::EventRow> rows;
    detail->eventsProblem.clear();
    for (const Async<ports::ObjectList> &one : asked) {
        const Expected<ports::ObjectList> events = co_await one;
        if (!events) {
            detail->eventsProblem = events.error().text();
            continue;
        }
        for (const Object &event : events->items) {
            service::EventRow row = eventOf(event);
            const bool isOurs = std::ranges::any_of(detail->tree, [&](const service::TreeNode &node) {
                return node.key.kind == row.object.kind && node.key.name == row.object.name
                       && node.key.ns == row.object.ns;
            });
            if (isOurs)
                rows.push_back(std::move(row));
        }
    }
    // Only now: all that was asked has ended.
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    std::ranges::stable_sort(rows, std::greater(), &service::EventRow::lastSeen);
    if (rows.size() > kMostEvents)
        rows.resize(kMostEvents);
    detail->events = std::move(rows);
    co_return {};
}

} // namespace tiphys::control
