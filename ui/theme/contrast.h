// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

#include <span>

namespace tiphys::ui {

/// How far two colours stand apart, 1 to 21. Source: WCAG 2.2, contrast ratio.
double contrastOf(const QColor &a, const QColor &b);
/// Contrast of text, and of the outlines of controls.
inline constexpr double kTextContrast = 4.5;
inline constexpr double kEdgeContrast = 3;

/// \p color, or as little nearer to \p ink as makes it text that can be read on each of \p grounds.
QColor legible(const QColor &color, const QColor &ink, std::span<const QColor> grounds);
/// Outline of what is written into or ticked.
QColor edgeColor(const QPalette &palette);

} // namespace tiphys::ui
