// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/attention_page.h"

#include "models/attention_list.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/delegates/attention_delegate.h"
#include "ui/pages/empty_words.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"

#include <QAction>
#include <QBoxLayout>
#include <QStackedWidget>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using models::AttentionItem;

AttentionPage::AttentionPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_model(new models::AttentionList(this)), m_view(new QTreeView(this)),
      m_stack(new QStackedWidget(this)), m_empty(new EmptyPane(this)),
      m_note(new TextLabel(TextLabel::Rank::Secondary, {}, this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4 * u, 0, 0);
    column->setSpacing(0);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(6 * u, 0, 6 * u, 3 * u);
    head->addWidget(new TextLabel(TextLabel::Rank::Title, title(), this));
    head->addWidget(m_note);
    column->addLayout(head);
    column->addWidget(new Line(Qt::Horizontal, this));
    setUpListView(m_view);
    m_view->setHeaderHidden(true);
    m_view->setModel(m_model);
    m_view->setAccessibleName(title());
    auto *delegate = new AttentionDelegate(m_view);
    m_view->setItemDelegate(delegate);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    connect(delegate, &AttentionDelegate::actTriggered, this, &AttentionPage::act);
    connect(m_view, &QTreeView::activated, this, &AttentionPage::open);
    auto *next = new QAction(m_view);
    next->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    next->setShortcutContext(Qt::WidgetShortcut);
    m_view->addAction(next);
    connect(next, &QAction::triggered, this, [this] { act(m_view->currentIndex()); });
    connect(m_empty, &EmptyPane::actionTriggered, this, [this] {
        const std::optional<EmptyWords> words = wordsWithoutClusters(*m_context.service.clusters(), m_context.now());
        const bool isEmpty = m_context.service.applications()->rows.empty();
        Q_EMIT openRequested({!isEmpty ? PageKind::Applications : words ? words->leadsTo : PageKind::Clusters, {}, {}});
    });
    connect(&m_context.service, &service::Service::applicationsChanged, this, &AttentionPage::update);
    connect(&m_context.service, &service::Service::clustersChanged, this, &AttentionPage::update);
    connect(&service::rolloutsOf(m_context.service), &service::Rollouts::rolloutsChanged, this, &AttentionPage::update);
    update();
}

QString AttentionPage::title() const
{
    return tr("Needs attention");
}

QList<QWidget *> AttentionPage::panes()
{
    return {m_view};
}

std::vector<KeyHelp> AttentionPage::keys() const
{
    return {{tr("Enter"), tr("Open what is selected")}, {tr("Ctrl+Enter"), tr("Do what the line's button says")}};
}

bool AttentionPage::isSettled() const
{
    return m_context.service.applications()->isComplete;
}

int AttentionPage::attentionCount() const
{
    return m_model->attentionCount();
}

void AttentionPage::tick()
{
    m_model->setNow(m_context.now());
}

void AttentionPage::update()
{
    const service::ApplicationsPtr applications = m_context.service.applications();
    m_model->setNow(m_context.now());
    m_model->apply(applications, m_context.service.clusters());
    m_model->applyRollouts(service::rolloutsOf(m_context.service).rollouts());
    const int total = static_cast<int>(applications->rows.size());
    const QString waits = models::awaitedText(*m_context.service.clusters());
    const QString note =
        m_model->attentionCount() == 0 || m_model->quietCount() == 0
            ? tr("Most urgent first.")
            : tr("Most urgent first. %n other application(s) need nothing.", nullptr, m_model->quietCount());
    m_note->setText(waits.isEmpty() || m_model->rowCount() == 0 ? note : QString(note + u'\n' + waits));
    if (const auto words = wordsWithoutClusters(*m_context.service.clusters(), m_context.now()); words && total == 0)
        m_empty->set(words->title, words->text, words->action);
    else if (!applications->isComplete && m_model->rowCount() == 0)
        m_empty->set(tr("Asking the clusters…"),
                     waits.isEmpty() ? tr("What needs you appears here as soon as the first cluster has answered.")
                                     : waits);
    else if (total == 0)
        m_empty->set(tr("No applications"), tr("None of the ticked clusters has an Application."),
                     tr("Choose clusters"));
    else
        m_empty->set(tr("Nothing needs you"),
                     tr("All %n application(s) are synced and healthy, or on their way there.", nullptr, total),
                     tr("Show applications"));
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 0 : 1);
    if (m_model->rowCount() > 0 && !m_view->currentIndex().isValid())
        m_view->setCurrentIndex(m_model->index(0, 0));
    Q_EMIT settled();
}

void AttentionPage::act(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const AttentionItem item = m_model->rowAt(index.row());
    switch (item.nextAct) {
    case AttentionItem::NextAct::Open: Q_EMIT openRequested(applicationLocation(item.app)); break;
    case AttentionItem::NextAct::ShowDiff: Q_EMIT openRequested(applicationLocation(item.app, u"diff"_s)); break;
    case AttentionItem::NextAct::ShowOperation:
        Q_EMIT openRequested(applicationLocation(item.app, u"operation"_s));
        break;
    case AttentionItem::NextAct::Promote:
    case AttentionItem::NextAct::Switch: Q_EMIT openRequested(rolloutLocation(item.rollout, u"promote"_s)); break;
    case AttentionItem::NextAct::OpenRollout: Q_EMIT openRequested(rolloutLocation(item.rollout)); break;
    case AttentionItem::NextAct::Expand:
    case AttentionItem::NextAct::Collapse: m_model->toggle(item.key); break;
    case AttentionItem::NextAct::Reconnect:
        m_context.service.reconnect(item.context);
        Q_EMIT noticed(tr("Trying to reach %1…").arg(item.title));
        break;
    }
}

void AttentionPage::open(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const AttentionItem &item = m_model->rowAt(index.row());
    if (item.kind == AttentionItem::Kind::Rollout)
        Q_EMIT openRequested(rolloutLocation(item.rollout));
    else if (item.kind == AttentionItem::Kind::Cluster)
        Q_EMIT openRequested({PageKind::Clusters, {}, {}});
    else
        act(index);
}

} // namespace tiphys::ui
