// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/application_header.h"

#include "models/diff_list.h"
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

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QToolButton *flatButton(const QString &iconName, const QString &text, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

void applyState(QWidget *widget, const models::ActionState &state)
{
    widget->setEnabled(state.isEnabled);
    widget->setToolTip(state.reason);
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
      m_differences(new ElidedLabel(Qt::ElideRight, this)), m_sync(new QPushButton(icon(u"sync"_s), tr("Sync…", "verb"), this)),
      m_refresh(flatButton(u"refresh"_s, tr("Refresh"), this)), m_terminate(flatButton(u"stop"_s, tr("Terminate"), this)),
      m_more(flatButton(u"more"_s, {}, this)), m_banner(new Banner(this)), m_tabs(new QTabBar(this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(6 * u, 4 * u, 6 * u, 0);
    column->setSpacing(2 * u);
    buildMenus();
    column->addLayout(buildFirstLine());
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
}

void ApplicationHeader::buildMenus()
{
    auto *refreshMenu = new QMenu(m_refresh);
    refreshMenu->setToolTipsVisible(true);
    m_hardRefresh = refreshMenu->addAction(tr("Hard refresh: render again without caches"), this, [this] { Q_EMIT refreshRequested(true); });
    m_refresh->setMenu(refreshMenu);
    m_refresh->setPopupMode(QToolButton::MenuButtonPopup);
    auto *more = new QMenu(m_more);
    more->setToolTipsVisible(true);
    m_rollback = more->addAction(icon(u"history"_s), tr("Roll back…"), this, &ApplicationHeader::rollbackRequested);
    m_delete = more->addAction(icon(u"close"_s), tr("Delete…"), this, &ApplicationHeader::deleteRequested);
    more->addSeparator();
    more->addAction(icon(u"copy"_s), tr("Copy as kubectl command"), this, [this] {
        QApplication::clipboard()->setText(models::text("kubectl --context '" + m_app.context + "' -n '" + m_app.ns + "' get applications.argoproj.io '" + m_app.name + "' -o yaml"));
    });
    more->addAction(icon(u"copy"_s), tr("Copy address"), this, &ApplicationHeader::addressRequested);
    m_more->setMenu(more);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_more->setToolTip(tr("More"));
    m_more->setAccessibleName(tr("More acts"));
}

QLayout *ApplicationHeader::buildFirstLine()
{
    auto *line = new QHBoxLayout;
    line->setSpacing(4 * unit(this));
    m_name->setFont(semiBold(scaled(font(), kTitleFactor)));
    line->addWidget(m_name);
    for (StatusLabel *status : {m_health, m_syncStatus, m_operation, m_reconciler})
        line->addWidget(status);
    line->addStretch(1);
    makePrimary(m_sync);
    line->addWidget(m_sync);
    for (QToolButton *button : {m_refresh, m_terminate, m_more})
        line->addWidget(button);
    return line;
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
    m_banner->clear();
}

void ApplicationHeader::show(const service::AppDetail &detail, service::WallTime now)
{
    const service::AppRow &row = detail.row;
    m_name->setText(models::text(row.id.name));
    m_name->setExplanation(models::text(row.id.address()));
    m_health->setStatus(markOf(row.health), models::statusWord(row.health), models::explanation(row.health));
    m_syncStatus->setStatus(markOf(row.sync), models::statusWord(row.sync), models::explanation(row.sync));
    const bool isOperating = models::isOperating(row);
    m_operation->setStatus(isOperating ? markOf(service::OperationPhase::Running) : MarkStyle{}, isOperating ? tr("Syncing") : QString(),
                           models::text(row.operationMessage));
    QString reconciler = models::explanation(row.reconciler);
    if (row.isComputedHere)
        reconciler += u'\n' + tr("The status words are this program's, because nobody else writes them.");
    m_reconciler->setStatus({Mark::Information, StatusColor::Unknown}, models::reconcilerText(row.reconciler), reconciler);
    const std::string branch = row.sources.empty() ? std::string() : row.sources.front().targetRevision;
    m_target->setText(tr("Target %1 → %2").arg(models::text(branch), models::commitText(detail.target)));
    m_target->setExplanation(models::commitTooltip(detail.target));
    m_lastSynced->setText(detail.lastSynced.revision.empty() ? tr("never synced")
                                                             : tr("Last synced %1, %2").arg(models::commitText(detail.lastSynced), models::agoText(row.lastSync, now)));
    m_lastSynced->setExplanation(models::commitTooltip(detail.lastSynced));
    m_differences->setText(detail.isDiffReady ? models::differencesText(detail.diffs) : QString());
    showBanner(detail, now);
}

void ApplicationHeader::showBanner(const service::AppDetail &detail, service::WallTime now)
{
    const service::AppRow &row = detail.row;
    const QString age = models::agoText(detail.observedAt, now);
    if (detail.isStale)
        m_banner->show({Mark::Offline, StatusColor::Degraded}, tr("%1 does not answer. This page is as last seen %2.").arg(models::text(detail.silentContext.empty() ? m_app.context : detail.silentContext), age));
    else if (!row.conditions.empty())
        m_banner->show({Mark::Failed, StatusColor::Degraded}, models::sentence(row.conditions.front()));
    else if (row.isDisputed)
        m_banner->show({Mark::Warning, StatusColor::OutOfSync}, tr("The stored status says %1, but the comparison made here disagrees. The differences below are from here.").arg(models::statusWord(row.sync)));
    else if (!row.cause.empty() && !detail.unseen.empty())
        m_banner->show({Mark::Offline, StatusColor::Unknown}, tr("%1 That is what was stored %2; what is there now is not seen: %3").arg(models::sentence(row.cause), row.reconciledAt > 0 ? models::agoText(row.reconciledAt, now) : tr("some time ago"), models::text(detail.unseen)));
    else if (!row.cause.empty())
        m_banner->show(markOf(row.urgency), models::sentence(row.cause));
    else
        m_banner->clear();
}

void ApplicationHeader::showActs(const service::AppDetail *detail, const std::optional<service::Permissions> &may)
{
    if (!may) {
        const models::ActionState asking{false, tr("Asking the cluster what you may do…")};
        for (QWidget *button : {static_cast<QWidget *>(m_sync), static_cast<QWidget *>(m_refresh), static_cast<QWidget *>(m_terminate)})
            applyState(button, asking);
        for (QAction *action : {m_hardRefresh, m_rollback, m_delete})
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
    applyState(m_rollback, detail ? models::rollbackState(row, *may) : unloaded);
    applyState(m_delete, detail ? models::removeState(row, *may) : unloaded);
}

} // namespace tiphys::ui
