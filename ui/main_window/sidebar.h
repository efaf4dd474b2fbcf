// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/main_window/location.h"
#include "ui/settings.h"

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
    /// The saved views, under the pages.
    void setViews(const QList<SavedView> &views);
    /// Marks the page, or the saved view, that is shown.
    void setCurrentPlace(const Location &location);
    /// The view that \p location shows, "" for none.
    QString viewOf(const Location &location) const;
    /// Asks for another name of the view that is marked.
    void askForName();
    QString countOf(PageKind page) const;

    QSize sizeHint() const override;

Q_SIGNALS:
    void pageChosen(tiphys::ui::PageKind page);
    void viewChosen(const QString &address);
    void viewRemoved(const QString &name);
    void viewRenamed(const QString &name, const QString &newName);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    /// Where a page is shown that the list does not have, coming here opens none.
    void focusInEvent(QFocusEvent *event) override;

private:
    QListWidgetItem *itemOf(PageKind page) const;
    QListWidgetItem *viewItemOf(const QString &address) const;
    /// Name of the view that is marked, "" where a page is.
    QString markedView() const;
    void choose(const QListWidgetItem *item);

    bool m_isMarking = false;
};

} // namespace tiphys::ui
