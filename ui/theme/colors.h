// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace tiphys::ui {

/// Colours that carry a meaning; each goes with a mark and a word.
enum class StatusColor { Healthy, Progressing, Degraded, Suspended, OutOfSync, Missing, Unknown };

/// Light and dark by the platform, or as the person chose.
enum class Scheme { System, Light, Dark };

bool isDark(const QPalette &palette);
QColor statusColor(StatusColor color, const QPalette &palette);
/// Text of second rank.
QColor secondaryColor(const QPalette &palette);
/// One-pixel borders and separators.
QColor lineColor(const QPalette &palette);
/// Ground of side bar, header rows and gutters: a shade off the window.
QColor quietColor(const QPalette &palette);
/// Ground of hovered and selected rows.
QColor hoverColor(const QPalette &palette);
QColor selectionColor(const QPalette &palette);
/// Ground of lines and words that differ; live is what a sync removes, desired what it brings.
QColor liveLineColor(const QPalette &palette);
QColor liveWordColor(const QPalette &palette);
QColor desiredLineColor(const QPalette &palette);
QColor desiredWordColor(const QPalette &palette);
/// \p color laid over \p ground with \p alpha of 0 to 1.
QColor blended(const QColor &color, const QColor &ground, double alpha);

/// Applies \p scheme to the whole program, now and whenever the platform changes its own.
void applyScheme(QApplication &application, Scheme scheme);

} // namespace tiphys::ui
