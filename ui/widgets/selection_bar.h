// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/act_list.h"

#include <QWidget>

#include <array>

class QLabel;
class QPushButton;

namespace tiphys::ui {

/// How many applications are selected, and what can be done to all of them; hidden below two.
class SelectionBar final : public QWidget
{
    Q_OBJECT

public:
    static constexpr std::array kActs{models::ManyAct::Sync, models::ManyAct::Refresh, models::ManyAct::HardRefresh,
                                      models::ManyAct::Terminate};

    explicit SelectionBar(QWidget *parent = nullptr);

    void setCount(int count);
    QString text() const;
    QPushButton *button(models::ManyAct act) const;
    /// "Sync…"
    static QString titleOf(models::ManyAct act);

Q_SIGNALS:
    void chosen(tiphys::models::ManyAct act);

private:
    QLabel *m_text;
    std::array<QPushButton *, kActs.size()> m_buttons{};
};

} // namespace tiphys::ui
