// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/application_header.h"

#include "models/detail_lists.h"
#include "models/diff_list.h"
#include "models/kubectl_text.h"
#include "models/status_text.h"
#include "models/sync_text.h"
#include "models/text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QMenu>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QToolButton *flatButton(const QString &iconName, const QString &text, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

/// The room that the words of \p button take beside its icon.
int wordsWidth(const QToolButton &button)
{
    const QFontMetrics metrics = button.fontMetrics();
    return metrics.horizontalAdvance(button.text()) + 2 * metrics.horizontalAdvance(u' ') + 4;
}

/// True if \p problem is what the last operation said when it failed.
bool isOfFailedOperation(const std::string &problem, const service::OperationView &operation)
{
    const bool hasFailed =
        operation.phase == service::OperationPhase::Failed || operation.phase == service::OperationPhase::Error;
    return hasFailed && operation.finishedAt > 0 && !operation.message.empty() && problem.contains(operation.message);
}

void applyState(QWidget *widget, const models::ActionState &state)
{
    widget->setEnabled(state.isEnabled);
    // A button may have lost its words to a narrow window.
    widget->setToolTip(state.reason.isEmpty() ? widget->accessibleName() : state.reason);
    widget->setAccessibleDescription(state.reason);
}

void applyState(QAction *action, const models::ActionState &state)
{
    action->setEnabled(state.isEnabled);
    action->setToolTip(state.reason);
}

} // namespace

