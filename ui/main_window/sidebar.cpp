// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/sidebar.h"

#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QInputDialog>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>

#include <utility>

namespace tiphys::ui {

namespace {

constexpr int kPageRole = Qt::UserRole;
constexpr int kIconRole = Qt::UserRole + 1;
constexpr int kCountRole = Qt::UserRole + 2;
constexpr int kUrgentRole = Qt::UserRole + 3;
constexpr int kViewRole = Qt::UserRole + 4;
constexpr int kNoPage = -1;

class SidebarDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const int u = unit(option.fontMetrics);
        if (!index.flags().testFlag(Qt::ItemIsEnabled)) {
            painter->setFont(scaled(option.font, kSecondaryFactor));
            painter->setPen(secondaryColor(option.palette));
            painter->drawText(option.rect.adjusted(4 * u, 2 * u, -2 * u, 0), Qt::AlignVCenter | Qt::AlignLeft,
                              index.data().toString());
            painter->restore();
            return;
        }
        const bool isCurrent = option.state.testFlag(QStyle::State_Selected);
        const QRect rect = option.rect.adjusted(2 * u, u / 2, -2 * u, -u / 2);
        if (isCurrent || option.state.testFlag(QStyle::State_MouseOver)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(isCurrent ? selectionColor(option.palette) : hoverColor(option.palette));
            painter->drawRoundedRect(rect, 1.5 * u, 1.5 * u);
        }
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(option.palette.color(QPalette::Highlight));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 1.5 * u, 1.5 * u);
        }
        const QColor ink = option.palette.color(QPalette::WindowText);
        paintIcon(*painter, QRectF(rect.left() + 2 * u, rect.center().y() - 2 * u + 0.5, 4 * u, 4 * u),
                  index.data(kIconRole).toString(), isCurrent ? ink : secondaryColor(option.palette));
        const QString count = index.data(kCountRole).toString();
        const QFont small = scaled(option.font, kSecondaryFactor);
        const int countWidth = count.isEmpty() ? 0 : QFontMetrics(small).horizontalAdvance(count) + 3 * u;
        painter->setFont(isCurrent ? semiBold(option.font) : option.font);
        painter->setPen(ink);
        const QRect text(rect.left() + 8 * u, rect.top(), rect.width() - 10 * u - countWidth, rect.height());
        painter->drawText(
            text, Qt::AlignVCenter | Qt::AlignLeft,
            painter->fontMetrics().elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, text.width()));
        if (!count.isEmpty()) {
            QRect pill(rect.right() - countWidth - u, rect.center().y() - 2 * u - u / 2 + 1, countWidth, 5 * u);
            const bool isUrgent = index.data(kUrgentRole).toBool();
            painter->setFont(small);
            if (isUrgent) {
                painter->setPen(Qt::NoPen);
                painter->setBrush(statusColor(StatusColor::Degraded, option.palette));
                painter->drawRoundedRect(pill, 2.5 * u, 2.5 * u);
            }
            painter->setPen(isUrgent ? (isDark(option.palette) ? QColor(0xff16191d) : QColor(Qt::white))
                                     : secondaryColor(option.palette));
            painter->drawText(pill, Qt::AlignCenter, count);
        }
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        const int u = unit(option.fontMetrics);
        return {40 * u, 9 * u};
    }
};

} // namespace

