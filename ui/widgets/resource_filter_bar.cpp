// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/resource_filter_bar.h"

#include "models/status_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/elided_button.h"
#include "ui/widgets/filter_field.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <map>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::HealthStatus;
using service::SyncStatus;
using service::TreeNode;

namespace {

constexpr std::array kSyncChoices{SyncStatus::OutOfSync, SyncStatus::Unknown, SyncStatus::Synced};
constexpr std::array kHealthChoices{HealthStatus::Degraded,    HealthStatus::Missing,   HealthStatus::Unknown,
                                    HealthStatus::Progressing, HealthStatus::Suspended, HealthStatus::Healthy};

template <typename Status>
void toggle(std::set<Status> &chosen, Status status, bool isOn)
{
    if (isOn)
        chosen.insert(status);
    else
        chosen.erase(status);
}

} // namespace

ResourceFilterBar::ResourceFilterBar(Resources resources, QWidget *parent)
    : QWidget(parent), m_resources(std::move(resources)), m_text(new QLineEdit(this)), m_status(new ElidedButton(this)),
      m_menu(new QMenu(m_status)), m_count(new QLabel(this))
{
    const int u = unit(this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(u);
    setUpFilterField(m_text, tr("Filter by kind, name, namespace"), tr("Filter resources"));
    m_text->setToolTip(tr("Resources with these words in kind, name or namespace: the graph dims the others, and of a "
                          "large application leaves out those that "
                          "nothing found belongs to; the list shows these and what they belong to (Ctrl+F)"));
    m_text->setMinimumWidth(12 * u);
    m_text->setMaximumWidth(80 * u);
    m_text->installEventFilter(this);
    row->addWidget(m_text, 1);
    m_status->setAutoRaise(true);
    m_status->setPopupMode(QToolButton::InstantPopup);
    m_status->setFocusPolicy(Qt::StrongFocus);
    m_status->setToolTip(tr("Resources in these states: the graph dims the others, and of a large application leaves "
                            "out those that nothing found belongs to; "
                            "the list shows these and what they belong to"));
    m_status->setMenu(m_menu);
    row->addWidget(m_status);
    m_count->setTextFormat(Qt::PlainText);
    m_count->setMinimumWidth(4 * u); // the whole is in the tooltip
    row->addWidget(m_count);
    connect(m_menu, &QMenu::aboutToShow, this, &ResourceFilterBar::fillMenu);
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        const QString words = text.simplified(); // blanks around them look for nothing else
        if (m_filter.text == words)
            return;
        m_filter.text = words;
        changed();
    });
    showChoices();
}

void ResourceFilterBar::setFilter(const models::ResourceFilter &filter)
{
    const bool isOther = filter != m_filter;
    m_filter = filter;
    m_text->setText(filter.text);
    if (isOther)
        changed();
}

void ResourceFilterBar::changed()
{
    showChoices();
    Q_EMIT filterChanged();
}

void ResourceFilterBar::setCount(int matches, int total, bool isSelectionHidden)
{
    const QString count = models::resourceCountText(m_filter, matches, total);
    m_count->setText(isSelectionHidden ? tr("%1 · selected one hidden", "how many are shown").arg(count) : count);
    m_count->setToolTip(isSelectionHidden ? QString(m_count->text() + u'\n'
                                                    + tr("The resource in the inspector does not match the filter."))
                                          : count);
    m_text->setAccessibleDescription(m_count->text());
}

QString ResourceFilterBar::countText() const
{
    return m_count->text();
}

void ResourceFilterBar::start()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

QMenu *ResourceFilterBar::statusMenu()
{
    fillMenu();
    return m_menu;
}

void ResourceFilterBar::fillMenu()
{
    m_menu->clear();
    std::map<SyncStatus, int> syncs;
    std::map<HealthStatus, int> healths;
    int troubled = 0;
    if (const std::vector<TreeNode> *nodes = m_resources()) {
        for (const TreeNode &node : *nodes) {
            if (node.hasSync)
                ++syncs[node.sync];
            ++healths[node.health];
            troubled += models::isOutOfSync(node) || models::isNotHealthy(node) ? 1 : 0;
        }
    }
    const auto add = [this](const QString &word, int count, bool isChosen, std::function<void(bool)> choose) {
        QAction *action = m_menu->addAction(
            tr("%1\t%2", "status, tabulator, number of resources").arg(word, QLocale().toString(count)));
        action->setCheckable(true);
        action->setChecked(isChosen);
        connect(action, &QAction::toggled, this, [this, choose = std::move(choose)](bool isOn) {
            choose(isOn);
            changed();
        });
    };
    add(tr("Only what is out of sync or not healthy"), troubled, m_filter.isTroubleOnly,
        [this](bool isOn) { m_filter.isTroubleOnly = isOn; });
    m_menu->addSection(tr("Sync", "noun: sync status"));
    for (const SyncStatus status : kSyncChoices) {
        if (syncs[status] > 0 || m_filter.sync.contains(status))
            add(models::statusWord(status), syncs[status], m_filter.sync.contains(status),
                [this, status](bool isOn) { toggle(m_filter.sync, status, isOn); });
    }
    m_menu->addSection(tr("Health"));
    for (const HealthStatus status : kHealthChoices) {
        if (healths[status] > 0 || m_filter.health.contains(status))
            add(models::statusWord(status), healths[status], m_filter.health.contains(status),
                [this, status](bool isOn) { toggle(m_filter.health, status, isOn); });
    }
    m_menu->addSeparator();
    QAction *clear = m_menu->addAction(tr("Show all resources"));
    clear->setEnabled(!m_filter.isEmpty());
    connect(clear, &QAction::triggered, this, [this] { setFilter({}); });
}

void ResourceFilterBar::showChoices()
{
    QStringList chosen;
    if (m_filter.isTroubleOnly)
        chosen << tr("problems", "resources that are out of sync or not healthy");
    for (const SyncStatus status : m_filter.sync)
        chosen << models::statusWord(status);
    for (const HealthStatus status : m_filter.health)
        chosen << models::statusWord(status);
    const QString shown = chosen.size() > 2 ? QLocale().toString(chosen.size()) : chosen.join(u", "_s);
    m_status->setText((chosen.isEmpty() ? tr("Status") : tr("Status: %1").arg(shown)) + u' ');
    m_status->setAccessibleName(chosen.isEmpty() ? tr("Filter by status")
                                                 : tr("Filter by status: %1").arg(chosen.join(u", "_s)));
    m_status->setFont(chosen.isEmpty() ? font() : semiBold(font()));
}

bool ResourceFilterBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_text && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Down) {
            Q_EMIT left();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace tiphys::ui
