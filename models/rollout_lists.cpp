// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rollout_lists.h"

#include "models/rollout_text.h"
#include "models/text.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::AnalysisRow;
using service::MeasurementRow;
using service::MetricRow;
using service::RolloutRevision;
using service::RolloutRow;
using service::RolloutStep;
using service::StepTimes;
using State = LadderItem::State;

namespace {

/// The latest run of step \p index in the update that \p row is in, null if there is none.
const AnalysisRow *runOf(const std::vector<AnalysisRow> &analyses, const RolloutRow &row, int index)
{
    const AnalysisRow *latest = nullptr;
    for (const AnalysisRow &run : analyses) {
        const bool isOfStep =
            run.isCurrent && run.revision == row.revision && run.type == "Step" && run.stepIndex == index;
        if (isOfStep && run.startedAt > 0 && (!latest || run.startedAt > latest->startedAt))
            latest = &run;
    }
    return latest;
}

QString joined(const QString &note, const QString &more)
{
    return note.isEmpty() ? more : note + u" · "_s + more;
}

void addTimes(LadderItem &item, service::WallTime startedAt, service::WallTime endedAt, service::WallTime now)
{
    if (startedAt > 0 && endedAt > 0) {
        const QString took = durationText(std::max<std::int64_t>(0, endedAt - startedAt) / 1000);
        item.note = joined(item.note, LadderList::tr("started %1, took %2").arg(agoText(startedAt, now), took));
        item.times = exactTimeText(startedAt) + u" – "_s + exactTimeText(endedAt);
    } else if (endedAt > 0) {
        item.note = joined(item.note, LadderList::tr("done %1").arg(agoText(endedAt, now)));
        item.times = exactTimeText(endedAt);
    } else {
        item.note = joined(item.note, LadderList::tr("started %1").arg(agoText(startedAt, now)));
        item.times = exactTimeText(startedAt);
    }
}

/// Adds what \p times tell of steps that do not have their times yet.
void addKnownTimes(std::vector<LadderItem> &items, const RolloutRow &row, const std::vector<StepTimes> &times,
                   service::WallTime now)
{
    for (const StepTimes &known : times) {
        if (known.index < 0 || known.index >= static_cast<int>(items.size()))
            continue;
        LadderItem &item = items[static_cast<std::size_t>(known.index)];
        const bool isOpen = item.state == State::Current;
        // One that waits tells its time by itself.
        if (item.state == State::ToCome || !item.times.isEmpty()
            || (isOpen && (row.isAborted || row.wait != service::RolloutWait::Nothing)))
            continue;
        const service::WallTime endedAt = isOpen ? 0 : known.endedAt;
        if (known.startedAt > 0 || endedAt > 0)
            addTimes(item, known.startedAt, endedAt, now);
    }
}

std::vector<LadderItem> blueGreenLadder(const RolloutRow &row, const std::vector<StepTimes> &times,
                                        service::WallTime now)
{
    const bool isWaiting = row.wait != service::RolloutWait::Nothing;
    const bool isDone = !row.isUpdating;
    std::vector<LadderItem> items{
        {0, LadderList::tr("Start the new version behind the preview service"), {}, {}, State::Done, false, false},
        {1, LadderList::tr("Wait for the promotion"), {}, {}, State::Done, true, true},
        {2, LadderList::tr("Switch the active service to the new version"), {}, {}, State::Done, false, false}};
    if (isDone) {
        addKnownTimes(items, row, times, now);
        return items;
    }
    items[0].state = isWaiting ? State::Done : State::Current;
    items[1].state = isWaiting ? State::Current : State::ToCome;
    items[1].note = isWaiting ? waitText(row, now) : QString();
    items[1].times = isWaiting ? exactTimeText(row.waitSince) : QString();
    items[2].state = State::ToCome;
    addKnownTimes(items, row, times, now);
    return items;
}

} // namespace

