// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/app_notifier.h"

#include "models/status_text.h"
#include "models/text.h"
#include "service/service.h"

#include <chrono>

namespace tiphys::ui {

using service::HealthStatus;
using service::OperationPhase;

namespace {

constexpr std::chrono::seconds kPause{30};
constexpr qsizetype kMostCharacters = 200;

bool isFailed(OperationPhase phase)
{
    return phase == OperationPhase::Failed || phase == OperationPhase::Error;
}

/// Health that says something: what is Unknown for a while (no answer, not compared yet) is no change.
bool isKnown(HealthStatus health)
{
    return health != HealthStatus::Unknown && health != HealthStatus::None;
}

} // namespace

AppNotifier::AppNotifier(service::Service &service, DesktopNotices &notices, QObject *parent)
    : QObject(parent), m_service(service), m_notices(notices)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &AppNotifier::endPause);
    connect(&m_service, &service::Service::applicationsChanged, this, &AppNotifier::update);
    newsOf(*m_service.applications());
}

std::vector<AppNews> AppNotifier::newsOf(const service::ApplicationsSnapshot &applications)
{
    std::vector<AppNews> news;
    std::map<service::AppId, Seen> seen;
    // Lines of last time are no state to change from.
    const std::set<std::string> old = models::contextsOutOfReach(*m_service.clusters());
    for (const service::AppRowPtr &row : applications.rows) {
        if (old.contains(row->id.context)) {
            if (const auto known = m_seen.find(row->id); known != m_seen.end())
                seen.insert(*known);
            continue;
        }
        Seen now{row->health, row->operation};
        if (const auto known = m_seen.find(row->id); known != m_seen.end()) {
            if (row->health == HealthStatus::Degraded && isKnown(known->second.health)
                && known->second.health != HealthStatus::Degraded)
                news.push_back({AppNews::Kind::Degraded, row->id, row->cause});
            if (isFailed(row->operation) && !isFailed(known->second.operation))
                news.push_back({AppNews::Kind::SyncFailed, row->id, row->operationMessage});
            if (!isKnown(now.health))
                now.health = known->second.health;
        }
        seen.emplace(row->id, now);
    }
    m_seen = std::move(seen);
    return news;
}

void AppNotifier::update()
{
    for (AppNews &one : newsOf(*m_service.applications()))
        m_waiting.push_back(std::move(one));
    if (!m_pause.isActive())
        tell();
}

void AppNotifier::endPause()
{
    m_pause.stop();
    tell();
}

void AppNotifier::tell()
{
    if (m_waiting.empty())
        return;
    const std::vector<AppNews> news = std::exchange(m_waiting, {});
    if (news.size() > 1) {
        m_notices.tell(
            tr("Applications need attention"),
            tr("%n application(s) became Degraded or failed to sync.", nullptr, static_cast<int>(news.size())),
            [this] { Q_EMIT severalOpened(); });
    } else {
        const AppNews &one = news.front();
        const QString name = models::text(one.app.name);
        const QString title =
            one.kind == AppNews::Kind::Degraded ? tr("%1 is Degraded").arg(name) : tr("Sync of %1 failed").arg(name);
        QString text = one.cause.empty()
                           ? models::text(one.app.context)
                           : tr("%1: %2", "context, cause").arg(models::text(one.app.context), models::text(one.cause));
        if (text.size() > kMostCharacters)
            text = text.left(kMostCharacters - 1) + QChar(0x2026);
        m_notices.tell(title, text, [this, app = one.app] { Q_EMIT opened(app); });
    }
    m_pause.start();
}

} // namespace tiphys::ui
