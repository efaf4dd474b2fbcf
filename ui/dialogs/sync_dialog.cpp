// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/sync_dialog.h"

#include "models/sync_text.h"
#include "models/text.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/typed_confirmation.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tiphys::ui {

using service::PlannedAct;

namespace {

constexpr auto kTypingPause = 400ms;

MarkStyle markOfAct(PlannedAct act)
{
    switch (act) {
    case PlannedAct::Create: return {Mark::Added, StatusColor::Healthy};
    case PlannedAct::Change: return {Mark::Changed, StatusColor::OutOfSync};
    case PlannedAct::Prune: return {Mark::Removed, StatusColor::Degraded};
    case PlannedAct::RunHook: return {Mark::Hook, StatusColor::Suspended};
    case PlannedAct::Nothing: return {Mark::Synced, StatusColor::Healthy};
    case PlannedAct::KeepUnpruned:
    case PlannedAct::Skip: return {Mark::Information, StatusColor::Unknown};
    }
    return {};
}

} // namespace

SyncDialog::SyncDialog(service::Service &service, const service::AppDetail &detail,
                       std::vector<object::ObjectKey> preselected, QWidget *parent)
    : WritingDialog(parent), m_service(service), m_detail(detail), m_preselected(std::move(preselected)),
      m_revision(new QLineEdit(this)), m_commit(new QLabel(this)), m_full(new QRadioButton(tr("Everything"), this)),
      m_selected(new QRadioButton(this)), m_prune(new QCheckBox(tr("Prune: delete what is no longer in Git"), this)),
      m_dryRun(new QCheckBox(tr("Dry run: change nothing"), this)),
      m_force(new QCheckBox(tr("Force: delete and create again"), this)),
      m_replace(new QCheckBox(tr("Replace instead of apply"), this)), m_tasks(new QTreeWidget(this)),
      m_chips(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_doneBy(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_banner(new Banner(this)),
      m_confirmation(new TypedConfirmation(this)), m_sync(new QPushButton(this))
{
    setWindowTitle(tr("Sync %1").arg(models::text(detail.row.id.name)));
    setModal(true);
    build();
    m_delay.setSingleShot(true);
    m_delay.setInterval(kTypingPause);
    connect(&m_delay, &QTimer::timeout, this, &SyncDialog::askForPlan);
    connect(m_revision, &QLineEdit::textEdited, this, [this] {
        ++m_asked; // a plan that is on its way is of another revision
        m_hasPlan = false;
        m_commit->setText(tr("Working out the plan…"));
        updateButton();
        m_delay.start();
    });
    for (QCheckBox *box : {m_prune, m_dryRun, m_force, m_replace})
        connect(box, &QCheckBox::toggled, this, &SyncDialog::askForPlan);
    connect(m_selected, &QRadioButton::toggled, this, &SyncDialog::askForPlan);
    connect(m_confirmation, &TypedConfirmation::changed, this, &SyncDialog::updateButton);
    connect(m_sync, &QPushButton::clicked, this, &SyncDialog::run);
    askForPlan();
}

void SyncDialog::build()
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(5 * u, 5 * u, 5 * u, 4 * u);
    column->setSpacing(3 * u);
    column->addWidget(new TextLabel(
        TextLabel::Rank::Title,
        tr("Sync %1 to %2", "verb").arg(models::text(m_detail.row.id.name), models::text(m_detail.row.id.context)),
        this));
    auto *revisionRow = new QHBoxLayout;
    revisionRow->setSpacing(2 * u);
    auto *label = new QLabel(tr("&Revision"), this);
    label->setBuddy(m_revision);
    m_revision->setPlaceholderText(
        m_detail.row.sources.empty() ? QString() : models::text(m_detail.row.sources.front().targetRevision));
    m_revision->setMaximumWidth(60 * u);
    m_commit->setTextFormat(Qt::PlainText);
    revisionRow->addWidget(label);
    revisionRow->addWidget(m_revision);
    revisionRow->addWidget(m_commit, 1);
    column->addLayout(revisionRow);
    column->addWidget(buildOptions());
    column->addWidget(m_banner);
    m_tasks->setHeaderHidden(true);
    m_tasks->setColumnCount(2);
    m_tasks->header()->setStretchLastSection(true);
    m_tasks->setUniformRowHeights(true);
    m_tasks->setSelectionMode(QAbstractItemView::NoSelection);
    m_tasks->setAccessibleName(tr("What the sync will do"));
    m_tasks->setIconSize({4 * u, 4 * u});
    column->addWidget(m_tasks, 1);
    column->addWidget(m_chips);
    column->addWidget(m_confirmation);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2 * u);
    buttons->addWidget(m_doneBy, 1);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addWidget(cancel);
    m_sync->setDefault(true);
    makePrimary(m_sync);
    buttons->addWidget(m_sync);
    column->addLayout(buttons);
    resize(190 * u, 160 * u);
}

