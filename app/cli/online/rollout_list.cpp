// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/delay.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/online/rollout_output.h"
#include "cli/online/shown_app.h"
#include "cli/online/table_columns.h"
#include "control/rollout_intents.h"
#include "crd/human_duration.h"
#include "object/json.h"
#include "rollout/info/rollout_info.h"

#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>

namespace tiphys::cli {

using namespace std::chrono_literals;
using object::Object;
using object::Value;
using rollout::RolloutInfo;
using Command = Invocation::Command;
using Row = std::vector<std::string>;

namespace {

ports::ResourceType typeOf(Command command)
{
    switch (command) {
    case Command::RolloutList: return control::rolloutType();
    case Command::AnalysisList: return control::analysisRunType();
    default: return control::experimentType();
    }
}

/// The cells of a line without the age, which changes by itself.
Row rolloutCells(const Object &object)
{
    const RolloutInfo info = rollout::rolloutSummary(object);
    const bool isCanary = info.strategy == rollout::StrategyKind::Canary;
    return {info.ns,
            info.name,
            std::string(rollout::word(info.strategy)),
            info.phase.phase,
            info.step().empty() ? "-" : info.step(),
            isCanary ? std::to_string(info.setWeight) : "-",
            std::to_string(info.ready) + "/" + std::to_string(info.current),
            std::to_string(info.desired),
            std::to_string(info.updated),
            std::to_string(info.available),
            info.phase.message};
}

Row runCells(const Object &object)
{
    const auto owners = object.ownerReferences();
    return {std::string(object.ns()), std::string(object.name()),
            std::string(object.path({"status", "phase"}).stringOr()),
            owners.empty() ? "" : owners.front().kind + "/" + owners.front().name,
            std::string(object.path({"status", "message"}).stringOr())};
}

/// The lines of one command.
class Lines
{
public:
    explicit Lines(const Invocation &invocation)
        : m_isRollouts(invocation.command == Command::RolloutList), m_hasTimestamps(invocation.rollout.hasTimestamps)
    {
    }

    Row heading() const
    {
        Row names = m_isRollouts ? Row{"NAMESPACE", "NAME",    "STRATEGY",   "STATUS",    "STEP", "SET-WEIGHT",
                                       "READY",     "DESIRED", "UP-TO-DATE", "AVAILABLE", "AGE",  "MESSAGE"}
                                 : Row{"NAMESPACE", "NAME", "STATUS", "OWNER", "AGE", "MESSAGE"};
        if (m_hasTimestamps)
            names.insert(names.begin(), "TIMESTAMP");
        return names;
    }

    Row cells(const Object &object) const { return m_isRollouts ? rolloutCells(object) : runCells(object); }

    Row row(Row cells, const Object &object, crd::Timestamp now) const
    {
        const std::optional<crd::Timestamp> created = crd::timestampOf(object.creationTimestamp());
        cells.insert(cells.end() - 1, created ? crd::humanDuration(now.seconds - created->seconds) : "");
        if (m_hasTimestamps)
            cells.insert(cells.begin(), now.text());
        return cells;
    }

private:
    bool m_isRollouts;
    bool m_hasTimestamps;
};

Error withoutKind(const Error &error, const ports::Connection &connection, const ports::ResourceType &type)
{
    if (error.code() != ErrorCode::NotFound)
        return error;
    return Error(ErrorCode::NotFound, connection.cluster->identity().server + " has no kind " + type.kind
                                          + " (argoproj.io): Argo Rollouts is not installed");
}

std::string namespacesOf(const Invocation &invocation, const ports::Connection &connection)
{
    return invocation.connection.allNamespaces ? "" : rolloutNamespace(invocation, connection);
}

/// What chooses the one object of --name; "" for all.
std::string selectorOf(const Invocation &invocation)
{
    return invocation.rollout.name.empty() ? "" : "metadata.name=" + invocation.rollout.name;
}

/// Where it was looked, so that nobody takes an empty namespace for an empty cluster.
std::string noneText(const ports::ResourceType &type, const std::string &namespaces, const std::string &name)
{
    const std::string none = "No " + type.plural + (name.empty() ? "" : " named " + tiphys::quoted(name)) + " found";
    return namespaces.empty() ? none + " in any namespace."
                              : none + " in namespace " + tiphys::quoted(namespaces) + "; -A looks in all of them.";
}

/// Prints what is there and then each line, or object, that has changed.
class ListWatch
{
public:
    ListWatch(const OnlineSession &session, const Invocation &invocation)
        : m_session(session), m_invocation(invocation), m_lines(invocation)
    {
        if (invocation.output == Output::Text)
            m_news.push_back(m_lines.heading());
    }

    bool hasPrinted() const { return m_hasPrinted; }

    /// What a cache knows now; \p place is the place of the cache.
    void take(std::size_t place, const ports::CacheSnapshot &snapshot)
    {
        std::map<object::ObjectKey, Known> &known = m_known[place];
        std::map<object::ObjectKey, Known> next;
        for (const Object &object : snapshot.objects.sorted()) {
            const object::ObjectKey key = object.key();
            const auto before = known.find(key);
            if (before != known.end() && before->second.object == object) {
                next.insert(known.extract(before));
                continue;
            }
            Known now{object, m_invocation.output == Output::Text ? m_lines.cells(object) : Row()};
            if (before == known.end() || now.cells != before->second.cells || m_invocation.output != Output::Text)
                tell(now);
            if (before != known.end())
                known.erase(before);
            next.emplace(key, std::move(now));
        }
        for (const auto &[key, gone] : known)
            m_gone.push_back(key.ns + "/" + key.name + " is gone\n");
        known = std::move(next);
    }

