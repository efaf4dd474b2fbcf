// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QApplication;
class QStyle;

namespace tiphys::ui {

/// True for Qt's own style, which is used where the platform brings none, and for the one of widenFusion().
bool isFusion(const QStyle &style);

/// Gives the words of push buttons and line edits room at both sides: Fusion lets those of buttons touch the border once they are
/// wider than its smallest button, and begins the text of edits two pixels beside it. Does nothing for the styles of platforms.
void widenFusion(QApplication &application);

} // namespace tiphys::ui
