// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QPlainTextEdit;
class QWidget;

namespace tiphys::ui {

/// Text that is read and copied, not written; \p name is for who does not see it.
QPlainTextEdit *readOnlyText(const QString &name, QWidget *parent);

/// Shows \p text in \p edit, which is only read, changing only the parts of lines that differ: what is selected elsewhere stays selected, and the
/// text stays where it is scrolled to.
void replaceText(QPlainTextEdit &edit, QString text);

} // namespace tiphys::ui
