// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/detail_lists.h"

#include "models/application_table.h"
#include "models/text.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::OperationPhase;

namespace {

constexpr int kSecondary = static_cast<int>(AppRole::Secondary);

constexpr std::array kPhases{"PreSync", "Sync", "PostSync", "SyncFail"};

int phaseRank(const std::string &phase)
{
    const auto found = std::ranges::find(kPhases, phase);
    return static_cast<int>(found - kPhases.begin());
}

OperationPhase phaseOf(const service::ResultRow &row)
{
    if (!row.hookPhase.empty())
        return service::operationPhaseOf(row.hookPhase);
    if (row.status == "SyncFailed")
        return OperationPhase::Failed;
    return row.status.empty() ? OperationPhase::Running : OperationPhase::Succeeded;
}

/// True if nothing more is done to \p row: it went well or badly.
bool isDone(const service::ResultRow &row)
{
    return phaseOf(row) != OperationPhase::Running;
}

/// What is found in a list by its name: a narrow column keeps that, the namespace stands below it.
QString shortName(const object::ObjectKey &key)
{
    return resourceText(key, key.ns);
}

bool isOperationRunning(OperationPhase phase)
{
    return phase == OperationPhase::Running || phase == OperationPhase::Terminating;
}

} // namespace

void ResultList::apply(std::vector<service::ResultRow> rows, OperationPhase phase)
{
    std::ranges::stable_sort(rows, {},
                             [](const service::ResultRow &row) { return std::pair(phaseRank(row.phase), row.wave); });
    const bool isOther = std::exchange(m_phase, phase) != phase;
    if (!isOther && rows == this->rows())
        return;
    setRows(std::move(rows));
    // A line that came or was done changes what its group says, and the end what is waited for.
    touchAll();
}

bool ResultList::isFirstOfGroup(int row) const
{
    return row == 0 || rowAt(row - 1).phase != rowAt(row).phase || rowAt(row - 1).wave != rowAt(row).wave;
}

QString ResultList::progress(int row) const
{
    const service::ResultRow &of = rowAt(row);
    const auto isOfGroup = [&of](const service::ResultRow &each) {
        return each.phase == of.phase && each.wave == of.wave;
    };
    const auto all = std::ranges::count_if(rows(), isOfGroup);
    const auto done =
        std::ranges::count_if(rows(), [&](const service::ResultRow &each) { return isOfGroup(each) && isDone(each); });
    return tr("%1 of %2 done", "resources of a wave").arg(done).arg(all);
}

bool ResultList::isAwaited(int row) const
{
    return isOperationRunning(m_phase) && phaseOf(rowAt(row)) == OperationPhase::Running;
}

QString awaitedText(const service::OperationView &operation)
{
    if (!isOperationRunning(operation.phase))
        return {};
    std::vector<const service::ResultRow *> awaited;
    for (const service::ResultRow &row : operation.results) {
        if (phaseOf(row) == OperationPhase::Running)
            awaited.push_back(&row);
    }
    if (awaited.empty())
        return {};
    // As the engine names it: hooks before others.
    std::ranges::stable_sort(awaited, {}, [](const service::ResultRow *row) { return row->hookType.empty(); });
    const service::ResultRow &first = *awaited.front();
    const QString place = ResultList::tr("%1, wave %2", "phase and wave").arg(text(first.phase)).arg(first.wave);
    const QString name =
        first.hookType.empty() ? resourceText(first.key) : ResultList::tr("hook %1").arg(resourceText(first.key));
    const QString message = text(first.message).simplified();
    const QString one = message.isEmpty() ? ResultList::tr("Waits for %1 (%2)").arg(name, place)
                                          : ResultList::tr("Waits for %1 (%2): %3").arg(name, place, message);
    return awaited.size() == 1
               ? one
               : ResultList::tr("%1 · and %2 more", "what is waited for").arg(one, QString::number(awaited.size() - 1));
}

QString briefMessage(const service::OperationView &operation)
{
    constexpr qsizetype kMost = 90;
    QString brief = text(operation.message).section(u'\n', 0, 0);
    // What stands before the first colon may be the name of a condition alone.
    constexpr qsizetype kLeast = 20;
    for (const QLatin1StringView reason : {", reason:"_L1, " (retried"_L1, ": "_L1}) {
        if (const qsizetype at = brief.indexOf(reason, kLeast); at > 0)
            brief.truncate(at);
    }
    if (brief.size() > kMost)
        brief = brief.left(kMost - 1).trimmed() + u'…';
    return brief;
}

QString phasesText(const service::OperationView &operation)
{
    QStringList parts;
    for (const char *phase : kPhases) {
        const auto isOfPhase = [phase](const service::ResultRow &row) { return row.phase == phase; };
        const auto all = std::ranges::count_if(operation.results, isOfPhase);
        const auto done = std::ranges::count_if(
            operation.results, [&](const service::ResultRow &row) { return isOfPhase(row) && isDone(row); });
        if (all > 0)
            parts << ResultList::tr("%1 %2 of %3", "phase, and how many of its resources are done")
                         .arg(QLatin1StringView(phase))
                         .arg(done)
                         .arg(all);
    }
    return parts.join(u" → "_s);
}

