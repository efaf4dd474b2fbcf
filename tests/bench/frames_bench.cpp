// SPDX-License-Identifier: GPL-3.0-or-later
// The Rollouts page with many lines while they change: how long the window's thread is busy for each frame, from the
// news to the end of the paint, drawn offscreen. Arguments: Rollouts (10,000), changes a second (1,000), seconds (10).
// One change in twenty moves its line to another place. Prints a line of a table.
#include "models/rollout_table.h"
#include "support/recorded_service.h"
#include "ui/main_window/main_window.h"
#include "ui/pages/rollouts_page.h"
#include "ui/settings.h"

#include <QApplication>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTimer>
#include <QTreeView>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <vector>

using namespace tiphys;

namespace {

/// The engine publishes no oftener.
constexpr std::chrono::milliseconds kPause{50};

/// Processor time of this thread in milliseconds: what else the machine does matters little to it.
double busyMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// What the thread did between two paints is one frame.
class TimedApplication final : public QApplication
{
public:
    using QApplication::QApplication;

    bool notify(QObject *receiver, QEvent *event) override
    {
        if (m_isInside)
            return QApplication::notify(receiver, event);
        m_isInside = true;
        const bool isPaint = event->type() == QEvent::UpdateRequest;
        const double start = busyMilliseconds();
        const bool isDone = QApplication::notify(receiver, event);
        m_frame += busyMilliseconds() - start;
        m_isInside = false;
        if (isPaint)
            frames.push_back(std::exchange(m_frame, 0));
        return isDone;
    }

    /// Forgets what was before, also what was done since the last paint.
    void begin()
    {
        frames.clear();
        m_frame = 0;
    }

    std::vector<double> frames;

private:
    double m_frame = 0;
    bool m_isInside = false;
};

/// Rollouts of which some change again and again, as the engine tells it.
class ChangingRollouts
{
public:
    ChangingRollouts(test::RecordedRollouts &rollouts, int count) : m_rollouts(rollouts)
    {
        for (int i = 0; i < count; ++i) {
            service::RolloutRow row = test::rolloutRow("prod-eu", "service-" + std::to_string(100'000 + i));
            if (i % 50 != 0)
                settle(row);
            m_rows.push_back(std::make_shared<const service::RolloutRow>(std::move(row)));
        }
        publish();
    }

    void change(int count)
    {
        for (int i = 0; i < count; ++i) {
            service::RolloutRowPtr &place = m_rows[m_random() % m_rows.size()];
            auto row = std::make_shared<service::RolloutRow>(*place);
            if (i % 20 != 0)
                row->weight = (row->weight + 20) % 100;
            else if (row->phase == service::RolloutPhase::Progressing)
                row->phase = service::RolloutPhase::Degraded;
            else
                settle(*row);
            place = row;
        }
        publish();
    }

private:
    static void settle(service::RolloutRow &row)
    {
        row.phase = service::RolloutPhase::Progressing;
        row.wait = service::RolloutWait::Nothing;
        row.waitSince = 0;
    }
    void publish()
    {
        auto snapshot = std::make_shared<service::RolloutsSnapshot>();
        snapshot->rows = m_rows;
        snapshot->version = ++m_version;
        snapshot->isComplete = true;
        m_rollouts.show(std::move(snapshot));
    }

    test::RecordedRollouts &m_rollouts;
    std::vector<service::RolloutRowPtr> m_rows;
    std::uint64_t m_version = 0;
    std::mt19937 m_random{1};
};

double at(const std::vector<double> &sorted, double share)
{
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

} // namespace

int main(int argc, char **argv)
{
    TimedApplication application(argc, argv);
    const int count = argc > 1 ? std::atoi(argv[1]) : 10'000;
    const int changes = argc > 2 ? std::atoi(argv[2]) : 1'000;
    const int seconds = argc > 3 ? std::atoi(argv[3]) : 10;
    const QTemporaryDir folder;
    test::RecordedService service;
    ui::Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    service::ClustersSnapshot clusters;
    clusters.clusters = {test::liveCluster("prod-eu", 0)};
    service.show(clusters);
    ChangingRollouts rollouts(service.rollouts(), count);
    ui::MainWindow window(ui::UiContext{service, settings, [] { return test::kNow; }, {}});
    window.resize(1920, 1200);
    window.open({ui::PageKind::Rollouts, {}, {}});
    window.show();
    auto *page = qobject_cast<ui::RolloutsPage *>(window.currentPage());
    // The middle of the list, where lines come and go above.
    page->view()->verticalScrollBar()->setValue(page->view()->verticalScrollBar()->maximum() / 2);
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &application,
                     [&] { rollouts.change(static_cast<int>(changes * kPause.count() / 1000)); });
    // The first paints make fonts and marks.
    QTimer::singleShot(std::chrono::seconds(1), &application, [&] {
        application.begin();
        timer.start(kPause);
    });
    QTimer::singleShot(std::chrono::seconds(1 + seconds), &application, &QApplication::quit);
    QApplication::exec();
    std::vector<double> &frames = application.frames;
    if (frames.empty()) {
        std::puts("nothing was painted");
        return 1;
    }
    std::ranges::sort(frames);
    std::printf("| %d Rollouts, %d changes a second | %zu frames | median %.1f ms | p99 %.1f ms | longest %.1f ms |\n",
                count, changes, frames.size(), at(frames, 0.5), at(frames, 0.99), frames.back());
    return 0;
}
