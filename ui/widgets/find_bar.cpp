// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/find_bar.h"

#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/filter_field.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

FindBar::FindBar(const QString &prompt, QWidget *parent)
    : QWidget(parent), m_field(new QLineEdit(this)), m_count(new QLabel(this)), m_previous(new QToolButton(this)),
      m_next(new QToolButton(this))
{
    const int u = unit(this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(3 * u, u, 2 * u, u);
    row->setSpacing(u);
    setUpFilterField(m_field, prompt);
    m_field->setMinimumWidth(20 * u);
    m_field->setMaximumWidth(80 * u);
    m_field->installEventFilter(this);
    row->addWidget(m_field, 1);
    auto *close = new QToolButton(this);
    const auto set = [](QToolButton *button, const QString &name, const QString &text) {
        button->setIcon(icon(name));
        button->setToolTip(text);
        button->setAccessibleName(text);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
    };
    set(m_previous, u"up"_s, tr("Previous place (Shift+F3)"));
    set(m_next, u"down"_s, tr("Next place (F3)"));
    set(close, u"close"_s, tr("Stop finding (Esc)"));
    row->addWidget(m_previous);
    row->addWidget(m_next);
    m_count->setTextFormat(Qt::PlainText);
    row->addWidget(m_count);
    row->addStretch(1);
    row->addWidget(close);
    connect(m_field, &QLineEdit::textChanged, this, &FindBar::textChanged);
    connect(m_previous, &QToolButton::clicked, this, [this] { Q_EMIT walked(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { Q_EMIT walked(1); });
    connect(close, &QToolButton::clicked, this, &FindBar::closed);
    setCount(0, 0);
    hide();
}

void FindBar::start()
{
    show();
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void FindBar::stop()
{
    hide();
}

QString FindBar::text() const
{
    return m_field->text();
}

void FindBar::setCount(int current, int count)
{
    const QLocale locale;
    if (m_field->text().isEmpty())
        m_count->clear();
    else if (count == 0)
        m_count->setText(tr("not found"));
    else if (current == 0)
        m_count->setText(tr("%n place(s)", nullptr, count));
    else
        m_count->setText(
            tr("%1 of %2", "place that is shown, of how many").arg(locale.toString(current), locale.toString(count)));
    m_field->setAccessibleDescription(m_count->text());
    m_previous->setEnabled(count > 0);
    m_next->setEnabled(count > 0);
}

QString FindBar::countText() const
{
    return m_count->text();
}

bool FindBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            Q_EMIT walked(key->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            Q_EMIT closed();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace tiphys::ui