std::vector<LadderItem> ladderOf(const RolloutRow &row, const std::vector<AnalysisRow> &analyses,
                                 const std::vector<StepTimes> &times, service::WallTime now)
{
    if (row.isBlueGreen)
        return blueGreenLadder(row, times, now);
    std::vector<LadderItem> items;
    for (std::size_t i = 0; i < row.steps.size(); ++i) {
        const RolloutStep &step = row.steps[i];
        const int index = static_cast<int>(i);
        LadderItem item{index,
                        stepSentence(step, row.maxWeight),
                        {},
                        {},
                        State::ToCome,
                        step.waitsForPerson(),
                        step.kind == RolloutStep::Kind::Pause};
        if (index < row.stepIndex || !row.isUpdating)
            item.state = State::Done;
        else if (index == row.stepIndex)
            item.state = State::Current;
        if (item.state == State::Current) {
            if (row.isAborted)
                item.note = LadderList::tr("aborted");
            else if (row.wait != service::RolloutWait::Nothing)
                item.note = waitText(row, now);
            else if (step.kind == RolloutStep::Kind::Analysis && !row.analysis.empty())
                item.note = text(row.analysis);
            else
                item.note = LadderList::tr("under way");
            if (!row.isAborted && row.wait != service::RolloutWait::Nothing && row.waitSince > 0) {
                item.times = exactTimeText(row.waitSince);
                // One that waits for a person says it already.
                if (row.wait == service::RolloutWait::Timer)
                    item.note = joined(item.note, LadderList::tr("started %1").arg(agoText(row.waitSince, now)));
            }
        }
        const AnalysisRow *run = item.state == State::ToCome || step.kind != RolloutStep::Kind::Analysis
                                     ? nullptr
                                     : runOf(analyses, row, index);
        if (run)
            addTimes(item, run->startedAt, run->completedAt, now);
        items.push_back(std::move(item));
    }
    addKnownTimes(items, row, times, now);
    return items;
}

LadderList::LadderList(QObject *parent) : RowListModel(parent) {}

QVariant LadderList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const LadderItem &item = rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole: return item.sentence;
    case Qt::ToolTipRole: {
        QStringList lines{item.sentence, item.note, item.times};
        lines.removeAll(QString());
        return lines.join(u'\n');
    }
    case Qt::AccessibleTextRole: {
        const QString state = item.state == State::Done      ? tr("done")
                              : item.state == State::Current ? tr("now")
                                                             : tr("to come");
        return u"%1, %2%3"_s.arg(item.sentence, state, item.note.isEmpty() ? QString() : u", "_s + item.note);
    }
    default: return {};
    }
}

QString rolesOf(const RolloutRevision &revision)
{
    QStringList roles;
    if (revision.isStable)
        roles << u"stable"_s;
    if (revision.isCanary)
        roles << u"canary"_s;
    if (revision.isActive)
        roles << u"active"_s;
    if (revision.isPreview)
        roles << u"preview"_s;
    if (!revision.experiment.empty())
        roles << RevisionList::tr("experiment %1").arg(text(revision.experiment));
    return roles.join(u", "_s);
}

RevisionList::RevisionList(QObject *parent) : RowListModel(parent) {}

void RevisionList::apply(const std::vector<RolloutRevision> &revisions, service::WallTime now)
{
    m_now = now;
    setRows(revisions);
    for (const int column : {2, 4})
        touchColumn(column);
}

QVariant RevisionList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const RolloutRevision &revision = rowAt(index.row());
    if (role == Qt::ToolTipRole && index.column() == 4)
        return exactTimeText(revision.created);
    if (role == Qt::ToolTipRole && index.column() == 3) {
        QStringList images;
        for (const std::string &image : revision.images)
            images << text(image);
        return images.join(u'\n');
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case 0: return tr("Revision %1").arg(revision.revision);
    case 1: return rolesOf(revision);
    case 2: {
        const QString pods = tr("%1 of %2 ready", "pods").arg(revision.available).arg(revision.replicas);
        if (revision.scaleDownAt > m_now)
            return tr("%1, gone in %2").arg(pods, durationText((revision.scaleDownAt - m_now) / 1000));
        return revision.replicas == 0 ? tr("no pods") : pods;
    }
    case 3: {
        const QString image = revision.images.empty() ? QString() : text(revision.images.front());
        return image.section(u'/', -1);
    }
    case 4: return agoText(revision.created, m_now);
    default: return {};
    }
}

