// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/confirm_dialog.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>

namespace tiphys::ui {

ConfirmDialog::ConfirmDialog(const Content &content, QWidget *parent)
    : QDialog(parent), m_choices(new QButtonGroup(this)), m_values(content.choices), m_typing(new QLineEdit(this)),
      m_act(new QPushButton(content.buttonText, this))
{
    const int u = unit(this);
    setWindowTitle(content.title);
    setModal(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(5 * u, 5 * u, 5 * u, 4 * u);
    column->setSpacing(3 * u);
    column->addWidget(new TextLabel(TextLabel::Rank::Title, content.title, this));
    column->addWidget(new TextLabel(TextLabel::Rank::Body, content.text, this));
    if (!content.list.isEmpty()) {
        auto *list = new QPlainTextEdit(content.list, this);
        list->setReadOnly(true);
        list->setAccessibleName(tr("What it touches"));
        column->addWidget(list, 1);
    }
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        auto *button = new QRadioButton(m_values[i].title, this);
        button->setChecked(i == 0);
        m_choices->addButton(button, static_cast<int>(i));
        column->addWidget(button);
        auto *consequence = new TextLabel(TextLabel::Rank::Secondary, m_values[i].consequence, this);
        consequence->setContentsMargins(6 * u, 0, 0, u);
        column->addWidget(consequence);
    }
    m_typing->setVisible(!content.typing.isEmpty());
    m_typing->setPlaceholderText(tr("Type %1").arg(content.typing));
    m_typing->setAccessibleName(m_typing->placeholderText());
    column->addWidget(m_typing);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    auto *cancel = new QPushButton(tr("Cancel"), this);
    buttons->addWidget(cancel);
    buttons->addWidget(m_act);
    column->addLayout(buttons);
    if (content.isDestructive) {
        QPalette red = m_act->palette();
        red.setColor(QPalette::Button, statusColor(StatusColor::Degraded, palette()));
        red.setColor(QPalette::ButtonText, isDark(palette()) ? QColor(0xff16191d) : QColor(Qt::white));
        red.setColor(QPalette::Disabled, QPalette::ButtonText, secondaryColor(palette()));
        red.setColor(QPalette::Disabled, QPalette::Button, palette().color(QPalette::Button));
        m_act->setPalette(red);
        cancel->setDefault(true);
    } else {
        m_act->setDefault(true);
        makePrimary(m_act);
    }
    m_act->setEnabled(content.typing.isEmpty());
    connect(m_typing, &QLineEdit::textChanged, this,
            [this, typing = content.typing](const QString &text) { m_act->setEnabled(text == typing); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, &QDialog::accept);
    setMinimumWidth(130 * u);
}

QString ConfirmDialog::chosen() const
{
    const int id = m_choices->checkedId();
    return id < 0 ? QString() : m_values[static_cast<std::size_t>(id)].value;
}

} // namespace tiphys::ui
