// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace tiphys::ui {

/// A tool button that becomes narrower where there is no room: its text is elided, and is then in the tooltip.
class ElidedButton final : public QToolButton
{
    Q_OBJECT

public:
    explicit ElidedButton(QWidget *parent = nullptr);

    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

} // namespace tiphys::ui
