// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <QDialog>

#include <vector>

class QLineEdit;
class QTreeWidget;

namespace tiphys::ui {

/// Keys that belong together.
struct KeySection
{
    QString title;
    std::vector<KeyHelp> keys;
};

/// What the keyboard does here and everywhere, with a field that narrows it.
class ShortcutSheet final : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutSheet(const std::vector<KeySection> &sections, QWidget *parent = nullptr);

    QLineEdit *field() const { return m_field; }
    QTreeWidget *list() const { return m_list; }

private:
    void narrow(const QString &words);

    QLineEdit *m_field;
    QTreeWidget *m_list;
};

} // namespace tiphys::ui
