// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/sidebar.h"

#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace tiphys::ui {

namespace {

constexpr int kPageRole = Qt::UserRole;
constexpr int kIconRole = Qt::UserRole + 1;
constexpr int kCountRole = Qt::UserRole + 2;
constexpr int kUrgentRole = Qt::UserRole + 3;

class SidebarDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const int u = unit(option.fontMetrics);
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
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
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
            painter->setPen(isUrgent ? (isDark(option.palette) ? QColor(0xff16191d) : QColor(Qt::white)) : secondaryColor(option.palette));
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
            Q_EMIT pageChosen(static_cast<PageKind>(item->data(kPageRole).toInt()));
    });
    connect(this, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) {
        Q_EMIT pageChosen(static_cast<PageKind>(item->data(kPageRole).toInt()));
    });
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

void Sidebar::setCurrentPage(PageKind page)
{
    m_isMarking = true;
    const PageKind shown = page == PageKind::Application ? PageKind::Applications
                           : page == PageKind::Rollout   ? PageKind::Rollouts
                                                         : page;
    setCurrentItem(itemOf(shown));
    if (!itemOf(shown))
        clearSelection();
    m_isMarking = false;
}

QSize Sidebar::sizeHint() const
{
    return {52 * unit(this), 100};
}

} // namespace tiphys::ui
