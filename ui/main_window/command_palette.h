// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/palette_list.h"

#include <QFrame>

class QLineEdit;
class QListView;

namespace tiphys::ui {

/// The box of Ctrl+K: applications, Rollouts, pages, commands and what is on the open page, by fuzzy match.
class CommandPalette final : public QFrame
{
    Q_OBJECT

public:
    explicit CommandPalette(QWidget *parent);

    /// Opens below the top of the parent window.
    void open(models::PaletteContents contents);
    QLineEdit *field() const { return m_field; }
    models::PaletteList *list() const { return m_model; }

Q_SIGNALS:
    void chosen(const tiphys::models::PaletteEntry &entry);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void choose(const QModelIndex &index);

    models::PaletteList *m_model;
    QLineEdit *m_field;
    QListView *m_view;
};

} // namespace tiphys::ui
