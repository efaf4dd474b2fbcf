// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QPlainTextEdit;

namespace tiphys::ui {

/// Shows \p text in \p edit, which is only read, changing only the parts of lines that differ: what is selected elsewhere stays selected, and the
/// text stays where it is scrolled to.
void replaceText(QPlainTextEdit &edit, QString text);

} // namespace tiphys::ui
