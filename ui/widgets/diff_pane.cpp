// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/diff_pane.h"

#include "models/diff_list.h"
#include "models/text.h"
#include "ui/delegates/diff_delegate.h"
#include "ui/settings.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/find_bar.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"

#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

#include <functional>
#include <set>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QToolButton *toolButton(const QString &name, const QString &text, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(icon(name));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

DiffText::DiffText(Settings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_view(new DiffView(this)), m_stack(new QStackedWidget(this)),
      m_empty(new EmptyPane(this)), m_title(new ElidedLabel(Qt::ElideMiddle, this)),
      m_split(toolButton(u"split"_s, tr("Side by side"), this)),
      m_unified(toolButton(u"unified"_s, tr("Unified"), this)), m_find(new FindBar(tr("Find in this difference"), this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(3 * u, u, 2 * u, u);
    row->setSpacing(u);
    m_title->setFont(semiBold(font()));
    m_title->setMinimumWidth(10 * u);
    row->addWidget(m_title, 1);
    auto *copy = toolButton(u"copy"_s, tr("Copy…"), this);
    copy->setPopupMode(QToolButton::InstantPopup);
    copy->setMenu(m_view->copyMenu());
    connect(m_view->copyMenu(), &QMenu::aboutToShow, m_view, &DiffView::copyMenu);
    auto *find = toolButton(u"search"_s, tr("Find in this difference (Ctrl+F)"), this);
    connect(find, &QToolButton::clicked, this, &DiffText::startFind);
    auto *all = toolButton(u"list"_s, tr("Show all lines"), this);
    auto *previous = toolButton(u"up"_s, tr("Previous difference (Shift+F7)"), this);
    auto *next = toolButton(u"down"_s, tr("Next difference (F7)"), this);
    for (QToolButton *button : {find, copy, all, previous, next, m_split, m_unified})
        row->addWidget(button);
    m_split->setCheckable(true);
    m_unified->setCheckable(true);
    column->addLayout(row);
    column->addWidget(new Line(Qt::Horizontal, this));
    column->addWidget(m_find);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    m_view->setTitles(tr("Live, in the cluster"), tr("Desired, from Git"));
    connect(all, &QToolButton::clicked, m_view, &DiffView::unfoldAll);
    connect(next, &QToolButton::clicked, this, [this] { walk(1); });
    connect(previous, &QToolButton::clicked, this, [this] { walk(-1); });
    const auto choose = [this](bool isSideBySide) {
        m_settings.setDiffSideBySide(isSideBySide);
        showLayout();
    };
    connect(m_split, &QToolButton::clicked, this, [choose] { choose(true); });
    connect(m_unified, &QToolButton::clicked, this, [choose] { choose(false); });
    connect(m_view, &DiffView::noticed, this, &DiffText::noticed);
    connectFind();
    showLayout();
}

void DiffText::connectFind()
{
    connect(m_find, &FindBar::textChanged, m_view, &DiffView::find);
    connect(m_find, &FindBar::walked, this, &DiffText::walkMatches);
    connect(m_find, &FindBar::closed, this, &DiffText::stopFind);
    connect(m_find, &FindBar::textChanged, this, &DiffText::showMatches);
    connect(m_view, &DiffView::matchesChanged, this, &DiffText::showMatches);
    const auto key = [this](const QList<QKeySequence> &keys, int direction) {
        auto *action = new QAction(this);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, [this, direction] { walkMatches(direction); });
        addAction(action);
    };
    key({QKeySequence(Qt::Key_F3)}, 1);
    key({QKeySequence(Qt::SHIFT | Qt::Key_F3)}, -1);
}

void DiffText::showMatches()
{
    m_find->setCount(m_view->currentMatch() + 1, m_view->matchCount());
}

void DiffText::startFind()
{
    m_find->start();
    m_view->find(m_find->text());
}

void DiffText::stopFind()
{
    const bool hadFocus = m_find->isAncestorOf(QApplication::focusWidget());
    m_find->stop();
    m_view->find({});
    if (hadFocus)
        m_view->setFocus();
}

void DiffText::walkMatches(int direction)
{
    if (m_find->isHidden() || m_find->text().isEmpty())
        startFind();
    else
        m_view->walkMatches(direction);
}

bool DiffText::stepBack()
{
    if (m_find->isHidden())
        return m_view->clearSelection();
    stopFind();
    return true;
}

void DiffText::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Escape || !stepBack())
        QWidget::keyPressEvent(event);
}

void DiffText::showLayout()
{
    const bool isSideBySide = m_settings.isDiffSideBySide();
    m_split->setChecked(isSideBySide);
    m_unified->setChecked(!isSideBySide);
    m_view->setLayoutMode(isSideBySide ? models::DiffLayout::SideBySide : models::DiffLayout::Unified);
}

void DiffText::show(const service::ResourceDiff &diff, DiffView::Place place)
{
    m_title->setText(models::resourceText(diff.key));
    if (!diff.error.empty()) {
        m_empty->set(tr("Cannot be compared"), models::sentence(diff.error));
        m_view->setDiff({});
        m_stack->setCurrentIndex(1);
        return;
    }
    m_stack->setCurrentIndex(0);
    m_view->setPatchName(models::text(diff.key.path()), diff.change);
    m_view->setDiff(diff.lines, place);
}

