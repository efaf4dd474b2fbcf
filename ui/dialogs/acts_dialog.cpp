// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/acts_dialog.h"

#include "models/action_text.h"
#include "models/text.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/typed_confirmation.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QHeaderView>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTreeView>

#include <set>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tiphys::ui {

using models::ActProgress;
using models::ActRow;
using models::ManyAct;
using Column = models::ActList::Column;

namespace {

/// Questions on their way at once: a plan renders, and clusters answer others too.
constexpr int kQuestionsAtOnce = 4;
constexpr auto kChangePause = 50ms;

MarkStyle markOf(ActProgress progress)
{
    switch (progress) {
    case ActProgress::Running: return {Mark::Progressing, StatusColor::Progressing};
    case ActProgress::Done: return {Mark::Synced, StatusColor::Healthy};
    case ActProgress::Failed: return {Mark::Failed, StatusColor::Degraded};
    case ActProgress::Left:
    case ActProgress::Refused: return {Mark::Information, StatusColor::Unknown};
    case ActProgress::Asking:
    case ActProgress::Ready:
    case ActProgress::Waiting: return {};
    }
    return {};
}

/// A mark before the sentence that it belongs to: why not, or what came of it.
class ActDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), 9 * unit(option.fontMetrics)};
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto progress = static_cast<ActProgress>(index.data(static_cast<int>(models::ActRole::Progress)).toInt());
        const Column place = progress == ActProgress::Refused ? Column::Outlook : Column::Result;
        const MarkStyle mark = markOf(progress);
        if (index.column() != static_cast<int>(place) || mark.mark == Mark::None)
            return;
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->icon = markIcon(mark);
        option->decorationSize = QSize(4, 4) * unit(option->widget);
    }
};

} // namespace

ActsDialog::ActsDialog(service::Service &service, ManyAct act, std::vector<service::AppRowPtr> applications,
                       QWidget *parent)
    : WritingDialog(parent), m_service(service), m_act(act), m_list(new models::ActList(std::move(applications), this)),
      m_summary(new TextLabel(TextLabel::Rank::Body, {}, this)), m_view(new QTreeView(this)),
      m_stop(new QCheckBox(tr("Stop at the first failure"), this)), m_confirmation(new TypedConfirmation(this)),
      m_close(new QPushButton(this)), m_run(new QPushButton(this))
{
    setWindowTitle(models::actTitle(act, m_list->rowCount()));
    setModal(true);
    build();
    m_change.setSingleShot(true);
    m_change.setInterval(kChangePause);
    connect(&m_change, &QTimer::timeout, this, &ActsDialog::showState);
    connect(m_list, &QAbstractItemModel::dataChanged, this, &ActsDialog::changeSoon);
    connect(m_confirmation, &TypedConfirmation::changed, this, &ActsDialog::showState);
    connect(m_close, &QPushButton::clicked, this, &ActsDialog::reject);
    connect(m_run, &QPushButton::clicked, this, [this] {
        // What was ticked just now may want its cluster typed.
        showState();
        if (m_run->isEnabled())
            run();
    });
    for (int row = 0; row < m_list->rowCount(); ++row)
        m_questions.push_back(row);
    showState();
    ask();
}

void ActsDialog::build()
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(5 * u, 5 * u, 5 * u, 4 * u);
    column->setSpacing(3 * u);
    column->addWidget(new TextLabel(TextLabel::Rank::Title, windowTitle(), this));
    if (m_act == ManyAct::Sync)
        column->addWidget(new TextLabel(TextLabel::Rank::Secondary,
                                        tr("To the target revision of each. What is no longer in Git stays: sync an "
                                           "application by itself to prune."),
                                        this));
    if (m_act == ManyAct::Terminate)
        column->addWidget(new TextLabel(TextLabel::Rank::Secondary,
                                        tr("What the operations have applied so far stays; hooks that run are ended."),
                                        this));
    setUpListView(m_view);
    m_view->setModel(m_list);
    m_view->setItemDelegate(new ActDelegate(m_view));
    m_view->setAccessibleName(tr("Applications, what will happen to them, and what came of it"));
    m_view->setColumnWidth(static_cast<int>(Column::Application), 40 * u);
    m_view->setColumnWidth(static_cast<int>(Column::Place), 36 * u);
    m_view->setColumnWidth(static_cast<int>(Column::Outlook), 80 * u);
    column->addWidget(m_view, 1);
    column->addWidget(m_summary);
    m_stop->setVisible(m_act != ManyAct::Refresh && m_act != ManyAct::HardRefresh);
    column->addWidget(m_stop);
    column->addWidget(m_confirmation);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2 * u);
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    m_run->setDefault(true);
    makePrimary(m_run);
    buttons->addWidget(m_run);
    column->addLayout(buttons);
    resize(230 * u, 130 * u);
}

