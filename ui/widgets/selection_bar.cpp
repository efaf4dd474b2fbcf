// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/selection_bar.h"

#include "ui/theme/metrics.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace tiphys::ui {

SelectionBar::SelectionBar(QWidget *parent) : QWidget(parent), m_text(new QLabel(this))
{
    const int u = unit(this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(6 * u, 0, 6 * u, 2 * u);
    row->setSpacing(2 * u);
    m_text->setTextFormat(Qt::PlainText);
    row->addWidget(m_text);
    row->addStretch(1);
    for (std::size_t i = 0; i < kActs.size(); ++i) {
        auto *button = new QPushButton(titleOf(kActs[i]), this);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, act = kActs[i]] { Q_EMIT chosen(act); });
        row->addWidget(button);
        m_buttons[i] = button;
    }
    hide();
}

void SelectionBar::setCount(int count)
{
    m_text->setText(tr("%n application(s) selected", nullptr, count));
    setVisible(count > 1);
}

QString SelectionBar::text() const
{
    return m_text->text();
}

QPushButton *SelectionBar::button(models::ManyAct act) const
{
    return m_buttons[static_cast<std::size_t>(std::ranges::find(kActs, act) - kActs.begin())];
}

QString SelectionBar::titleOf(models::ManyAct act)
{
    switch (act) {
    case models::ManyAct::Sync: return tr("Sync…", "verb");
    case models::ManyAct::Refresh: return tr("Refresh", "verb");
    case models::ManyAct::HardRefresh: return tr("Hard refresh", "verb");
    case models::ManyAct::Terminate: return tr("Stop operations…", "verb");
    }
    return {};
}

} // namespace tiphys::ui
