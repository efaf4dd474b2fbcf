// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <functional>

class QButtonGroup;
class QLineEdit;
class QPushButton;

namespace tiphys::ui {

/// One of several ways to do an act.
struct Choice
{
    QString value;
    QString title;
    QString consequence;
};

/// An act with its consequences in words, ways to choose from, and a name to type where it cannot be undone.
class ConfirmDialog final : public QDialog
{
    Q_OBJECT

public:
    struct Content
    {
        QString title;
        QString text;
        QString list; ///< exactly what it touches, one a line; "" for none
        std::vector<Choice> choices;
        QString buttonText; ///< says act and target
        QString typing;     ///< has to be typed, "" for nothing
        bool isDestructive = false;
    };

    explicit ConfirmDialog(const Content &content, QWidget *parent = nullptr);

    /// Value of the chosen way, "" without choices.
    QString chosen() const;
    QPushButton *actButton() const { return m_act; }
    QLineEdit *typingField() const { return m_typing; }

private:
    QButtonGroup *m_choices;
    std::vector<Choice> m_values;
    QLineEdit *m_typing;
    QPushButton *m_act;
};

} // namespace tiphys::ui