void ActsDialog::ask()
{
    while (m_open < kQuestionsAtOnce && !m_questions.empty()) {
        const int row = m_questions.front();
        m_questions.pop_front();
        ++m_open;
        askFor(row);
    }
}

void ActsDialog::askFor(int row)
{
    service::whenDone(m_service.permissions(m_list->rowAt(row).app->id), this,
                      [this, row](const Expected<service::Permissions> &may) {
                          const service::Permission denied{false, may ? std::string() : may.error().text()};
                          ActRow content =
                              models::judged(m_list->rowAt(row), m_act,
                                             may ? *may : service::Permissions{denied, denied, denied, denied, denied});
                          if (m_act == ManyAct::Sync && content.progress == ActProgress::Ready)
                              askForPlan(row);
                          else
                              answered(row, std::move(content));
                      });
}

void ActsDialog::askForPlan(int row)
{
    ActRow waiting = m_list->rowAt(row);
    waiting.outlook = tr("Working out the plan…");
    m_list->setRow(row, std::move(waiting));
    service::SyncRequest request;
    request.app = m_list->rowAt(row).app->id;
    service::whenDone(m_service.plan(request), this, [this, row](const Expected<service::SyncPlan> &plan) {
        ActRow content = m_list->rowAt(row);
        if (plan) {
            content = models::planned(std::move(content), *plan);
        } else {
            content.progress = ActProgress::Refused;
            content.outlook = models::sentence(plan.error().text());
        }
        answered(row, std::move(content));
    });
}

void ActsDialog::answered(int row, ActRow content)
{
    --m_open;
    m_list->setRow(row, std::move(content));
    ask();
    if (!isSettled() || m_isEnded)
        return;
    showState();
    if (m_act == ManyAct::Refresh || m_act == ManyAct::HardRefresh)
        run();
    if (isSettled())
        Q_EMIT settled();
}

QString ActsDialog::protectedContexts() const
{
    std::set<QString> contexts;
    if (m_act != ManyAct::Terminate)
        return {};
    const service::ClustersPtr clusters = m_service.clusters();
    for (const ActRow &row : m_list->rows()) {
        const service::AppId &app = row.app->id;
        const bool isMeant =
            row.progress == ActProgress::Ready && row.isChosen && !contexts.contains(models::text(app.context));
        if (isMeant
            && !models::typingForAct(*clusters, app.context, {"argoproj.io", "Application", app.ns, app.name})
                    .isEmpty())
            contexts.insert(models::text(app.context));
    }
    return QStringList(contexts.begin(), contexts.end()).join(u", "_s);
}

void ActsDialog::changeSoon()
{
    if (!m_change.isActive())
        m_change.start();
}

void ActsDialog::showState()
{
    const models::ActCounts counts = models::countsOf(m_list->rows());
    const bool mayTryAgain = m_wasRun && isSettled() && counts.failed + counts.left > 0;
    const QString contexts = isWriting() ? m_confirmation->typing() : protectedContexts();
    if (contexts != m_confirmation->typing())
        m_confirmation->require(contexts, tr("%1: protected.", "one or more clusters").arg(contexts));
    QString text = models::actSummary(counts);
    if (counts.asking > 0)
        text = tr("Asking %n application(s)…", nullptr, counts.asking);
    else if (!m_wasRun && counts.chosen == 0)
        text = tr("Nothing is ticked that could be done.") + (text.isEmpty() ? QString() : u' ' + text);
    m_summary->setText(text);
    // What is being done is no longer chosen: the button goes on to say what was.
    if (mayTryAgain)
        m_run->setText(tr("Try %n again", "applications that failed or were not begun", counts.failed + counts.left));
    else if (!isWriting())
        m_run->setText(counts.chosen > 0 ? models::actButtonText(m_act, counts) : windowTitle());
    m_run->setVisible(mayTryAgain || !m_wasRun || isWriting());
    const bool isReady = isSettled() && counts.chosen > 0 && m_confirmation->isGiven();
    m_run->setEnabled(mayTryAgain || isReady);
    m_run->setToolTip(m_confirmation->isGiven() ? QString() : tr("Type \"%1\" first.").arg(m_confirmation->typing()));
    m_close->setText(m_wasRun && !isWriting() ? tr("Close") : (isWriting() ? tr("Stop and close") : tr("Cancel")));
    m_stop->setEnabled(!isWriting());
}

