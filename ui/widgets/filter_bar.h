// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/application_filter.h"

#include <QWidget>

#include <functional>

class QLineEdit;
class QMenu;
class QToolButton;

namespace tiphys::ui {

/// Text and facets above the applications.
class FilterBar final : public QWidget
{
    Q_OBJECT

public:
    using Counts = std::function<std::vector<models::FacetCount>(models::Facet)>;

    /// \p counts is asked when a facet's menu opens.
    explicit FilterBar(Counts counts, QWidget *parent = nullptr);

    const models::ApplicationFilter &filter() const { return m_filter; }
    void setFilter(const models::ApplicationFilter &filter);
    QLineEdit *textField() const { return m_text; }
    QToolButton *saveButton() const { return m_save; }

Q_SIGNALS:
    void filterChanged();
    /// The person wants to keep the filter under a name.
    void saveRequested();

private:
    void fillMenu(models::Facet facet, QMenu *menu);
    void showChoices();

    Counts m_counts;
    models::ApplicationFilter m_filter;
    QLineEdit *m_text;
    std::map<models::Facet, QToolButton *> m_buttons;
    QToolButton *m_clear;
    QToolButton *m_save;
};

} // namespace tiphys::ui
