// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/command_palette.h"

#include "ui/delegates/row_delegate.h"
#include "ui/theme/metrics.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>

namespace tiphys::ui {

namespace {

class PaletteDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const models::PaletteEntry &entry =
            static_cast<const models::PaletteList *>(index.model())->entryAt(index.row());
        painter->save();
        const int u = unit(option.fontMetrics);
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, selectionColor(option.palette));
        const QColor ink =
            option.palette.color(entry.isEnabled ? QPalette::Active : QPalette::Disabled, QPalette::Text);
        const QRect rect = option.rect.adjusted(3 * u, 0, -3 * u, 0);
        paintIcon(*painter, QRectF(rect.left(), rect.center().y() - 2 * u + 0.5, 4 * u, 4 * u), entry.iconName,
                  secondaryColor(option.palette));
        const QFont small = scaled(option.font, kSecondaryFactor);
        painter->setFont(small);
        painter->setPen(secondaryColor(option.palette));
        // What is found stands before where it is: a long place is cut first.
        const QString detail = QFontMetrics(small).elidedText(entry.detail, Qt::ElideMiddle, rect.width() / 2);
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight, detail);
        painter->setFont(option.font);
        painter->setPen(ink);
        const int width = rect.width() - 7 * u - QFontMetrics(small).horizontalAdvance(detail) - 2 * u;
        painter->drawText(QRect(rect.left() + 7 * u, rect.top(), width, rect.height()),
                          Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(entry.title, Qt::ElideMiddle, width));
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {80 * unit(option.fontMetrics), 8 * unit(option.fontMetrics)};
    }
};

} // namespace

CommandPalette::CommandPalette(QWidget *parent)
    : QFrame(parent), m_model(new models::PaletteList(this)), m_field(new QLineEdit(this)), m_view(new QListView(this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(2 * u, 2 * u, 2 * u, 2 * u);
    column->setSpacing(u);
    m_field->setPlaceholderText(tr("Search applications, rollouts, resources, images, commits, or run a command"));
    m_field->setAccessibleName(tr("Search or run a command"));
    m_field->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_field->setMinimumHeight(9 * u);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new PaletteDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformItemSizes(true);
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setAccessibleName(tr("Matches"));
    column->addWidget(m_field);
    column->addWidget(m_view, 1);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->setQuery(text);
        m_view->setCurrentIndex(m_model->index(0, 0));
    });
    connect(m_view, &QListView::clicked, this, &CommandPalette::choose);
    setAutoFillBackground(true);
    hide();
}

void CommandPalette::open(models::PaletteContents contents)
{
    m_model->setContents(std::move(contents));
    m_field->clear();
    m_view->setCurrentIndex(m_model->index(0, 0));
    const int u = unit(this);
    const QWidget *window = parentWidget();
    const int width = std::min(150 * u, window->width() - 8 * u);
    setGeometry((window->width() - width) / 2, 14 * u, width, std::min(100 * u, window->height() - 28 * u));
    show();
    raise();
    m_field->setFocus();
}

void CommandPalette::choose(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const models::PaletteEntry entry = m_model->entryAt(index.row());
    if (!entry.isEnabled)
        return;
    hide();
    Q_EMIT chosen(entry);
}

bool CommandPalette::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() == QEvent::FocusOut && isVisible() && !m_view->underMouse())
        hide();
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(object, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    const int row = m_view->currentIndex().row();
    switch (key) {
    case Qt::Key_Down:
        m_view->setCurrentIndex(m_model->index(std::min(row + 1, m_model->rowCount() - 1), 0));
        return true;
    case Qt::Key_Up: m_view->setCurrentIndex(m_model->index(std::max(row - 1, 0), 0)); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(m_view->currentIndex()); return true;
    case Qt::Key_Escape: hide(); return true;
    default: return false;
    }
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    painter.setPen(blended(palette().color(QPalette::WindowText), palette().color(QPalette::Window), 0.3));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

} // namespace tiphys::ui
