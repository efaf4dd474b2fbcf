// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/filter_bar.h"

#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/elided_button.h"
#include "ui/widgets/filter_field.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

FilterBar::FilterBar(Counts counts, QWidget *parent)
    : QWidget(parent), m_counts(std::move(counts)), m_text(new QLineEdit(this)), m_clear(new QToolButton(this)),
      m_save(new QToolButton(this))
{
    const int u = unit(this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(u);
    setUpFilterField(m_text, tr("Filter by name, namespace, image, label"), tr("Filter applications"));
    m_text->setMinimumWidth(28 * u);
    row->addWidget(m_text, 1);
    row->addSpacing(u);
    for (const models::Facet facet : models::kFacets) {
        auto *button = new ElidedButton(this);
        button->setAutoRaise(true);
        button->setPopupMode(QToolButton::InstantPopup);
        button->setFocusPolicy(Qt::StrongFocus);
        auto *menu = new QMenu(button);
        connect(menu, &QMenu::aboutToShow, this, [this, facet, menu] { fillMenu(facet, menu); });
        button->setMenu(menu);
        m_buttons[facet] = button;
        row->addWidget(button);
    }
    m_clear->setText(tr("Clear"));
    m_clear->setAutoRaise(true);
    m_clear->setToolTip(tr("Show all applications"));
    row->addWidget(m_clear);
    m_save->setIcon(icon(u"star"_s));
    m_save->setAutoRaise(true);
    m_save->setFocusPolicy(Qt::StrongFocus);
    m_save->setToolTip(tr("Keep this filter in the side bar…"));
    m_save->setAccessibleName(tr("Save this filter as a view"));
    row->addWidget(m_save);
    connect(m_save, &QToolButton::clicked, this, &FilterBar::saveRequested);
    connect(m_clear, &QToolButton::clicked, this, [this] { setFilter({}); });
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (m_filter.text == text)
            return;
        m_filter.text = text;
        showChoices();
        Q_EMIT filterChanged();
    });
    showChoices();
}

void FilterBar::setFilter(const models::ApplicationFilter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    m_text->setText(filter.text);
    showChoices();
    Q_EMIT filterChanged();
}

void FilterBar::fillMenu(models::Facet facet, QMenu *menu)
{
    menu->clear();
    const std::vector<models::FacetCount> counts = m_counts(facet);
    for (const models::FacetCount &entry : counts) {
        const QString value = entry.value.isEmpty() ? tr("(none)") : entry.value;
        QAction *action = menu->addAction(tr("%1\t%2", "value of a facet, tabulator, number of applications")
                                              .arg(value, QLocale().toString(entry.count)));
        action->setCheckable(true);
        action->setChecked(entry.isChosen);
        connect(action, &QAction::toggled, this, [this, facet, raw = entry.value](bool isOn) {
            std::set<QString> &chosen = m_filter.chosen[facet];
            if (isOn)
                chosen.insert(raw);
            else
                chosen.erase(raw);
            if (chosen.empty())
                m_filter.chosen.erase(facet);
            showChoices();
            Q_EMIT filterChanged();
        });
    }
    if (counts.empty())
        menu->addAction(tr("Nothing to choose"))->setEnabled(false);
}

void FilterBar::showChoices()
{
    for (const auto &[facet, button] : m_buttons) {
        const auto chosen = m_filter.chosen.find(facet);
        QString text = models::facetTitle(facet);
        if (chosen != m_filter.chosen.end() && !chosen->second.empty()) {
            const QStringList values(chosen->second.begin(), chosen->second.end());
            const QString shown = values.size() > 2 ? QLocale().toString(values.size()) : values.join(u", "_s);
            text = tr("%1: %2", "facet and what is chosen of it").arg(text, shown);
        }
        button->setText(text + u' ');
        QFont font = this->font();
        button->setFont(chosen != m_filter.chosen.end() && !chosen->second.empty() ? semiBold(font) : font);
    }
    m_clear->setVisible(!m_filter.isEmpty());
    m_save->setVisible(!m_filter.isEmpty());
}

} // namespace tiphys::ui
