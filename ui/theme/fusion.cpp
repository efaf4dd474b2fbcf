// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/fusion.h"

#include "ui/theme/metrics.h"

#include <QApplication>
#include <QProxyStyle>
#include <QStyleOption>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

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
