// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/filter_field.h"

#include "ui/theme/marks.h"

#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

void setUpFilterField(QLineEdit *field, const QString &words, const QString &name)
{
    field->setPlaceholderText(words);
    field->setAccessibleName(name);
    field->setClearButtonEnabled(true);
    field->addAction(icon(u"search"_s), QLineEdit::LeadingPosition);
}

void setUpFilterField(QLineEdit *field, const QString &words)
{
    setUpFilterField(field, words, words);
}

} // namespace tiphys::ui
