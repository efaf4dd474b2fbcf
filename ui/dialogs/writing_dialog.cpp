// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/writing_dialog.h"

namespace tiphys::ui {

void WritingDialog::reject()
{
    if (m_isWriting) {
        m_isLeft = true;
        setAttribute(Qt::WA_DeleteOnClose, false);
    }
    QDialog::reject();
}

bool WritingDialog::endWriting()
{
    m_isWriting = false;
    if (m_isLeft)
        deleteLater();
    return m_isLeft;
}

} // namespace tiphys::ui
