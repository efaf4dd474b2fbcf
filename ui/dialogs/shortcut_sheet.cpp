// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/shortcut_sheet.h"

#include "models/application_filter.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/filter_field.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QTreeWidget>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

ShortcutSheet::ShortcutSheet(const std::vector<KeySection> &sections, QWidget *parent)
    : QDialog(parent), m_field(new QLineEdit(this)), m_list(new QTreeWidget(this))
{
    const int u = unit(this);
    setWindowTitle(tr("Keyboard shortcuts"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(5 * u, 5 * u, 5 * u, 4 * u);
    column->setSpacing(2 * u);
    column->addWidget(new TextLabel(TextLabel::Rank::Title, tr("Keyboard shortcuts"), this));
    setUpFilterField(m_field, tr("Search acts and keys"), tr("Search keyboard shortcuts"));
    column->addWidget(m_field);
    m_list->setColumnCount(2);
    m_list->setHeaderLabels({tr("Act"), tr("Keys")});
    m_list->setRootIsDecorated(false);
    m_list->setItemsExpandable(false);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Keyboard shortcuts"));
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    for (const KeySection &section : sections) {
        if (section.keys.empty())
            continue;
        auto *group = new QTreeWidgetItem(m_list, {section.title});
        group->setFont(0, semiBold(font()));
        group->setFlags(Qt::ItemIsEnabled);
        for (const KeyHelp &help : section.keys) {
            auto *item = new QTreeWidgetItem(group, {help.act, help.keys});
            item->setToolTip(0, help.act);
            item->setData(0, Qt::AccessibleTextRole, tr("%1: %2", "act and its keys").arg(help.act, help.keys));
        }
    }
    m_list->expandAll();
    column->addWidget(m_list, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_field, &QLineEdit::textChanged, this, &ShortcutSheet::narrow);
    resize(130 * u, 150 * u);
    m_field->setFocus();
}

void ShortcutSheet::narrow(const QString &words)
{
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem *group = m_list->topLevelItem(i);
        bool hasAny = false;
        for (int j = 0; j < group->childCount(); ++j) {
            QTreeWidgetItem *item = group->child(j);
            const bool matches = models::matchesText(item->text(0) + u' ' + item->text(1), words);
            item->setHidden(!matches);
            hasAny = hasAny || matches;
        }
        group->setHidden(!hasAny);
    }
}

} // namespace tiphys::ui