    void flush()
    {
        if (!m_news.empty())
            print(m_columns.text(m_news));
        m_news.clear();
        flushOutput();
        for (const std::string &line : m_gone)
            std::fputs(line.c_str(), stderr);
        m_gone.clear();
        m_hasPrinted = true;
    }

private:
    struct Known
    {
        Object object;
        Row cells;
    };

    void tell(const Known &known)
    {
        const Object &object = known.object;
        if (m_invocation.output == Output::Text) {
            m_news.push_back(m_lines.row(known.cells, object, nowOf(m_session)));
        } else if (m_invocation.output == Output::Name) {
            print(std::string(object.ns()) + "/" + std::string(object.name()) + "\n");
        } else {
            if (m_invocation.output == Output::Yaml && m_hasDocument)
                print("---\n");
            printStored({shownRollout(object)}, m_invocation.output, false);
            m_hasDocument = true;
        }
    }

    const OnlineSession &m_session;
    const Invocation &m_invocation;
    Lines m_lines;
    TableColumns m_columns;
    std::map<std::size_t, std::map<object::ObjectKey, Known>> m_known;
    std::vector<Row> m_news;
    std::vector<std::string> m_gone;
    bool m_hasDocument = false;
    bool m_hasPrinted = false;
};

/// Ends with an error alone; Cancelled where it is interrupted.
Async<void> watchList(ports::Connection connection, const Invocation &invocation, ListWatch &watch, CancelToken cancel)
{
    const ports::ResourceType type = typeOf(invocation.command);
    std::vector<ports::CacheUserPtr> caches;
    const std::string namespaces = namespacesOf(invocation, connection);
    for (const std::string_view ns : split(namespaces, ',')) {
        ports::CacheKey key;
        key.type = type;
        key.ns = std::string(ns);
        key.fieldSelector = selectorOf(invocation);
        caches.push_back(connection.cache->use(std::move(key), [](const ports::CacheSnapshotPtr &) {}));
    }
    for (const ports::CacheUserPtr &cache : caches) {
        const Expected<ports::CacheSnapshotPtr> listed = co_await cache->synced(cancel);
        if (!listed)
            co_return std::unexpected(withoutKind(listed.error(), connection, type));
    }
    std::vector<ports::CacheSnapshotPtr> seen(caches.size());
    while (true) {
        for (std::size_t i = 0; i < caches.size(); ++i) {
            const ports::CacheSnapshotPtr now = caches[i]->snapshot();
            if (now == seen[i])
                continue;
            if (now->state == ports::CacheState::Denied)
                co_return std::unexpected(
                    now->error.value_or(Error(ErrorCode::Denied, caches[i]->key().text() + " may not be read")));
            const bool wasStale = seen[i] && seen[i]->state == ports::CacheState::Stale;
            if (now->state == ports::CacheState::Stale && !wasStale && now->error)
                std::fputs((now->error->text() + "; trying again\n").c_str(), stderr);
            watch.take(i, *now);
            seen[i] = now;
        }
        watch.flush();
        const Expected<void> paused = co_await async::delay(200ms, cancel);
        if (!paused)
            co_return std::unexpected(paused.error());
    }
}

Async<int> watched(OnlineSession &session, ports::Connection connection, const Invocation &invocation,
                   CancelToken cancel)
{
    ListWatch watch(session, invocation);
    const Expected<void> ended = co_await watchList(std::move(connection), invocation, watch, cancel);
    // Ctrl+C is how watching ends.
    if (!ended && ended.error().code() == ErrorCode::Cancelled && watch.hasPrinted())
        co_return 0;
    co_return std::unexpected(ended.error());
}

} // namespace

Async<int> runRolloutList(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ports::Connection> connection = session.connect();
    if (!connection)
        co_return std::unexpected(connection.error());
    if (invocation.rollout.watches) {
        const Expected<int> code = co_await watched(session, *connection, invocation, cancel);
        co_return code;
    }
    const ports::ResourceType type = typeOf(invocation.command);
    const std::string namespaces = namespacesOf(invocation, *connection);
    std::vector<Object> found;
    for (const std::string_view ns : split(namespaces, ',')) {
        ports::ListOptions options;
        options.ns = std::string(ns);
        options.fieldSelector = selectorOf(invocation);
        options.managedFields = ports::ManagedFields::Dropped;
        const Expected<ports::ObjectList> listed = co_await connection->cluster->list(type, options, cancel);
        if (!listed)
            co_return std::unexpected(withoutKind(listed.error(), *connection, type));
        found.insert(found.end(), listed->items.begin(), listed->items.end());
    }
    if (invocation.output == Output::Name) {
        // As the other commands take it.
        for (const Object &object : found)
            print(std::string(object.ns()) + "/" + std::string(object.name()) + "\n");
        co_return 0;
    }
    if (invocation.output != Output::Text) {
        std::vector<Value> values;
        for (const Object &object : found)
            values.push_back(shownRollout(object));
        printStored(values, invocation.output, true);
        co_return 0;
    }
    if (found.empty()) {
        std::fputs((noneText(type, namespaces, invocation.rollout.name) + "\n").c_str(), stderr);
        co_return 0;
    }
    const Lines lines(invocation);
    std::vector<Row> rows{lines.heading()};
    for (const Object &object : found)
        rows.push_back(lines.row(lines.cells(object), object, nowOf(session)));
    print(TableColumns().text(rows));
    co_return 0;
}

} // namespace tiphys::cli