QString ActsDialog::summary() const
{
    return m_summary->text();
}

void ActsDialog::askAgain()
{
    m_wasRun = false;
    for (int row = 0; row < m_list->rowCount(); ++row) {
        ActRow content = m_list->rowAt(row);
        if (content.progress != ActProgress::Failed && content.progress != ActProgress::Left)
            continue;
        content.progress = ActProgress::Asking;
        content.outlook = tr("Asking…");
        content.result.clear();
        m_list->setRow(row, std::move(content));
        m_questions.push_back(row);
    }
    showState();
    ask();
}

void ActsDialog::run()
{
    if (!isSettled())
        return;
    if (m_wasRun) {
        askAgain();
        return;
    }
    for (int row = 0; row < m_list->rowCount(); ++row) {
        ActRow content = m_list->rowAt(row);
        if (content.progress != ActProgress::Ready || !content.isChosen)
            continue;
        content.progress = ActProgress::Waiting;
        m_list->setRow(row, std::move(content));
        m_waiting.push_back(row);
    }
    m_wasRun = true;
    if (m_waiting.empty()) {
        showState();
        return;
    }
    startWriting();
    showState();
    runNext();
}

service::Ticket<service::Done> ActsDialog::begin(const ActRow &row) const
{
    switch (m_act) {
    case ManyAct::Refresh: return m_service.refresh(row.app->id, false);
    case ManyAct::HardRefresh: return m_service.refresh(row.app->id, true);
    case ManyAct::Terminate: return m_service.terminate(row.app->id);
    case ManyAct::Sync: break;
    }
    service::SyncRequest request;
    request.app = row.app->id;
    request.plannedRevision = row.plannedRevision;
    return m_service.sync(request);
}

void ActsDialog::runNext()
{
    if (m_isEnded || m_waiting.empty()) {
        finish();
        return;
    }
    const int row = m_waiting.front();
    m_waiting.pop_front();
    ActRow content = m_list->rowAt(row);
    content.progress = ActProgress::Running;
    m_list->setRow(row, content);
    service::whenDone(begin(content), this, [this, row](const Expected<service::Done> &result) {
        ActRow tried = m_list->rowAt(row);
        tried.progress = result ? ActProgress::Done : ActProgress::Failed;
        tried.result = result ? models::actDoneText(m_act) : models::sentence(result.error().text());
        m_list->setRow(row, std::move(tried));
        if (!result && m_stop->isVisibleTo(this) && m_stop->isChecked())
            m_isEnded = true;
        runNext();
    });
}

void ActsDialog::finish()
{
    for (const int row : std::exchange(m_waiting, {})) {
        ActRow content = m_list->rowAt(row);
        content.progress = ActProgress::Left;
        content.result = tr("Not begun.");
        m_list->setRow(row, std::move(content));
    }
    m_isEnded = false;
    const models::ActCounts counts = models::countsOf(m_list->rows());
    const QString text = tr("%1: %2", "act, what happened").arg(windowTitle(), models::actSummary(counts));
    if (endWriting()) {
        if (counts.failed + counts.left > 0)
            Q_EMIT failedUnseen(text);
        else
            Q_EMIT done(text);
        return;
    }
    showState();
    if (m_run->isHidden())
        m_close->setFocus();
    Q_EMIT done(text);
    Q_EMIT settled();
}

void ActsDialog::reject()
{
    m_isEnded = true;
    m_questions.clear();
    WritingDialog::reject();
}

} // namespace tiphys::ui
