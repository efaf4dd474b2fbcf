// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rollouts_page.h"

#include "models/application_filter.h"
#include "models/rollout_table.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/delegates/rollout_delegate.h"
#include "ui/dialogs/rollout_sheet.h"
#include "ui/pages/empty_words.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/filter_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/table_columns.h"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QStackedWidget>
#include <QTreeView>

#include <array>
#include <set>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using models::RolloutTable;
using service::RolloutAct;
using Column = RolloutTable::Column;

namespace {

// Status, name, what is waited for and the acts have room in the narrowest window.
constexpr std::array kWidths{widthOf(Column::Status, 30, 0),  widthOf(Column::Name, 30, 0, 3),
                             widthOf(Column::Cluster, 24, 5), widthOf(Column::Steps, 42, 2),
                             widthOf(Column::Traffic, 34, 3), widthOf(Column::Images, 44, 4, 2),
                             widthOf(Column::Wait, 38, 1),    widthOf(Column::Acts, 39, 0)};

/// The words that \p location filters by, named as those of the applications; whatever else it names is none of this page.
QString wordsOf(const Location &location)
{
    return models::filterOf(location.options).text.trimmed();
}

} // namespace

RolloutsPage::RolloutsPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_model(new RolloutTable(this)), m_view(new QTreeView(this)),
      m_delegate(new RolloutDelegate(m_view)), m_stack(new QStackedWidget(this)), m_filter(new QLineEdit(this)),
      m_banner(new Banner(this)), m_empty(new EmptyPane(this)),
      m_count(new TextLabel(TextLabel::Rank::Secondary, {}, this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4 * u, 0, 0);
    column->setSpacing(2 * u);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(6 * u, 0, 6 * u, 0);
    head->setSpacing(2 * u);
    auto *titleRow = new QHBoxLayout;
    titleRow->setSpacing(3 * u);
    // By themselves: the field at their right is higher, and the count stands on the title's line.
    auto *words = new QHBoxLayout;
    words->setSpacing(3 * u);
    words->addWidget(new TextLabel(TextLabel::Rank::Title, title(), this));
    m_count->setWordWrap(false);
    words->addWidget(m_count, 0, Qt::AlignBottom);
    titleRow->addLayout(words);
    titleRow->setAlignment(words, Qt::AlignVCenter);
    titleRow->addStretch();
    setUpFilterField(m_filter, tr("Filter by name, cluster, image"), tr("Filter Rollouts"));
    m_filter->setMinimumWidth(60 * u);
    titleRow->addWidget(m_filter);
    head->addLayout(titleRow);
    head->addWidget(m_banner);
    column->addLayout(head);
    setUpListView(m_view);
    m_view->setModel(m_model);
    m_view->setItemDelegate(m_delegate);
    m_view->setAccessibleName(title());
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_columns = new TableColumns(*m_view, kWidths, m_context.settings, u"rollouts"_s);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    // Each act asks in a sheet first; none is done by a key alone.
    const auto key = [this](RolloutAct act, const QKeySequence &keys) {
        auto *action = new QAction(m_view);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, [this, act] { openSheet(m_view->currentIndex(), act); });
        m_view->addAction(action);
    };
    key(RolloutAct::Promote, QKeySequence(Qt::CTRL | Qt::Key_Return));
    key(RolloutAct::Abort, QKeySequence(Qt::Key_Delete));
    connect(m_view, &QTreeView::activated, this, &RolloutsPage::open);
    connect(m_delegate, &RolloutDelegate::actTriggered, this, &RolloutsPage::openSheet);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &filter) {
        m_model->setFilter(filter);
        update();
        keepFilterInLocation();
    });
    connect(m_banner, &Banner::actionTriggered, this, [this] { Q_EMIT openRequested({PageKind::Clusters, {}, {}}); });
    connect(m_empty, &EmptyPane::actionTriggered, this, [this] {
        const std::optional<EmptyWords> empty = wordsWithoutClusters(*m_context.service.clusters(), m_context.now());
        if (m_model->totalCount() > 0)
            m_filter->clear();
        else
            Q_EMIT openRequested({empty ? empty->leadsTo : PageKind::Clusters, {}, {}});
    });
    connect(&service::rolloutsOf(m_context.service), &service::Rollouts::rolloutsChanged, this, &RolloutsPage::update);
    connect(&m_context.service, &service::Service::clustersChanged, this, &RolloutsPage::update);
    update();
}

void RolloutsPage::show(const Location &location)
{
    Page::show(location);
    if (const QString words = wordsOf(location); !words.isEmpty())
        m_filter->setText(words);
    // Without words the filter is the one of last time.
    keepFilterInLocation();
}

void RolloutsPage::showAgain(const Location &location)
{
    Page::show(location);
    m_filter->setText(wordsOf(location));
    keepFilterInLocation();
}

void RolloutsPage::keepFilterInLocation()
{
    models::ApplicationFilter filter;
    filter.text = m_filter->text();
    const QMap<QString, QString> options = models::optionsOf(filter);
    if (options == m_location.options)
        return;
    m_location.page = PageKind::Rollouts;
    m_location.options = options;
    Q_EMIT locationChanged();
}

