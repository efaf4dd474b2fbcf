// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/fusion.h"

#include "ui/theme/contrast.h"
#include "ui/theme/metrics.h"

#include <QApplication>
#include <QIcon>
#include <QPainter>
#include <QPixmap>
#include <QProxyStyle>
#include <QStyleOption>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// True for buttons that makePrimary coloured.
bool isPrimary(const QStyleOption &option)
{
    return option.state.testFlag(QStyle::State_Enabled)
           && option.palette.color(QPalette::Button) == option.palette.color(QPalette::Accent);
}

/// What opens a menu, has words, and is one button as a whole.
bool opensMenuWithWords(const QStyleOptionToolButton &button)
{
    return button.features.testFlag(QStyleOptionToolButton::HasMenu)
           && !button.features.testFlag(QStyleOptionToolButton::MenuButtonPopup) && !button.text.isEmpty()
           && button.toolButtonStyle != Qt::ToolButtonIconOnly;
}

/// A button with a frame whose icon stands before its words: Fusion draws both at its very edge.
bool beginsAtEdge(const QStyleOptionToolButton &button)
{
    return button.toolButtonStyle == Qt::ToolButtonTextBesideIcon && !button.icon.isNull() && !button.text.isEmpty()
           && !button.state.testFlag(QStyle::State_AutoRaise);
}

/// Where Fusion draws the circle of a radio button.
QRectF circleIn(const QRect &rect)
{
    const double radius = (rect.width() + (rect.width() + 1) % 2) / 2.0 - 1;
    const QPointF center = rect.center() + QPoint(1, 1);
    return {center.x() - radius, center.y() - radius, 2 * radius, 2 * radius};
}

void paintPrimary(QPainter &painter, const QStyleOption &option)
{
    const QColor accent = option.palette.color(QPalette::Accent);
    const bool isDown = option.state & (QStyle::State_Sunken | QStyle::State_On);
    const bool isUnderMouse = option.state.testFlag(QStyle::State_MouseOver);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(accent.darker(130));
    // Only darker ones: the words stay as easy to read.
    painter.setBrush(isDown ? accent.darker(125) : isUnderMouse ? accent.darker(110) : accent);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter.restore();
}

/// The icon of \p button, as large as there, in the colour of its words.
QIcon inColorOfWords(const QStyleOptionButton &button, double pixelRatio)
{
    QPixmap picture = button.icon.pixmap(button.iconSize, pixelRatio, QIcon::Normal);
    QPainter painter(&picture);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(picture.rect(), button.palette.color(QPalette::ButtonText));
    return QIcon(picture);
}

/// Fusion with wider buttons, and with outlines and words that stand out as far as accessibility asks for: its own outlines
/// are the window's colour made darker, which on a dark window nobody sees, and its gradient makes the accent paler than
/// white words on it can bear.
class WideFusion final : public QProxyStyle
{
public:
    WideFusion() : QProxyStyle(u"fusion"_s) {}

    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                           const QWidget *widget) const override
    {
        QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
        const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        if (type == CT_PushButton && button && !button->text.isEmpty())
            size.setWidth(std::max(size.width(), contents.width() + 6 * unit(button->fontMetrics)));
        const auto *tool = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        if (type == CT_ToolButton && tool && opensMenuWithWords(*tool))
            size.rwidth() += arrowRoom(*tool);
        if (type == CT_ToolButton && tool && beginsAtEdge(*tool))
            size.rwidth() += edgeRoom(*tool);
        return size;
    }

    QRect subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const override
    {
        QRect rect = QProxyStyle::subElementRect(element, option, widget);
        // One without a frame stands in a cell, which has its own room.
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
            element == SE_LineEditContents && frame && frame->lineWidth > 0) {
            const int room = unit(option->fontMetrics);
            rect.adjust(room, 0, -room, 0);
        }
        return rect;
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override
    {
        if (element == PE_PanelButtonCommand && isPrimary(*option))
            return paintPrimary(*painter, *option);
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        const bool hasEdge = element == PE_IndicatorCheckBox || element == PE_IndicatorRadioButton
                             || (element == PE_FrameLineEdit && !option->state.testFlag(State_HasFocus));
        if (!hasEdge || !option->state.testFlag(State_Enabled))
            return;
        const QRectF edge = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
        painter->save();
        painter->setBrush(Qt::NoBrush);
        painter->setPen(edgeColor(option->palette));
        painter->setRenderHint(QPainter::Antialiasing);
        if (element == PE_IndicatorRadioButton) {
            // A thin curve is paler than its colour.
            painter->setPen(QPen(edgeColor(option->palette), 1.5));
            painter->drawEllipse(circleIn(option->rect));
        } else if (element == PE_FrameLineEdit) {
            painter->drawRoundedRect(edge, 2, 2);
        } else {
            painter->drawRect(edge);
        }
        painter->restore();
    }

    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override
    {
        const auto *tool = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        if (element == CE_ToolButtonLabel && tool && beginsAtEdge(*tool)) {
            QStyleOptionToolButton moved(*tool);
            moved.rect = visualRect(tool->direction, tool->rect, tool->rect.adjusted(edgeRoom(*tool), 0, 0, 0));
            return QProxyStyle::drawControl(element, &moved, painter, widget);
        }
        const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        if (element != CE_PushButtonLabel || !button || button->icon.isNull() || !isPrimary(*option))
            return QProxyStyle::drawControl(element, option, painter, widget);
        QStyleOptionButton own(*button);
        own.icon = inColorOfWords(*button, painter->device()->devicePixelRatioF());
        QProxyStyle::drawControl(element, &own, painter, widget);
    }

    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override
    {
        const auto *tool = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        if (control != CC_ToolButton || !tool || !opensMenuWithWords(*tool))
            return QProxyStyle::drawComplexControl(control, option, painter, widget);
        QStyleOptionToolButton ground(*tool);
        ground.features.setFlag(QStyleOptionToolButton::HasMenu, false);
        ground.text.clear();
        ground.icon = {};
        QProxyStyle::drawComplexControl(control, &ground, painter, widget);
        const int room = arrowRoom(*tool);
        QStyleOptionToolButton label(*tool);
        label.rect = visualRect(tool->direction, tool->rect, tool->rect.adjusted(0, 0, -room, 0));
        proxy()->drawControl(CE_ToolButtonLabel, &label, painter, widget);
        // Beside the words and at their height: the style's own place is below them.
        QStyleOption arrow(*tool);
        arrow.rect =
            visualRect(tool->direction, tool->rect,
                       QRect(tool->rect.right() - room - room / 4, tool->rect.top(), room, tool->rect.height()));
        proxy()->drawPrimitive(PE_IndicatorArrowDown, &arrow, painter, widget);
    }

private:
    static int edgeRoom(const QStyleOptionToolButton &button) { return unit(button.fontMetrics); }
    static int arrowRoom(const QStyleOptionToolButton &button) { return 3 * unit(button.fontMetrics); }
};

} // namespace

bool isFusion(const QStyle &style)
{
    return dynamic_cast<const WideFusion *>(&style) != nullptr
           || style.name().compare("fusion"_L1, Qt::CaseInsensitive) == 0;
}

void widenFusion(QApplication &application)
{
    if (isFusion(*application.style()))
        QApplication::setStyle(new WideFusion);
}

} // namespace tiphys::ui