QVariant ResultList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const service::ResultRow &row = rowAt(index.row());
    if (role == kPhaseRole)
        return index.column() == 2 ? static_cast<int>(phaseOf(row)) : -1;
    if (role == kKindRole)
        return index.column() == 1 ? text(row.key.kind) : QString();
    if (role == Qt::ToolTipRole)
        return QString(text(row.key.text()) + u'\n' + text(row.message));
    if (role == kSecondary)
        return secondary(index);
    if (role == kHookRole)
        return index.column() == 1 && !row.hookType.empty();
    if (role == Qt::AccessibleTextRole)
        return spoken(index);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case 0:
        return isFirstOfGroup(index.row()) ? tr("%1 · wave %2", "phase and wave").arg(text(row.phase)).arg(row.wave)
                                           : QString();
    case 1: return shortName(row.key);
    case 2: return text(row.hookPhase.empty() ? (row.status.empty() ? "Running" : row.status) : row.hookPhase);
    case 3: return text(row.message);
    default: return {};
    }
}

QString ResultList::secondary(const QModelIndex &index) const
{
    const service::ResultRow &row = rowAt(index.row());
    if (index.column() == 0 && isFirstOfGroup(index.row()))
        return progress(index.row());
    if (index.column() == 1 && !row.hookType.empty())
        return row.key.ns.empty() ? tr("hook %1").arg(text(row.hookType))
                                  : tr("hook %1 in %2", "a resource: kind of hook and namespace")
                                        .arg(text(row.hookType), text(row.key.ns));
    if (index.column() == 1)
        return text(row.key.ns);
    if (index.column() == 2 && isAwaited(index.row()))
        return tr("waited for now", "a resource");
    return {};
}

QString ResultList::spoken(const QModelIndex &index) const
{
    const service::ResultRow &row = rowAt(index.row());
    // Each line by itself: nobody who listens sees the group above it.
    if (index.column() == 0)
        return tr("%1 · wave %2", "phase and wave").arg(text(row.phase)).arg(row.wave);
    if (index.column() == 1)
        return row.hookType.empty()
                   ? resourceText(row.key)
                   : tr("%1, hook %2", "resource, kind of hook").arg(resourceText(row.key), text(row.hookType));
    const QString shown = index.data(Qt::DisplayRole).toString();
    const QString more = secondary(index);
    return more.isEmpty() ? shown : shown + u", "_s + more;
}

QVariant ResultList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("Phase"), tr("Resource"), tr("Result"), tr("Message")};
    return titles.value(section);
}

void HistoryList::apply(std::vector<service::HistoryRow> rows, service::WallTime now)
{
    m_now = now;
    std::ranges::stable_sort(rows, std::greater(), &service::HistoryRow::id);
    setRows(std::move(rows));
    touchColumn(2);
}

QVariant HistoryList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const service::HistoryRow &row = rowAt(index.row());
    if (role == Qt::ToolTipRole)
        return QString(index.column() == 2 ? exactTimeText(row.deployedAt) : commitTooltip(row.commit));
    if (role == kSecondary)
        return index.column() == 1 && !row.commit.subject.empty() ? shortRevision(row.commit.revision) : QString();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case 0: return QString::number(row.id);
    case 1: return row.commit.subject.empty() ? shortRevision(row.commit.revision) : text(row.commit.subject);
    case 2: return agoText(row.deployedAt, m_now);
    case 3: return row.isAutomated ? tr("automated sync") : text(row.initiatedBy);
    default: return {};
    }
}

QVariant HistoryList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("Number", "of a history entry"), tr("Revision"), tr("Deployed"),
                             tr("By", "who deployed")};
    return titles.value(section);
}

void EventList::apply(std::vector<service::EventRow> rows, service::WallTime now)
{
    m_now = now;
    std::ranges::stable_sort(rows, std::greater(), &service::EventRow::lastSeen);
    setRows(std::move(rows));
    touchColumn(4);
}

QVariant EventList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const service::EventRow &row = rowAt(index.row());
    if (role == kWarningRole)
        return index.column() == 0 && row.type == "Warning";
    if (role == Qt::ToolTipRole)
        return QString(index.column() == 4 ? exactTimeText(row.lastSeen) : text(row.message));
    if (role == kKindRole)
        return index.column() == 1 ? text(row.object.kind) : QString();
    if (role == kSecondary)
        return index.column() == 1 ? text(row.object.ns) : QString();
    if (role == Qt::AccessibleTextRole && index.column() == 1)
        return resourceText(row.object);
    if (role == Qt::AccessibleTextRole && index.column() == 0 && row.type == "Warning")
        return tr("Warning, %1", "reason of an event").arg(text(row.reason));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case 0: return text(row.reason);
    case 1: return shortName(row.object);
    case 2: return text(row.message);
    case 3: return row.count > 1 ? u"%1×"_s.arg(row.count) : QString();
    case 4: return ageText(row.lastSeen, m_now);
    default: return {};
    }
}

QVariant EventList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("Reason"), tr("Object"), tr("Message"), tr("Times"), tr("Seen")};
    return titles.value(section);
}

} // namespace tiphys::models
