// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace tiphys::ui {

/// A dialog that writes. Closed while the answer is awaited it is only hidden, tells the answer when it comes, and is
/// deleted then: nobody has to guess what became of an act.
class WritingDialog : public QDialog
{
    Q_OBJECT

public:
    using QDialog::QDialog;

    void reject() override;

Q_SIGNALS:
    /// What became of the act after the dialog was closed, where it was not done; names the act.
    void failedUnseen(const QString &text);

protected:
    bool isWriting() const { return m_isWriting; }
    void startWriting() { m_isWriting = true; }
    /// The answer came. True where the dialog was closed meanwhile: it goes, and nothing more can be shown in it.
    bool endWriting();

private:
    bool m_isWriting = false;
    bool m_isLeft = false;
};

} // namespace tiphys::ui