QString RolloutsPage::title() const
{
    return tr("Rollouts");
}

QList<QWidget *> RolloutsPage::panes()
{
    return {m_view, m_filter};
}

std::vector<KeyHelp> RolloutsPage::keys() const
{
    return {{tr("Enter"), tr("Open the Rollout")}, {tr("Ctrl+Enter"), tr("Promote…")}, {tr("Delete"), tr("Abort…")}};
}

void RolloutsPage::startFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

bool RolloutsPage::stepBack()
{
    if (m_filter->text().isEmpty())
        return false;
    m_filter->clear();
    m_view->setFocus();
    return true;
}

std::vector<PageCommand> RolloutsPage::commands()
{
    return {{PageCommand::Kind::Act, tr("Choose columns…"), {}, u"list"_s, true, [this] { m_columns->openMenu(); }}};
}

bool RolloutsPage::isSettled() const
{
    return m_model->isComplete() || wordsWithoutClusters(*m_context.service.clusters(), m_context.now());
}

int RolloutsPage::waitingCount() const
{
    return m_model->waitingCount();
}

void RolloutsPage::tick()
{
    m_model->setNow(m_context.now());
    showProblems();
}

void RolloutsPage::update()
{
    const service::RolloutsPtr rollouts = service::rolloutsOf(m_context.service).rollouts();
    m_model->setNow(m_context.now());
    m_model->apply(rollouts);
    m_model->applyClusters(*m_context.service.clusters());
    const int total = m_model->totalCount();
    const int shown = m_model->rowCount();
    m_count->setText(total == 0       ? QString()
                     : shown == total ? tr("%n in all ticked clusters", nullptr, total)
                                      : tr("%1 of %2").arg(QLocale().toString(shown), QLocale().toString(total)));
    showProblems();
    if (shown == 0 && total > 0)
        m_empty->set(tr("Nothing matches"), tr("None of %n Rollout(s) matches the filter.", nullptr, total),
                     tr("Clear the filter"));
    else if (const auto words = wordsWithoutClusters(*m_context.service.clusters(), m_context.now()))
        m_empty->set(words->title, words->text, words->action);
    else if (!m_model->isComplete())
        m_empty->set(tr("Asking the clusters…"), tr("Rollouts appear here as their clusters answer."));
    else
        m_empty->set(tr("No Rollouts"),
                     tr("None of the ticked clusters has a Rollout. Tick another cluster, or create one."),
                     tr("Choose clusters"));
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    if (shown > 0 && !m_view->currentIndex().isValid())
        m_view->setCurrentIndex(m_model->index(0, 0));
    Q_EMIT settled();
}

void RolloutsPage::showProblems()
{
    QStringList lines;
    const service::ClustersPtr clusters = m_context.service.clusters();
    const std::set<std::string> old = models::contextsOutOfReach(*clusters);
    for (const service::ClusterState &cluster : clusters->clusters) {
        if (old.contains(cluster.context))
            lines << tr("%1: %2", "context, state with its age")
                         .arg(models::text(cluster.context), models::reachabilityText(cluster, m_context.now()));
    }
    const bool isOffline = !lines.isEmpty();
    const QStringList waits = models::awaitedText(*clusters).split(u'\n', Qt::SkipEmptyParts);
    lines += waits;
    const service::RolloutsPtr rollouts = service::rolloutsOf(m_context.service).rollouts();
    for (const auto &[context, problem] : rollouts->problems) {
        if (!old.contains(context))
            lines << tr("%1: %2", "context, problem").arg(models::text(context), models::sentence(problem));
    }
    if (lines.isEmpty()) {
        m_banner->clear();
        return;
    }
    constexpr qsizetype kMostLines = 3;
    m_banner->setToolTip(lines.join(u'\n'));
    if (lines.size() > kMostLines)
        lines = lines.mid(0, kMostLines - 1) << tr("and %1 more", "clusters").arg(lines.size() - kMostLines + 1);
    m_banner->show(isOffline          ? MarkStyle{Mark::Offline, StatusColor::Degraded}
                   : !waits.isEmpty() ? MarkStyle{Mark::Progressing, StatusColor::Progressing}
                                      : MarkStyle{Mark::Lock, StatusColor::Unknown},
                   lines.join(u'\n'), tr("Clusters"));
}

void RolloutsPage::open(const QModelIndex &index)
{
    if (index.isValid())
        Q_EMIT openRequested(rolloutLocation(m_model->rowAt(index.row())->id));
}

void RolloutsPage::openSheet(const QModelIndex &index, RolloutAct act)
{
    if (!index.isValid())
        return;
    auto *sheet = new RolloutSheet(m_context.service, m_model->rowAt(index.row())->id, act, m_context.now, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &RolloutSheet::acted, this, &RolloutsPage::noticed);
    connect(sheet, &RolloutSheet::failedUnseen, this, &RolloutsPage::failed);
    sheet->open();
}

} // namespace tiphys::ui
