// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QFontMetrics>
#include <QWidget>

#include <algorithm>

namespace tiphys::ui {

/// The grid unit in logical pixels: 4 at the usual font size, growing with the font.
inline int unit(const QFontMetrics &metrics)
{
    return std::max(3, (metrics.height() * 4 + 8) / 16);
}
inline int unit(const QWidget *widget)
{
    return unit(widget->fontMetrics());
}

/// \p font at \p factor of its size.
inline QFont scaled(QFont font, double factor)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(std::max(1, static_cast<int>(font.pixelSize() * factor + 0.5)));
    return font;
}
inline QFont semiBold(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}
/// The platform's fixed font in the size of \p like.
QFont monospace(const QFont &like);

inline constexpr double kTitleFactor = 1.4;
inline constexpr double kSectionFactor = 1.1;
inline constexpr double kSecondaryFactor = 0.9;

} // namespace tiphys::ui
