// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/status_line.h"

#include <QStatusBar>

#include <utility>

namespace tiphys::ui {

namespace {

/// How long what is only told is shown, in milliseconds.
constexpr int kPassing = 10'000;

} // namespace

void StatusLine::tell(const QString &text)
{
    m_bar->showMessage(text, kPassing);
}

void StatusLine::tellFailure(const QString &text, bool isShown)
{
    m_failure = isShown ? text : QString();
    m_bar->showMessage(text, isShown ? 0 : kPassing);
}

void StatusLine::leave()
{
    const QString failure = std::exchange(m_failure, {});
    if (!failure.isEmpty() && m_bar->currentMessage() == failure)
        m_bar->clearMessage();
}

} // namespace tiphys::ui