Sidebar::Sidebar(QWidget *parent) : QListWidget(parent)
{
    setItemDelegate(new SidebarDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Pages"));
    viewport()->setBackgroundRole(QPalette::Window);
    connect(this, &QListWidget::currentItemChanged, this, [this](QListWidgetItem *item) {
        if (item && !m_isMarking)
            choose(item);
    });
    connect(this, &QListWidget::itemClicked, this, &Sidebar::choose);
    auto *remove = new QAction(tr("Remove view"), this);
    remove->setShortcut(QKeySequence(Qt::Key_Delete));
    remove->setShortcutContext(Qt::WidgetShortcut);
    connect(remove, &QAction::triggered, this, [this] {
        if (const QString name = markedView(); !name.isEmpty())
            Q_EMIT viewRemoved(name);
    });
    auto *rename = new QAction(tr("Rename view…"), this);
    rename->setShortcut(QKeySequence(Qt::Key_F2));
    rename->setShortcutContext(Qt::WidgetShortcut);
    connect(rename, &QAction::triggered, this, &Sidebar::askForName);
    addActions({rename, remove});
}

void Sidebar::choose(const QListWidgetItem *item)
{
    if (const QString address = item->data(kViewRole).toString(); !address.isEmpty())
        Q_EMIT viewChosen(address);
    else if (item->data(kPageRole).toInt() != kNoPage)
        Q_EMIT pageChosen(static_cast<PageKind>(item->data(kPageRole).toInt()));
}

void Sidebar::setViews(const QList<SavedView> &views)
{
    m_isMarking = true;
    for (int i = count() - 1; i >= 0; --i) {
        if (item(i)->data(kPageRole).toInt() == kNoPage)
            delete takeItem(i);
    }
    if (!views.isEmpty()) {
        auto *heading = new QListWidgetItem(tr("Saved views"), this);
        heading->setFlags(Qt::NoItemFlags);
        heading->setData(kPageRole, kNoPage);
    }
    for (const SavedView &view : views) {
        auto *item = new QListWidgetItem(view.name, this);
        item->setData(kPageRole, kNoPage);
        item->setData(kViewRole, view.address);
        item->setData(kIconRole, QStringLiteral("star"));
        item->setToolTip(view.name);
        item->setData(Qt::AccessibleTextRole, tr("View %1", "a saved filter").arg(view.name));
    }
    m_isMarking = false;
}

QListWidgetItem *Sidebar::viewItemOf(const QString &address) const
{
    for (int i = 0; i < count(); ++i) {
        if (!address.isEmpty() && item(i)->data(kViewRole).toString() == address)
            return item(i);
    }
    return nullptr;
}

QString Sidebar::viewOf(const Location &location) const
{
    const QListWidgetItem *item = viewItemOf(addressOf(location));
    return item ? item->text() : QString();
}

QString Sidebar::markedView() const
{
    const QListWidgetItem *item = currentItem();
    return item && !item->data(kViewRole).toString().isEmpty() ? item->text() : QString();
}

void Sidebar::askForName()
{
    const QString name = markedView();
    if (name.isEmpty())
        return;
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename view"));
    dialog->setLabelText(tr("New name of %1:").arg(name));
    dialog->setTextValue(name);
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, name](const QString &newName) { Q_EMIT viewRenamed(name, newName.trimmed()); });
    dialog->open();
}

void Sidebar::focusInEvent(QFocusEvent *event)
{
    const bool hasCurrent = currentItem();
    const bool wasMarking = std::exchange(m_isMarking, true);
    QListWidget::focusInEvent(event);
    if (!hasCurrent) {
        setCurrentItem(nullptr);
        clearSelection();
    }
    m_isMarking = wasMarking;
}

void Sidebar::contextMenuEvent(QContextMenuEvent *event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const QListWidgetItem *item = isByKey ? currentItem() : itemAt(event->pos());
    if (!item || item->data(kViewRole).toString().isEmpty())
        return;
    setCurrentItem(const_cast<QListWidgetItem *>(item));
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(actions());
    menu->popup(isByKey ? mapToGlobal(visualItemRect(item).bottomLeft()) : event->globalPos());
}

void Sidebar::addPage(PageKind page, const QString &iconName, const QString &title)
{
    m_isMarking = true;
    auto *item = new QListWidgetItem(title, this);
    item->setData(kPageRole, static_cast<int>(page));
    item->setData(kIconRole, iconName);
    m_isMarking = false;
}

QListWidgetItem *Sidebar::itemOf(PageKind page) const
{
    for (int i = 0; i < count(); ++i) {
        if (item(i)->data(kPageRole).toInt() == static_cast<int>(page))
            return item(i);
    }
    return nullptr;
}

void Sidebar::setCount(PageKind page, const QString &count, bool isUrgent)
{
    if (QListWidgetItem *item = itemOf(page)) {
        item->setData(kCountRole, count);
        item->setData(kUrgentRole, isUrgent);
        item->setData(Qt::AccessibleTextRole, count.isEmpty() ? item->text() : item->text() + QLatin1Char(' ') + count);
    }
}

QString Sidebar::countOf(PageKind page) const
{
    const QListWidgetItem *item = itemOf(page);
    return item ? item->data(kCountRole).toString() : QString();
}

void Sidebar::setCurrentPlace(const Location &location)
{
    m_isMarking = true;
    const PageKind page = location.page;
    const PageKind shown = page == PageKind::Application ? PageKind::Applications
                           : page == PageKind::Rollout   ? PageKind::Rollouts
                                                         : page;
    QListWidgetItem *view = page == PageKind::Applications ? viewItemOf(addressOf(location)) : nullptr;
    QListWidgetItem *item = view ? view : itemOf(shown);
    setCurrentItem(item);
    if (!item)
        clearSelection();
    m_isMarking = false;
}

QSize Sidebar::sizeHint() const
{
    return {52 * unit(this), 100};
}

} // namespace tiphys::ui
