// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace tiphys::ui {

/// A field for a text that is looked for, how often it was found, and ways to the next one; hidden until start().
class FindBar final : public QWidget
{
    Q_OBJECT

public:
    /// \p prompt says in what is looked: "Find in this difference".
    explicit FindBar(const QString &prompt, QWidget *parent = nullptr);

    /// Comes up with the cursor over what was looked for last.
    void start();
    /// Goes away; the text stays for the next time.
    void stop();
    QString text() const;
    /// The \p current one of \p count places, counted from 1; 0: none of them yet.
    void setCount(int current, int count);
    QString countText() const;
    QLineEdit *field() const { return m_field; }

Q_SIGNALS:
    void textChanged(const QString &text);
    /// To the next (1) or previous (-1) place.
    void walked(int direction);
    void closed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QLineEdit *m_field;
    QLabel *m_count;
    QToolButton *m_previous;
    QToolButton *m_next;
};

} // namespace tiphys::ui