QWidget *SyncDialog::buildOptions()
{
    const int u = unit(this);
    auto *options = new QWidget(this);
    auto *grid = new QGridLayout(options);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(6 * u);
    grid->setVerticalSpacing(u);
    m_full->setChecked(m_preselected.empty());
    m_selected->setText(m_preselected.empty() ? tr("Only selected: select resources in the tree first")
                                              : tr("Only %n selected: no hooks, no history entry", nullptr,
                                                   static_cast<int>(m_preselected.size())));
    m_selected->setEnabled(!m_preselected.empty());
    m_selected->setChecked(!m_preselected.empty());
    QPalette red = m_force->palette();
    red.setColor(QPalette::WindowText, statusColor(StatusColor::Degraded, palette()));
    m_force->setPalette(red);
    m_replace->setPalette(red);
    m_force->setToolTip(
        tr("Objects that cannot be patched are deleted and created again: their data and connections are lost."));
    m_replace->setToolTip(tr("The whole object is replaced: fields that others set are lost."));
    grid->addWidget(m_full, 0, 0);
    grid->addWidget(m_selected, 1, 0);
    grid->addWidget(m_prune, 0, 1);
    grid->addWidget(m_dryRun, 1, 1);
    grid->addWidget(m_force, 0, 2);
    grid->addWidget(m_replace, 1, 2);
    grid->setColumnStretch(3, 1);
    return options;
}

service::SyncRequest SyncDialog::request() const
{
    service::SyncRequest request;
    request.app = m_detail.row.id;
    request.revision = models::utf8(m_revision->text().trimmed());
    request.prunes = m_prune->isChecked();
    request.isDryRun = m_dryRun->isChecked();
    request.forces = m_force->isChecked();
    request.replaces = m_replace->isChecked();
    if (m_selected->isChecked())
        request.selected = m_preselected;
    return request;
}

void SyncDialog::askForPlan()
{
    m_hasPlan = false;
    m_commit->setText(tr("Working out the plan…"));
    updateButton();
    service::whenDone(
        m_service.plan(request()), this, [this, asked = ++m_asked](const Expected<service::SyncPlan> &plan) {
            if (asked != m_asked)
                return;
            if (plan) {
                showPlan(*plan);
                return;
            }
            m_commit->clear();
            m_tasks->clear();
            m_chips->hide();
            m_doneBy->setText({});
            m_confirmation->require({}, {});
            m_banner->show({Mark::Failed, StatusColor::Degraded}, models::sentence(plan.error().text()), {});
            updateButton();
            Q_EMIT planShown();
        });
}

void SyncDialog::showPlan(const service::SyncPlan &plan)
{
    m_plan = plan;
    m_hasPlan = true;
    m_commit->setText(models::commitText(plan.revision));
    m_commit->setToolTip(models::commitTooltip(plan.revision));
    QStringList warnings;
    for (const std::string &warning : plan.warnings)
        warnings << models::sentence(warning);
    if (!plan.refusal.empty())
        m_banner->show({Mark::Failed, StatusColor::Degraded},
                       tr("A sync would be refused now: %1").arg(models::sentence(plan.refusal)), {});
    else if (!plan.planProblem.empty())
        m_banner->show({Mark::Warning, StatusColor::OutOfSync},
                       tr("What will happen cannot be told: %1").arg(models::sentence(plan.planProblem)), {});
    else if (!warnings.isEmpty())
        m_banner->show({Mark::Information, StatusColor::Progressing}, warnings.join(u'\n'), {});
    else if (m_hasMoved)
        m_banner->show({Mark::Warning, StatusColor::OutOfSync},
                       tr("The branch moved since this plan was made. This is the new plan."), {});
    else
        m_banner->clear();
    showTasks();
    showChips();
    m_doneBy->setText(models::doneByText(plan.doneBy));
    QStringList reasons;
    for (const std::string &reason : plan.confirmations)
        reasons << models::sentence(reason);
    m_confirmation->require(models::requiredTyping(plan), reasons.join(u' '));
    updateButton();
    Q_EMIT planShown();
}