QVariant RevisionList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case 0: return tr("Revision");
    case 1: return tr("Role");
    case 2: return tr("Pods");
    case 3: return tr("Image");
    case 4: return tr("Made");
    default: return {};
    }
}

MetricList::MetricList(QObject *parent) : RowListModel(parent) {}

void MetricList::apply(const std::vector<AnalysisRow> &analyses, service::WallTime now)
{
    m_now = now;
    std::vector<MetricItem> items;
    for (const AnalysisRow &run : analyses) {
        AnalysisRow bare = run;
        bare.metrics.clear();
        for (const MetricRow &metric : run.metrics)
            items.push_back({bare, metric});
    }
    setRows(std::move(items));
    touchColumn(4);
}

QVariant MetricList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const MetricItem &item = rowAt(index.row());
    if (role == Qt::ToolTipRole)
        return index.column() == 1 ? text(item.run.name)
                                   : text(item.metric.message.empty() ? item.run.message : item.metric.message);
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    const MetricRow &metric = item.metric;
    switch (index.column()) {
    case 0: return text(metric.name);
    case 1:
        return item.run.type == "Step" && item.run.stepIndex >= 0 ? tr("step %1").arg(item.run.stepIndex + 1)
                                                                  : text(item.run.type);
    case 2: return metric.phase.empty() ? tr("Pending") : text(metric.phase);
    case 3:
        return metric.count > 0 ? tr("%1 ok, %2 failed of %3")
                                      .arg(metric.successful)
                                      .arg(metric.failed + metric.error)
                                      .arg(metric.count)
                                : tr("%1 ok, %2 failed").arg(metric.successful).arg(metric.failed + metric.error);
    case 4: return agoText(item.run.completedAt > 0 ? item.run.completedAt : item.run.startedAt, m_now);
    default: return {};
    }
}

QVariant MetricList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case 0: return tr("Metric");
    case 1: return tr("Run");
    case 2: return tr("Phase");
    case 3: return tr("Measurements");
    case 4: return tr("When");
    default: return {};
    }
}

QString metricDetails(const MetricItem &item, service::WallTime now)
{
    const MetricRow &metric = item.metric;
    QStringList lines;
    const auto add = [&lines](const QString &name, const std::string &value) {
        if (!value.empty())
            lines << name + u": "_s + text(value);
    };
    add(MetricList::tr("Run"), item.run.name + (item.run.phase.empty() ? "" : " (" + item.run.phase + ")"));
    add(MetricList::tr("Message"), metric.message.empty() ? item.run.message : metric.message);
    add(MetricList::tr("Provider"), metric.provider);
    add(MetricList::tr("Asks"), metric.query);
    add(MetricList::tr("Success when"), metric.successCondition);
    add(MetricList::tr("Failure when"), metric.failureCondition);
    lines << MetricList::tr("Limits: %1 failed, %2 inconclusive")
                 .arg(text(metric.failureLimit), text(metric.inconclusiveLimit));
    if (metric.isDryRun)
        lines << MetricList::tr("Dry run: its result does not count.");
    for (auto measurement = metric.measurements.rbegin(); measurement != metric.measurements.rend(); ++measurement) {
        const MeasurementRow &row = *measurement;
        lines << u"%1  %2  %3  %4"_s
                     .arg(agoText(row.finishedAt > 0 ? row.finishedAt : row.startedAt, now), text(row.phase),
                          text(row.value), text(row.message))
                     .trimmed();
    }
    return lines.join(u'\n');
}

} // namespace tiphys::models
