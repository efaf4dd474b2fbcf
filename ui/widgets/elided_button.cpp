// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/elided_button.h"

#include "ui/theme/metrics.h"

#include <QHelpEvent>
#include <QStyleOptionToolButton>
#include <QStylePainter>
#include <QToolTip>

#include <algorithm>

namespace tiphys::ui {

ElidedButton::ElidedButton(QWidget *parent) : QToolButton(parent)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize ElidedButton::minimumSizeHint() const
{
    const QSize whole = sizeHint();
    return {std::min(whole.width(), 12 * unit(this)), whole.height()};
}

bool ElidedButton::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || width() >= sizeHint().width())
        return QToolButton::event(event);
    const QString words = text().trimmed();
    QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(),
                       toolTip().isEmpty() ? words : QString(words + u'\n' + toolTip()), this);
    return true;
}

void ElidedButton::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    if (const int missing = sizeHint().width() - width(); missing > 0)
        option.text = option.fontMetrics.elidedText(
            option.text, Qt::ElideRight, std::max(0, option.fontMetrics.horizontalAdvance(option.text) - missing));
    painter.drawComplexControl(QStyle::CC_ToolButton, option);
}

} // namespace tiphys::ui
