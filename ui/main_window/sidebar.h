// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/main_window/location.h"

#include <QListWidget>

namespace tiphys::ui {

/// The pages with their counts.
class Sidebar final : public QListWidget
{
    Q_OBJECT

public:
    explicit Sidebar(QWidget *parent = nullptr);

    void addPage(PageKind page, const QString &iconName, const QString &title);
    /// Count at the right edge; "" hides it. An urgent one is coloured.
    void setCount(PageKind page, const QString &count, bool isUrgent = false);
    /// Marks the page that is shown.
    void setCurrentPage(PageKind page);
    QString countOf(PageKind page) const;

    QSize sizeHint() const override;

Q_SIGNALS:
    void pageChosen(tiphys::ui::PageKind page);

private:
    QListWidgetItem *itemOf(PageKind page) const;

    bool m_isMarking = false;
};

} // namespace tiphys::ui