void DiffText::clear()
{
    m_title->setText({});
    m_view->setDiff({});
    m_stack->setCurrentIndex(0);
}

void DiffText::setTitles(const QString &left, const QString &right)
{
    m_view->setTitles(left, right);
}

void DiffText::walk(int direction)
{
    if (!m_view->walk(direction))
        Q_EMIT leftBehind(direction);
}

DiffPane::DiffPane(Settings &settings, QWidget *parent)
    : QWidget(parent), m_model(new models::DiffList(this)), m_list(new QTreeView(this)),
      m_text(new DiffText(settings, this)), m_stack(new QStackedWidget(this)), m_empty(new EmptyPane(this)),
      m_sentence(new TextLabel(TextLabel::Rank::Secondary, {}, this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    auto *left = new QWidget(split);
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    m_sentence->setContentsMargins(3 * u, 2 * u, 3 * u, 2 * u);
    leftColumn->addWidget(m_sentence);
    leftColumn->addWidget(new Line(Qt::Horizontal, left));
    setUpListView(m_list);
    m_list->setHeaderHidden(true);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new DiffDelegate(m_list));
    m_list->setAccessibleName(tr("Resources that differ"));
    m_list->setToolTip(
        tr("Tick what you have looked through (Space). A tick goes away when the difference becomes another one."));
    leftColumn->addWidget(m_list, 1);
    split->addWidget(left);
    split->addWidget(m_text);
    split->setStretchFactor(1, 1);
    split->setSizes({70 * u, 200 * u});
    m_stack->addWidget(split);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &DiffPane::showCurrent);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &DiffPane::showCurrent);
    connect(m_text, &DiffText::noticed, this, &DiffPane::noticed);
    addActions(m_text->actions()); // F3 finds on from the list too
    connect(m_text, &DiffText::leftBehind, this, [this](int direction) {
        const int row = m_list->currentIndex().row() + direction;
        if (row < 0 || row >= m_model->rowCount())
            return;
        m_list->setCurrentIndex(m_model->index(row, 0));
        m_text->walk(direction);
    });
    const auto key = [this](const QList<QKeySequence> &keys, const std::function<void()> &run) {
        auto *action = new QAction(this);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, run);
        addAction(action);
    };
    key({QKeySequence(Qt::Key_F7)}, [this] { m_text->walk(1); });
    key({QKeySequence(Qt::SHIFT | Qt::Key_F7)}, [this] { m_text->walk(-1); });
    key({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)}, [this] { reviewAndGoOn(); });
    const QStringList reviewed = settings.reviewedDiffs();
    m_model->setReviewed(std::set<QString>(reviewed.begin(), reviewed.end()));
    connect(m_model, &models::DiffList::reviewed, this, [this, &settings](const QString &print, bool isReviewed) {
        settings.setReviewed({print}, isReviewed);
        showSentence();
    });
}

void DiffPane::reviewAndGoOn()
{
    const int current = m_list->currentIndex().row();
    const int count = m_model->rowCount();
    if (current < 0)
        return;
    m_model->setReviewed(current, true);
    for (int step = 1; step < count; ++step) {
        const int row = (current + step) % count;
        if (m_model->isReviewed(row))
            continue;
        m_list->setCurrentIndex(m_model->index(row, 0));
        return;
    }
}

void DiffPane::startFind()
{
    if (m_text->isVisible())
        m_text->startFind();
}

bool DiffPane::stepBack()
{
    return m_text->isVisible() && m_text->stepBack();
}

QString DiffPane::summary() const
{
    return m_sentence->text();
}

void DiffPane::showSentence()
{
    const int reviewed = m_model->reviewedCount();
    m_sentence->setText(reviewed == 0 ? m_differences
                                      : m_differences + u" · "_s
                                            + tr("%1 of %2 reviewed").arg(reviewed).arg(m_model->rowCount()));
}

void DiffPane::show(const std::vector<service::ResourceDiff> &diffs, const std::string &ns)
{
    m_differences = models::differencesText(diffs);
    m_model->apply(diffs, ns);
    showSentence();
    m_stack->setCurrentIndex(0);
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0, 0));
    showCurrent();
}

void DiffPane::showMessage(const QString &title, const QString &text)
{
    m_empty->set(title, text);
    m_stack->setCurrentIndex(1);
}

void DiffPane::select(const object::ObjectKey &key)
{
    if (const int row = m_model->rowOf(key); row >= 0)
        m_list->setCurrentIndex(m_model->index(row, 0));
}

void DiffPane::showCurrent()
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid() || index.row() >= m_model->rowCount()) {
        m_shown.reset();
        m_text->clear();
        return;
    }
    const service::ResourceDiff &diff = m_model->rowAt(index.row());
    const bool isSame = std::exchange(m_shown, diff.key) == diff.key;
    m_text->show(diff, isSame ? DiffView::Place::Kept : DiffView::Place::FirstDifference);
}

void DiffPane::clear(const QString &scope)
{
    m_model->apply({}, {});
    m_model->setScope(scope);
    showCurrent();
}

} // namespace tiphys::ui
