// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/typed_confirmation.h"

#include "ui/theme/metrics.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

namespace tiphys::ui {

TypedConfirmation::TypedConfirmation(QWidget *parent)
    : QWidget(parent), m_text(new QLabel(this)), m_field(new QLineEdit(this))
{
    const int u = unit(this);
    auto *line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(3 * u);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setBuddy(m_field);
    m_field->setMaximumWidth(60 * u);
    line->addWidget(m_text, 1);
    line->addWidget(m_field);
    hide();
    connect(m_field, &QLineEdit::textChanged, this, &TypedConfirmation::changed);
}

void TypedConfirmation::require(const QString &typing, const QString &reason)
{
    const QString text = tr("%1 Type \"%2\" to go on:").arg(reason, typing);
    // What was typed confirmed something else.
    if (text != m_text->text())
        m_field->clear();
    m_typing = typing;
    m_text->setText(text);
    m_field->setAccessibleName(m_text->text());
    setVisible(!typing.isEmpty());
}

bool TypedConfirmation::isGiven() const
{
    return m_typing.isEmpty() || m_field->text() == m_typing;
}

} // namespace tiphys::ui
