// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/remembered_rows.h"

#include "base/repo_url.h"
#include "object/json.h"

#include <algorithm>
#include <utility>

namespace tiphys::control {

using object::Value;
using service::AppRow;
using service::AppRowPtr;

namespace {

/// Goes up whenever an older text would be read as something else.
constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMostBytes = 300;

/// \p text, cut where a character ends.
std::string cut(std::string_view text)
{
    if (text.size() <= kMostBytes)
        return std::string(text);
    std::size_t end = kMostBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
        --end;
    return std::string(text.substr(0, end)) + "…";
}

/// What servers and renderers say may quote what is in the objects.
std::string causeOf(const AppRow &row)
{
    if (row.urgency != service::Urgency::FailedOperation)
        return cut(row.cause);
    return cut(std::string_view(row.cause).substr(0, row.cause.find(": ")));
}

using Members = std::vector<std::pair<std::string, Value>>;

void put(Members &members, const char *name, const std::string &text)
{
    if (!text.empty())
        members.emplace_back(name, Value(text));
}

void put(Members &members, const char *name, std::int64_t number)
{
    if (number != 0)
        members.emplace_back(name, Value(number));
}

void put(Members &members, const char *name, bool isSet)
{
    if (isSet)
        members.emplace_back(name, Value(true));
}

Value sourceValue(const service::SourceSummary &source)
{
    Members members;
    put(members, "repo", cut(urlWithoutUser(source.repoUrl)));
    put(members, "path", cut(source.path));
    put(members, "target", cut(source.targetRevision));
    put(members, "chart", source.isChart);
    return Value::map(members);
}

Value rowValue(const AppRow &row)
{
    Members members;
    put(members, "namespace", row.id.ns);
    put(members, "name", row.id.name);
    put(members, "project", cut(row.project));
    put(members, "destination", cut(row.destination));
    put(members, "destinationNamespace", cut(row.destinationNamespace));
    std::vector<Value> sources;
    for (const service::SourceSummary &source : row.sources)
        sources.push_back(sourceValue(source));
    members.emplace_back("sources", Value::list(sources));
    put(members, "revision", cut(row.revision));
    put(members, "subject", cut(row.commit.subject));
    put(members, "author", cut(row.commit.author));
    put(members, "committed", row.commit.time);
    put(members, "sync", std::string(word(row.sync)));
    put(members, "health", std::string(word(row.health)));
    put(members, "automated", row.isAutomated);
    put(members, "deleted", row.isBeingDeleted);
    put(members, "cause", causeOf(row));
    put(members, "urgency", static_cast<std::int64_t>(row.urgency));
    put(members, "since", row.since);
    put(members, "lastSync", row.lastSync);
    put(members, "reconciled", row.reconciledAt);
    put(members, "reconciler", static_cast<std::int64_t>(row.reconciler));
    put(members, "parent", cut(row.parent));
    return Value::map(members);
}

std::string textIn(const Value &map, std::string_view name)
{
    return std::string(map[name].stringOr());
}

/// Enumerators are kept as numbers up to \p last.
template <typename Enum>
Enum enumIn(const Value &map, std::string_view name, Enum last)
{
    const std::int64_t number = map[name].intOr(0);
    return number < 0 || number > static_cast<std::int64_t>(last) ? last : static_cast<Enum>(number);
}

AppRowPtr rowOf(const std::string &context, const Value &map)
{
    auto row = std::make_shared<AppRow>();
    row->id = {context, textIn(map, "namespace"), textIn(map, "name")};
    row->project = textIn(map, "project");
    row->destination = textIn(map, "destination");
    row->destinationNamespace = textIn(map, "destinationNamespace");
    const Value sources = map["sources"];
    for (const Value &source : sources.items())
        row->sources.push_back(
            {textIn(source, "repo"), textIn(source, "path"), textIn(source, "target"), source["chart"].boolOr(false)});
    row->revision = textIn(map, "revision");
    row->commit = {row->revision, textIn(map, "subject"), textIn(map, "author"), map["committed"].intOr(0)};
    row->sync = service::syncStatusOf(textIn(map, "sync"));
    row->health = service::healthStatusOf(textIn(map, "health"));
    row->isAutomated = map["automated"].boolOr(false);
    row->isBeingDeleted = map["deleted"].boolOr(false);
    row->cause = textIn(map, "cause");
    row->urgency = enumIn(map, "urgency", service::Urgency::None);
    row->since = map["since"].intOr(0);
    row->lastSync = map["lastSync"].intOr(0);
    row->reconciledAt = map["reconciled"].intOr(0);
    row->reconciler = enumIn(map, "reconciler", service::Reconciler::ControllerUnknown);
    row->parent = textIn(map, "parent");
    return row;
}

} // namespace

std::string textOf(const RememberedRows &remembered)
{
    std::vector<Value> rows;
    for (const AppRowPtr &row : remembered.rows) {
        if (rows.size() == kMostRememberedRows)
            break;
        rows.push_back(rowValue(*row));
    }
    return object::toJson(Value::map({{"version", kVersion},
                                      {"context", remembered.context},
                                      {"server", remembered.server},
                                      {"user", remembered.user},
                                      {"seen", remembered.seen},
                                      {"rows", Value::list(rows)}}));
}

std::optional<RememberedRows> rememberedRowsOf(std::string_view text)
{
    const Expected<Value> read = object::parseJson(text);
    if (!read || (*read)["version"].intOr(0) != kVersion)
        return std::nullopt;
    RememberedRows remembered{.context = textIn(*read, "context"),
                              .server = textIn(*read, "server"),
                              .user = textIn(*read, "user"),
                              .seen = (*read)["seen"].intOr(0),
                              .rows = {}};
    const Value rows = (*read)["rows"];
    if (remembered.seen <= 0 || !rows.isList() || rows.size() > kMostRememberedRows)
        return std::nullopt;
    for (const Value &row : rows.items()) {
        remembered.rows.push_back(rowOf(remembered.context, row));
        if (remembered.rows.back()->id.name.empty())
            return std::nullopt;
    }
    std::ranges::sort(remembered.rows, {}, [](const AppRowPtr &row) { return row->id; });
    const auto twice = std::ranges::adjacent_find(
        remembered.rows, [](const AppRowPtr &a, const AppRowPtr &b) { return a->id == b->id; });
    return twice == remembered.rows.end() ? std::optional(std::move(remembered)) : std::nullopt;
}

} // namespace tiphys::control
