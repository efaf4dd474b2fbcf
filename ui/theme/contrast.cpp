// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/contrast.h"

#include "ui/theme/colors.h"

#include <algorithm>
#include <cmath>

namespace tiphys::ui {

namespace {

/// Relative luminance, 0 to 1.
double luminanceOf(const QColor &color)
{
    const auto linear = [](double part) {
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

double contrastOf(const QColor &a, const QColor &b)
{
    const double first = luminanceOf(a);
    const double second = luminanceOf(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QColor legible(const QColor &color, const QColor &ink, std::span<const QColor> grounds)
{
    constexpr int kSteps = 20;
    QColor shown = color;
    for (int step = 1; step <= kSteps; ++step) {
        if (std::ranges::all_of(grounds,
                                [&shown](const QColor &ground) { return contrastOf(shown, ground) >= kTextContrast; }))
            break;
        shown = blended(ink, color, static_cast<double>(step) / kSteps);
    }
    return shown;
}

QColor edgeColor(const QPalette &palette)
{
    return blended(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.5);
}

} // namespace tiphys::ui
