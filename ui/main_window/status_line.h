// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QStatusBar;

namespace tiphys::ui {

/// What the status bar tells: news for a while, a failure as long as the thing that it is about is shown.
class StatusLine
{
public:
    explicit StatusLine(QStatusBar *bar) : m_bar(bar) {}

    void tell(const QString &text);
    /// Tells what was not done. \p isShown: what it is about is on the screen now; else it is told for a while.
    void tellFailure(const QString &text, bool isShown);
    /// What was shown is left: a failure that is about it goes.
    void leave();

private:
    QStatusBar *m_bar;
    QString m_failure; ///< in the bar because of what is shown
};

} // namespace tiphys::ui
