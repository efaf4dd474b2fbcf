// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace tiphys::ui {

/// The row of a dialog that asks to type a name before an act that matters; not shown where nothing has to be typed.
class TypedConfirmation final : public QWidget
{
    Q_OBJECT

public:
    explicit TypedConfirmation(QWidget *parent = nullptr);

    /// Wants \p typing, "" for nothing, and says \p reason before it: "prod is protected.".
    void require(const QString &typing, const QString &reason);
    /// Nothing has to be typed, or it is.
    bool isGiven() const;
    const QString &typing() const { return m_typing; }
    QLineEdit *field() const { return m_field; }

Q_SIGNALS:
    void changed();

private:
    QString m_typing;
    QLabel *m_text;
    QLineEdit *m_field;
};

} // namespace tiphys::ui
