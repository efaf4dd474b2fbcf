// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/resource_filter.h"

#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;
class QMenu;
class QToolButton;

namespace tiphys::ui {

/// Text and statuses that the resources of an application are filtered by, and how many are left.
class ResourceFilterBar final : public QWidget
{
    Q_OBJECT

public:
    /// The resources before the filter; null while there are none.
    using Resources = std::function<const std::vector<service::TreeNode> *()>;

    /// \p resources is asked when the menu of statuses opens.
    explicit ResourceFilterBar(Resources resources, QWidget *parent = nullptr);

    const models::ResourceFilter &filter() const { return m_filter; }
    void setFilter(const models::ResourceFilter &filter);
    /// How many resources match of how many; \p isSelectionHidden: the selected one is not among those that are shown.
    void setCount(int matches, int total, bool isSelectionHidden);
    QString countText() const;
    /// Puts the cursor into the field, over what stands there.
    void start();
    QLineEdit *textField() const { return m_text; }
    /// The menu of statuses, filled as when it opens.
    QMenu *statusMenu();

Q_SIGNALS:
    void filterChanged();
    /// Enter or Down in the field: the person goes on to what was found.
    void left();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fillMenu();
    void showChoices();
    void changed();

    Resources m_resources;
    models::ResourceFilter m_filter;
    QLineEdit *m_text;
    QToolButton *m_status;
    QMenu *m_menu;
    QLabel *m_count;
};

} // namespace tiphys::ui