void SyncDialog::showTasks()
{
    m_tasks->clear();
    QFont bold = semiBold(font());
    for (const models::PlanSection &section : models::sectionsOf(m_plan)) {
        auto *heading = new QTreeWidgetItem(m_tasks, {section.title});
        const MarkStyle mark = markOfAct(section.act);
        heading->setFont(0, bold);
        heading->setFirstColumnSpanned(true);
        heading->setIcon(0, markIcon(mark));
        const bool isPrune = section.act == PlannedAct::Prune;
        if (isPrune)
            heading->setForeground(0, statusColor(StatusColor::Degraded, palette()));
        for (const service::PlannedTask &task : section.tasks) {
            QStringList notes;
            if (task.act == PlannedAct::RunHook)
                notes << models::text(task.phase);
            if (task.wave != 0)
                notes << tr("wave %1").arg(task.wave);
            if (!task.reason.empty())
                notes << models::text(task.reason);
            auto *item = new QTreeWidgetItem(heading, {models::resourceText(task.key), notes.join(u" · "_s)});
            item->setToolTip(0, models::text(task.key.text()));
            item->setForeground(1, secondaryColor(palette()));
            if (isPrune)
                item->setForeground(0, statusColor(StatusColor::Degraded, palette()));
        }
        // What changes nothing need not be read.
        heading->setExpanded(section.act != PlannedAct::Nothing);
    }
    m_tasks->resizeColumnToContents(0);
}

void SyncDialog::showChips()
{
    QStringList chips;
    for (const std::string &option : m_plan.options)
        chips << models::text(option);
    m_chips->setText(chips.isEmpty() ? QString() : tr("Options in force: %1").arg(chips.join(u" · "_s)));
    m_chips->setVisible(!chips.isEmpty());
}

void SyncDialog::updateButton()
{
    const service::SyncRequest asked = request();
    m_sync->setText(m_hasPlan ? models::syncButtonText(asked, m_plan) : tr("Sync", "verb"));
    QString reason;
    if (!m_hasPlan)
        reason = tr("The plan is not there yet.");
    else if (!m_plan.refusal.empty())
        reason = models::sentence(m_plan.refusal);
    else if (!asked.isDryRun && !m_confirmation->isGiven())
        reason = tr("Type \"%1\" first.").arg(m_confirmation->typing());
    m_sync->setEnabled(reason.isEmpty() && !isWriting());
    m_sync->setToolTip(reason);
}

void SyncDialog::run()
{
    service::SyncRequest asked = request();
    asked.plannedRevision = m_plan.revision.revision;
    startWriting();
    m_hasMoved = false;
    updateButton();
    service::whenDone(m_service.sync(asked), this, [this](const Expected<service::Done> &result) {
        const bool isLeft = endWriting();
        if (result) {
            Q_EMIT accepted(m_detail.row.id);
            accept();
            return;
        }
        if (isLeft) {
            Q_EMIT failedUnseen(
                tr("%1: %2", "act, what happened").arg(windowTitle(), models::sentence(result.error().text())));
            return;
        }
        if (result.error().code() == ErrorCode::Conflict) {
            m_hasMoved = true;
            askForPlan();
            return;
        }
        m_banner->show({Mark::Failed, StatusColor::Degraded}, models::sentence(result.error().text()), {});
        updateButton();
    });
}

QStringList SyncDialog::planLines() const
{
    QStringList lines;
    for (int i = 0; i < m_tasks->topLevelItemCount(); ++i) {
        const QTreeWidgetItem *heading = m_tasks->topLevelItem(i);
        lines << heading->text(0);
        for (int j = 0; j < heading->childCount(); ++j)
            lines << u"  "_s + heading->child(j)->text(0)
                         + (heading->child(j)->text(1).isEmpty() ? QString()
                                                                 : u" ("_s + heading->child(j)->text(1) + u')');
    }
    return lines;
}

QString SyncDialog::problem() const
{
    return m_banner->text();
}

} // namespace tiphys::ui
