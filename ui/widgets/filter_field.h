// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QLineEdit;
class QString;

namespace tiphys::ui {

/// Makes \p field one that a list is filtered by: a glass before the words, a button that takes them away.
///
/// \param words  shown while it is empty, and what a screen reader calls it unless \p name is given
void setUpFilterField(QLineEdit *field, const QString &words, const QString &name);
void setUpFilterField(QLineEdit *field, const QString &words);

} // namespace tiphys::ui
