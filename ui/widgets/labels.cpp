// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/labels.h"

#include "ui/theme/metrics.h"

#include <QApplication>
#include <QBoxLayout>
#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QPushButton>
#include <QToolTip>

namespace tiphys::ui {

TextLabel::TextLabel(Rank rank, const QString &text, QWidget *parent) : QLabel(text, parent), m_rank(rank)
{
    setTextFormat(Qt::PlainText);
    if (rank == Rank::Secondary || rank == Rank::Body)
        setWordWrap(true);
    restyle();
}

void TextLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    const bool isLook = event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationFontChange;
    // Restyling sets palette and font, which would come back here.
    if (!isLook || m_isRestyling)
        return;
    m_isRestyling = true;
    restyle();
    m_isRestyling = false;
}

void TextLabel::restyle()
{
    QFont font = QApplication::font(this);
    switch (m_rank) {
    case Rank::Title: font = semiBold(scaled(font, kTitleFactor)); break;
    case Rank::Section: font = semiBold(scaled(font, kSectionFactor)); break;
    case Rank::Body: break;
    case Rank::Secondary: font = scaled(font, kSecondaryFactor); break;
    case Rank::Strong: font = semiBold(font); break;
    }
    setFont(font);
    if (m_rank == Rank::Secondary) {
        QPalette colors;
        colors.setColor(QPalette::WindowText, secondaryColor(QApplication::palette()));
        setPalette(colors);
    }
}

ElidedLabel::ElidedLabel(Qt::TextElideMode mode, QWidget *parent) : QWidget(parent), m_mode(mode)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void ElidedLabel::setSecondary(bool isSecondary)
{
    m_isSecondary = isSecondary;
    setFont(scaled(QApplication::font(this), kSecondaryFactor));
}

void ElidedLabel::setExplanation(const QString &explanation)
{
    m_explanation = explanation;
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 2, fontMetrics().height()};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), fontMetrics().averageCharWidth() * 6), fontMetrics().height()};
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(m_isSecondary ? secondaryColor(palette()) : palette().color(foregroundRole()));
    painter.drawText(rect(), static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft),
                     fontMetrics().elidedText(m_text, m_mode, width()));
}

bool ElidedLabel::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const bool isElided = fontMetrics().horizontalAdvance(m_text) > width();
    const QString tip = !m_explanation.isEmpty() ? m_explanation : (isElided ? m_text : QString());
    QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), tip, this);
    return true;
}

StatusLabel::StatusLabel(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void StatusLabel::setStatus(MarkStyle style, const QString &word, const QString &explanation)
{
    m_style = style;
    m_word = word;
    setToolTip(explanation);
    setAccessibleName(word);
    setAccessibleDescription(explanation);
    setVisible(style.mark != Mark::None || !word.isEmpty());
    updateGeometry();
    update();
}

QSize StatusLabel::sizeHint() const
{
    const int u = unit(this);
    const int text = m_word.isEmpty() ? 0 : fontMetrics().horizontalAdvance(m_word) + u + u / 2;
    return {(m_style.mark == Mark::None ? 0 : 4 * u) + text, std::max(4 * u, fontMetrics().height())};
}

void StatusLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const int u = unit(this);
    const QColor color =
        isEnabled() ? statusColor(m_style.color, palette()) : palette().color(QPalette::Disabled, QPalette::WindowText);
    int x = 0;
    if (m_style.mark != Mark::None) {
        paintMark(painter, QRectF(0, (height() - 4 * u) / 2.0, 4 * u, 4 * u), m_style.mark, color);
        x = 5 * u + u / 2;
    }
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::AlignLeft, m_word);
}

Card::Card(QWidget *parent) : QFrame(parent) {}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(lineColor(palette()));
    painter.setBrush(palette().color(QPalette::Base));
    const double radius = unit(this) * 1.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

Line::Line(Qt::Orientation orientation, QWidget *parent) : QWidget(parent)
{
    if (orientation == Qt::Horizontal)
        setFixedHeight(1);
    else
        setFixedWidth(1);
}

void Line::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), lineColor(palette()));
}

Banner::Banner(QWidget *parent)
    : QWidget(parent), m_mark(new StatusLabel(this)), m_text(new QLabel(this)), m_action(new QPushButton(this))
{
    const int u = unit(this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(3 * u, 2 * u, 3 * u, 2 * u);
    row->setSpacing(2 * u);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    row->addWidget(m_mark);
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    connect(m_action, &QPushButton::clicked, this, &Banner::actionTriggered);
    hide();
}

void Banner::show(MarkStyle style, const QString &text, const QString &actionText)
{
    m_style = style;
    m_mark->setStatus(style, {}, {});
    m_text->setText(text);
    m_action->setText(actionText);
    m_action->setVisible(!actionText.isEmpty());
    setAccessibleName(text);
    setVisible(true);
    update();
}

void Banner::clear()
{
    m_text->clear();
    setVisible(false);
}

QString Banner::text() const
{
    return m_text->text();
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ink = statusColor(m_style.color, palette());
    painter.setPen(blended(ink, palette().color(QPalette::Base), 0.4));
    painter.setBrush(blended(ink, palette().color(QPalette::Base), 0.09));
    const double radius = unit(this) * 1.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

EmptyPane::EmptyPane(QWidget *parent)
    : QWidget(parent), m_title(new TextLabel(TextLabel::Rank::Section, {}, this)),
      m_text(new TextLabel(TextLabel::Rank::Body, {}, this)), m_action(new QPushButton(this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(2 * u);
    m_title->setAlignment(Qt::AlignCenter);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setFixedWidth(90 * u);
    column->addStretch(2);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    // Aligned items are given their size hint, which does not know about wrapping: a row gives the height it needs.
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(m_text);
    row->addStretch();
    column->addLayout(row);
    column->addSpacing(u);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(m_action, &QPushButton::clicked, this, &EmptyPane::actionTriggered);
}

void EmptyPane::set(const QString &title, const QString &text, const QString &actionText)
{
    m_title->setText(title);
    m_text->setText(text);
    m_action->setText(actionText);
    m_action->setVisible(!actionText.isEmpty());
}

QString EmptyPane::title() const
{
    return m_title->text();
}

QString EmptyPane::text() const
{
    return m_text->text();
}

void makePrimary(QAbstractButton *button)
{
    QPalette colors;
    const QColor ground = QApplication::palette().color(QPalette::Accent);
    colors.setColor(QPalette::Active, QPalette::Button, ground);
    colors.setColor(QPalette::Inactive, QPalette::Button, ground);
    colors.setColor(QPalette::Active, QPalette::ButtonText, Qt::white);
    colors.setColor(QPalette::Inactive, QPalette::ButtonText, Qt::white);
    button->setPalette(colors);
}

} // namespace tiphys::ui
