// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shots.h"

#include "models/text.h"
#include "service/rollouts.h"
#include "ui/main_window/main_window.h"
#include "ui/pages/page.h"

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QPixmap>
#include <QWidget>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QString fileName(const QString &name, Scheme scheme, const QSize &size)
{
    return u"%1-%2-%3x%4.png"_s.arg(name, scheme == Scheme::Dark ? u"dark"_s : u"light"_s)
        .arg(size.width())
        .arg(size.height());
}

/// The application that has most to show: the most urgent one with differences, else the first.
std::optional<service::AppId> showpiece(const service::ApplicationsSnapshot &applications)
{
    const service::AppRow *best = nullptr;
    for (const service::AppRowPtr &row : applications.rows) {
        if (!best || (row->sync == service::SyncStatus::OutOfSync && best->sync != service::SyncStatus::OutOfSync))
            best = row.get();
    }
    return best ? std::optional(best->id) : std::nullopt;
}

} // namespace

ShotTaker::ShotTaker(MainWindow &window, service::Service &service, const DesktopOptions &options, QObject *parent)
    : QObject(parent), m_window(window), m_service(service), m_options(options)
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, &ShotTaker::fail);
    // Queued: the page has laid itself out by then.
    connect(&m_window, &MainWindow::settled, this, &ShotTaker::take, Qt::QueuedConnection);
    const auto planWhenComplete = [this] {
        if (!m_isPlanned && isComplete())
            plan();
    };
    connect(&m_service, &service::Service::applicationsChanged, this, planWhenComplete);
    connect(&service::rolloutsOf(m_service), &service::Rollouts::rolloutsChanged, this, planWhenComplete);
}

void ShotTaker::start()
{
    m_patience.start(kPatience);
    if (!m_options.shots.isEmpty() || isComplete())
        QMetaObject::invokeMethod(this, &ShotTaker::plan, Qt::QueuedConnection);
}

bool ShotTaker::isComplete() const
{
    return m_service.applications()->isComplete && service::rolloutsOf(m_service).rollouts()->isComplete;
}

void ShotTaker::plan()
{
    if (std::exchange(m_isPlanned, true))
        return;
    std::vector<std::pair<QString, Location>> pages;
    for (const QString &shot : m_options.shots) {
        const qsizetype mark = shot.indexOf(u'=');
        if (const std::optional<Location> location = locationOf(shot.mid(mark + 1)))
            pages.emplace_back(shot.left(mark), *location);
        else
            ++m_failures;
    }
    if (m_options.shots.isEmpty()) {
        pages = {{u"start"_s, {PageKind::Start, {}, {}}},
                 {u"attention"_s, {PageKind::Attention, {}, {}}},
                 {u"applications"_s, {PageKind::Applications, {}, {}}},
                 {u"clusters"_s, {PageKind::Clusters, {}, {}}},
                 {u"settings"_s, {PageKind::Settings, {}, {}}},
                 {u"compare"_s, {PageKind::Compare, {}, {}}}};
        const service::RolloutsPtr rollouts = service::rolloutsOf(m_service).rollouts();
        pages.push_back({u"rollouts"_s, {PageKind::Rollouts, {}, {}}});
        if (!rollouts->rows.empty()) {
            pages.emplace_back(u"rollout"_s, rolloutLocation(rollouts->rows.front()->id));
            for (const QString &tab : {u"revisions"_s, u"simulate"_s}) {
                Location part = rolloutLocation(rollouts->rows.front()->id);
                part.options.insert(u"tab"_s, tab);
                pages.emplace_back(u"rollout-"_s + tab, part);
            }
            pages.emplace_back(u"rollout-promote"_s, rolloutLocation(rollouts->rows.front()->id, u"promote"_s));
        }
        if (const std::optional<service::AppId> app = showpiece(*m_service.applications())) {
            for (const QString &tab :
                 {u"tree"_s, u"diff"_s, u"operation"_s, u"history"_s, u"events"_s, u"parameters"_s})
                pages.emplace_back(u"application-"_s + tab, applicationLocation(*app, tab));
            Location sync = applicationLocation(*app);
            sync.options.insert(u"act"_s, u"sync"_s);
            pages.emplace_back(u"sync"_s, sync);
        }
    }
    const QList<Scheme> schemes =
        m_options.scheme ? QList<Scheme>{*m_options.scheme} : QList<Scheme>{Scheme::Light, Scheme::Dark};
    for (const Scheme scheme : schemes) {
        for (const QSize &size : m_options.shotSizes) {
            for (const auto &[name, location] : pages)
                m_shots.push_back({name, location, size, scheme});
        }
    }
    QDir().mkpath(m_options.shotsFolder);
    next();
}

void ShotTaker::next()
{
    if (m_current == m_shots.size()) {
        m_patience.stop();
        Q_EMIT finished(m_failures == 0 ? 0 : 1);
        return;
    }
    const Shot &shot = m_shots[m_current];
    applyScheme(*static_cast<QApplication *>(QApplication::instance()), shot.scheme);
    m_window.resize(shot.size);
    m_window.show();
    m_isWaiting = true;
    m_patience.start(kPatience);
    m_window.open(shot.location);
}

void ShotTaker::take()
{
    // Settling is told more than once: the last page's news may come after the next one was opened.
    if (m_isWaiting && m_window.currentPage()->isSettled())
        capture();
}

void ShotTaker::capture()
{
    m_isWaiting = false;
    const Shot &shot = m_shots[m_current];
    const QString file = m_options.shotsFolder + u'/' + fileName(shot.name, shot.scheme, shot.size);
    QPixmap picture = m_window.grab();
    if (QWidget *dialog = QApplication::activeModalWidget()) {
        QPainter painter(&picture);
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 90));
        const QPoint corner((m_window.width() - dialog->width()) / 2,
                            std::max(0, (m_window.height() - dialog->height()) / 2));
        painter.drawPixmap(corner, dialog->grab());
        painter.end();
        dialog->close();
    }
    if (!picture.save(file)) {
        std::fprintf(stderr, "tiphys: cannot write %s\n", qPrintable(file));
        ++m_failures;
    }
    ++m_current;
    QMetaObject::invokeMethod(this, &ShotTaker::next, Qt::QueuedConnection);
}

void ShotTaker::fail()
{
    ++m_failures;
    if (!m_isPlanned) {
        std::fprintf(stderr, "tiphys: the clusters did not answer within %d s\n", kPatience / 1000);
        Q_EMIT finished(1);
        return;
    }
    std::fprintf(stderr, "tiphys: page '%s' did not get its data within %d s\n", qPrintable(m_shots[m_current].name),
                 kPatience / 1000);
    capture();
}

} // namespace tiphys::ui