ApplicationHeader::ApplicationHeader(QWidget *parent)
    : QWidget(parent), m_name(new ElidedLabel(Qt::ElideMiddle, this)), m_health(new StatusLabel(this)),
      m_syncStatus(new StatusLabel(this)), m_operation(new StatusLabel(this)), m_reconciler(new StatusLabel(this)),
      m_target(new ElidedLabel(Qt::ElideRight, this)), m_lastSynced(new ElidedLabel(Qt::ElideRight, this)),
      m_differences(new ElidedLabel(Qt::ElideRight, this)),
      m_sync(new QPushButton(icon(u"sync"_s), tr("Sync…", "verb"), this)),
      m_refresh(flatButton(u"refresh"_s, tr("Refresh"), this)),
      m_terminate(flatButton(u"stop"_s, tr("Terminate"), this)), m_more(flatButton(u"more"_s, {}, this)),
      m_banner(new Banner(this)), m_tabs(new QTabBar(this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(6 * u, 4 * u, 6 * u, 0);
    column->setSpacing(2 * u);
    buildMenus();
    // Its lines arrange themselves by the room that there is; hidden they must not keep the window wide.
    setMinimumWidth(100 * u);
    column->addLayout(buildFirstLine());
    m_statusLine = new QHBoxLayout;
    m_statusLine->setSpacing(4 * u);
    m_statusLine->addStretch(1);
    column->addLayout(m_statusLine);
    column->addLayout(buildSecondLine());
    column->addWidget(m_banner);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Parts of the application"));
    column->addWidget(m_tabs);
    connect(m_sync, &QPushButton::clicked, this, &ApplicationHeader::syncRequested);
    connect(m_refresh, &QToolButton::clicked, this, [this] { Q_EMIT refreshRequested(false); });
    connect(m_terminate, &QToolButton::clicked, this, &ApplicationHeader::terminateRequested);
    connect(m_banner, &Banner::actionTriggered, this, &ApplicationHeader::operationRequested);
}

void ApplicationHeader::buildMenus()
{
    auto *refreshMenu = new QMenu(m_refresh);
    refreshMenu->setToolTipsVisible(true);
    m_hardRefresh = refreshMenu->addAction(tr("Hard refresh: render again without caches"), this,
                                           [this] { Q_EMIT refreshRequested(true); });
    m_refresh->setMenu(refreshMenu);
    m_refresh->setPopupMode(QToolButton::MenuButtonPopup);
    auto *more = new QMenu(m_more);
    more->setToolTipsVisible(true);
    m_confirm =
        more->addAction(icon(u"attention"_s), tr("Confirm deletion…"), this, &ApplicationHeader::confirmRequested);
    m_confirm->setVisible(false);
    m_rollback = more->addAction(icon(u"history"_s), tr("Roll back…"), this, &ApplicationHeader::rollbackRequested);
    m_delete = more->addAction(icon(u"close"_s), tr("Delete…"), this, &ApplicationHeader::deleteRequested);
    more->addSeparator();
    more->addAction(icon(u"copy"_s), tr("Copy as kubectl command"), this, [this] {
        QApplication::clipboard()->setText(
            models::kubectlGet({"argoproj.io", "Application", m_app.ns, m_app.name}, m_app.context));
    });
    more->addAction(icon(u"copy"_s), tr("Copy address"), this, &ApplicationHeader::addressRequested);
    m_more->setMenu(more);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_more->setToolTip(tr("More"));
    m_more->setAccessibleName(tr("More acts"));
}

std::vector<PageCommand> ApplicationHeader::commands()
{
    const QString name = models::text(m_app.name);
    const auto command = [](const QString &title, const QString &iconName, const auto *part, const QString &reason,
                            const auto &run) {
        return PageCommand{PageCommand::Kind::Act, title, part->isEnabled() ? QString() : reason, iconName,
                           part->isEnabled(),      run};
    };
    std::vector<PageCommand> commands{command(tr("Sync %1…", "verb").arg(name), u"sync"_s, m_sync, m_sync->toolTip(),
                                              [this] { Q_EMIT syncRequested(); }),
                                      command(tr("Roll back %1…").arg(name), u"history"_s, m_rollback,
                                              m_rollback->toolTip(), [this] { Q_EMIT rollbackRequested(); }),
                                      command(tr("Delete %1…").arg(name), u"close"_s, m_delete, m_delete->toolTip(),
                                              [this] { Q_EMIT deleteRequested(); })};
    if (!m_terminate->isHidden())
        commands.insert(commands.begin(), command(tr("Terminate the operation of %1").arg(name), u"stop"_s, m_terminate,
                                                  m_terminate->toolTip(), [this] { Q_EMIT terminateRequested(); }));
    if (m_confirm->isVisible())
        commands.insert(commands.begin(), command(tr("Confirm deletion in %1…").arg(name), u"attention"_s, m_confirm,
                                                  m_confirm->toolTip(), [this] { Q_EMIT confirmRequested(); }));
    for (int i = 0; i < m_tabs->count(); ++i)
        commands.push_back({PageCommand::Kind::Act,
                            tr("Show %1", "part of an application: Tree, Diff, …").arg(m_tabs->tabText(i)), name,
                            u"arrow"_s, true, [this, i] { m_tabs->setCurrentIndex(i); }});
    return commands;
}

QLayout *ApplicationHeader::buildFirstLine()
{
    m_firstLine = new QHBoxLayout;
    m_firstLine->setSpacing(4 * unit(this));
    m_name->setFont(semiBold(scaled(font(), kTitleFactor)));
    m_firstLine->addWidget(m_name);
    for (StatusLabel *status : {m_health, m_syncStatus, m_operation, m_reconciler})
        m_firstLine->addWidget(status);
    m_firstLine->addStretch(1);
    makePrimary(m_sync);
    m_firstLine->addWidget(m_sync);
    for (QToolButton *button : {m_refresh, m_terminate, m_more})
        m_firstLine->addWidget(button);
    return m_firstLine;
}

void ApplicationHeader::arrange()
{
    const int u = unit(this);
    const int spacing = 4 * u;
    const auto widthOf = [spacing](const QWidget *widget) {
        return widget->isHidden() ? 0 : widget->sizeHint().width() + spacing;
    };
    int statuses = 0;
    for (const StatusLabel *status : {m_health, m_syncStatus, m_operation, m_reconciler})
        statuses += widthOf(status);
    int acts = widthOf(m_sync) + widthOf(m_more);
    int words = 0;
    for (const QToolButton *button : {m_refresh, m_terminate}) {
        const int own = button->isHidden() ? 0 : wordsWidth(*button);
        acts += widthOf(button) - (button->toolButtonStyle() == Qt::ToolButtonTextBesideIcon ? own : 0);
        words += own;
    }
    // A name of unusual length is elided all the same.
    const int name = std::min(m_name->sizeHint().width(), 90 * u) + spacing;
    // What the layout knows of its rectangle may be older than this widget's size.
    const QMargins margins = layout()->contentsMargins();
    const int room = width() - margins.left() - margins.right();
    const bool isOwn = name + statuses + acts > room;
    const bool hasWords = name + (isOwn ? 0 : statuses) + acts + words <= room;
    for (QToolButton *button : {m_refresh, m_terminate})
        button->setToolButtonStyle(hasWords ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    setStatusLine(isOwn);
}

void ApplicationHeader::setStatusLine(bool isOwn)
{
    if (isOwn == m_hasStatusLine)
        return;
    m_hasStatusLine = isOwn;
    QHBoxLayout *from = isOwn ? m_firstLine : m_statusLine;
    QHBoxLayout *to = isOwn ? m_statusLine : m_firstLine;
    int place = isOwn ? 0 : 1;
    for (StatusLabel *status : {m_health, m_syncStatus, m_operation, m_reconciler}) {
        from->removeWidget(status);
        to->insertWidget(place++, status);
    }
}

void ApplicationHeader::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

QLayout *ApplicationHeader::buildSecondLine()
{
    auto *line = new QHBoxLayout;
    line->setSpacing(3 * unit(this));
    for (ElidedLabel *label : {m_target, m_lastSynced, m_differences}) {
        label->setSecondary(true);
        line->addWidget(label);
    }
    line->addStretch(1);
    return line;
}

void ApplicationHeader::setApplication(const service::AppId &app)
{
    m_app = app;
    m_name->setText(models::text(app.name));
    m_name->setExplanation(models::text(app.address()));
    for (StatusLabel *status : {m_health, m_syncStatus, m_operation, m_reconciler})
        status->setStatus({}, {}, {});
    for (ElidedLabel *label : {m_target, m_lastSynced, m_differences}) {
        label->setText({});
        label->setExplanation({});
    }
    m_terminate->hide();
    m_confirm->setVisible(false);
    m_banner->clear();
    arrange();
}

void ApplicationHeader::show(const service::AppDetail &detail, service::WallTime now)
{
    const service::AppRow &row = detail.row;
    m_name->setText(models::text(row.id.name));
    m_name->setExplanation(models::text(row.id.address()));
    m_health->setStatus(markOf(row.health), models::statusWord(row.health), models::explanation(row.health));
    m_syncStatus->setStatus(markOf(row.sync), models::statusWord(row.sync), models::explanation(row.sync));
    const bool isOperating = models::isOperating(row);
    m_operation->setStatus(isOperating ? markOf(service::OperationPhase::Running) : MarkStyle{},
                           isOperating ? tr("Syncing") : QString(), models::text(row.operationMessage));
    QString reconciler = models::explanation(row.reconciler);
    if (row.isComputedHere)
        reconciler += u'\n' + tr("The status words are this program's, because nobody else writes them.");
    m_reconciler->setStatus({Mark::Information, StatusColor::Unknown}, models::reconcilerText(row.reconciler),
                            reconciler);
    const std::string branch = row.sources.empty() ? std::string() : row.sources.front().targetRevision;
    m_target->setText(tr("Target %1 → %2").arg(models::text(branch), models::commitText(detail.target)));
    m_target->setExplanation(models::commitTooltip(detail.target));
    m_lastSynced->setText(
        detail.lastSynced.revision.empty()
            ? tr("never synced")
            : tr("Last synced %1, %2").arg(models::commitText(detail.lastSynced), models::agoText(row.lastSync, now)));
    m_lastSynced->setExplanation(models::commitTooltip(detail.lastSynced));
    m_differences->setText(detail.isDiffReady ? models::differencesText(detail.diffs) : QString());
    showBanner(detail, now);
    arrange();
}

void ApplicationHeader::showBanner(const service::AppDetail &detail, service::WallTime now)
{
    const service::AppRow &row = detail.row;
    const QString age = models::agoText(detail.observedAt, now);
    if (detail.isStale)
        m_banner->show(
            {Mark::Offline, StatusColor::Degraded},
            tr("%1 does not answer. This page is as last seen %2.")
                .arg(models::text(detail.silentContext.empty() ? m_app.context : detail.silentContext), age));
    else if (isOfFailedOperation(row.conditions.empty() ? row.cause : row.conditions.front(), detail.operation))
        // All that it said stands with the operation.
        m_banner->show(markOf(service::OperationPhase::Failed),
                       tr("The last sync failed %1: %2", "%1 is a time such as '3 min ago', %2 a message")
                           .arg(models::agoText(detail.operation.finishedAt, now),
                                models::sentence(models::utf8(models::briefMessage(detail.operation)))),
                       m_isOperationShown ? QString() : tr("Show the operation"));
    else if (!row.conditions.empty())
        m_banner->show({Mark::Failed, StatusColor::Degraded}, models::sentence(row.conditions.front()));
    else if (!row.awaitsConfirmation.empty())
        m_banner->show({Mark::Warning, StatusColor::OutOfSync},
                       tr("%1 More › Confirm deletion lets it go on.").arg(models::sentence(row.awaitsConfirmation)));
    else if (row.isDisputed)
        m_banner->show({Mark::Warning, StatusColor::OutOfSync},
                       tr("The stored status says %1, but the comparison made here disagrees. The differences below "
                          "are from here.")
                           .arg(models::statusWord(row.sync)));
    else if (!row.cause.empty() && !detail.unseen.empty())
        m_banner->show({Mark::Offline, StatusColor::Unknown},
                       tr("%1 That is what was stored %2; what is there now is not seen: %3")
                           .arg(models::sentence(row.cause),
                                row.reconciledAt > 0 ? models::agoText(row.reconciledAt, now) : tr("some time ago"),
                                models::text(detail.unseen)));
    else if (!row.cause.empty())
        m_banner->show(markOf(row.urgency), models::sentence(row.cause));
    else
        m_banner->clear();
}

void ApplicationHeader::showActs(const service::AppDetail *detail, const std::optional<service::Permissions> &may)
{
    if (!may) {
        const models::ActionState asking{false, tr("Asking the cluster what you may do…")};
        for (QWidget *button :
             {static_cast<QWidget *>(m_sync), static_cast<QWidget *>(m_refresh), static_cast<QWidget *>(m_terminate)})
            applyState(button, asking);
        for (QAction *action : {m_hardRefresh, m_confirm, m_rollback, m_delete})
            applyState(action, asking);
        return;
    }
    service::AppRow row;
    row.id = m_app;
    if (detail)
        row = detail->row;
    const models::ActionState unloaded{false, tr("The application is not loaded yet.")};
    applyState(m_sync, detail ? models::syncState(row, *may) : unloaded);
    applyState(m_refresh, models::refreshState(row, *may));
    applyState(m_hardRefresh, models::refreshState(row, *may));
    applyState(m_terminate, models::terminateState(row, *may));
    m_terminate->setVisible(models::isOperating(row));
    arrange();
    applyState(m_confirm, models::confirmState(row, *may));
    m_confirm->setVisible(!row.awaitsConfirmation.empty());
    applyState(m_rollback, detail ? models::rollbackState(row, *may) : unloaded);
    applyState(m_delete, detail ? models::removeState(row, *may) : unloaded);
}

} // namespace tiphys::ui
