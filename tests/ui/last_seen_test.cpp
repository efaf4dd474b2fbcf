// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/kept_texts.h"
#include "models/application_table.h"
#include "models/attention_list.h"
#include "support/desktop_stage.h"
#include "support/recorded_service.h"
#include "ui/main_window/app_notifier.h"
#include "ui/pages/application_page.h"
#include "ui/pages/applications_page.h"
#include "ui/widgets/labels.h"

#include <QDir>
#include <QFile>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTreeView>

#include <algorithm>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::HealthStatus;
using service::SyncStatus;
using test::kPatience;

namespace {

/// A person who starts the program again and again, with a demo cluster that may be gone by then.
class Stage final : public test::DesktopStage
{
public:
    Stage()
    {
        startCluster({});
        QFile::copy(cluster->kubeconfigPath(), kubeconfig());
    }

    /// Starts the program with what was ticked before.
    void start()
    {
        openWindow({.kubeconfig = kubeconfig(), .now = {}, .parts = [this](control::EngineParts &parts) {
                        parts.shelf = compose::keptTexts(kept().toStdString());
                    }});
    }
    /// Starts it, with the demo ticked: true when lines are shown.
    bool startTicked()
    {
        start();
        if (!knowsContexts())
            return false;
        window->open({ui::PageKind::Applications, {}, {}});
        // The demo may answer before anybody could look: news tell what the lines were before.
        beganOld = false;
        const auto came = [this] { return list()->table()->rowCount() > 0; };
        const auto look = [this, came] { beganOld = beganOld || (came() && isOld()); };
        QObject::connect(service.get(), &service::Service::applicationsChanged, window.get(), look);
        QObject::connect(service.get(), &service::Service::clustersChanged, window.get(), look);
        service->setTicked("demo", true);
        return QTest::qWaitFor(came, kPatience);
    }
    bool beganOld = false; ///< the first lines of the last start were remembered ones, and said so
    ui::ApplicationsPage *list() const { return page<ui::ApplicationsPage>(); }
    bool isOld() const
    {
        return list()->table()->index(0, 0).data(static_cast<int>(models::AppRole::IsStale)).toBool();
    }
    bool becomesLive() const
    {
        return QTest::qWaitFor([this] { return list()->table()->rowCount() > 0 && !isOld(); }, kPatience);
    }
    QString kept() const { return folder.filePath(u"last-seen"_s); }
    QStringList keptFiles() const { return QDir(kept()).entryList(QDir::Files); }
    QString kubeconfig() const { return folder.filePath(u"kubeconfig"_s); }
};

/// A window over recorded lines of a context that is being connected to.
struct RecordedStage
{
    explicit RecordedStage(int count)
    {
        for (int i = 0; i < count; ++i)
            rows.push_back(test::appRow("prod-eu", "shop-" + std::to_string(100 + i),
                                        i % 3 == 0 ? HealthStatus::Degraded : HealthStatus::Healthy,
                                        SyncStatus::Synced));
        show(service::Reachability::Connecting);
        window = std::make_unique<ui::MainWindow>(ui::UiContext{service, settings, [] { return test::kNow; }, {}});
        window->resize(1100, 500);
        window->show();
    }
    void show(service::Reachability reachability)
    {
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod-eu", static_cast<int>(rows.size()))};
        clusters.clusters[0].reachability = reachability;
        clusters.clusters[0].lastSeen = test::kNow - (reachability == service::Reachability::Live ? 0 : 240'000);
        service.show(clusters);
        service.show(rows, reachability == service::Reachability::Live);
    }

    QTemporaryDir folder;
    test::RecordedService service;
    ui::Settings settings{folder.filePath(u"settings.ini"_s)};
    std::vector<service::AppRow> rows;
    std::unique_ptr<ui::MainWindow> window;
};

} // namespace

class LastSeenTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSecondStartShowsTheLinesOfTheFirstThenLiveOnes()
    {
        Stage stage;
        QVERIFY(stage.startTicked());
        QVERIFY(stage.becomesLive());
        const int count = stage.list()->table()->rowCount();
        stage.closeWindow();
        QCOMPARE(stage.keptFiles().size(), 1);

        QVERIFY(stage.startTicked());
        QVERIFY(stage.beganOld);
        QCOMPARE(stage.list()->table()->rowCount(), count);
        QVERIFY(stage.becomesLive());
        QCOMPARE(stage.list()->table()->rowCount(), count);
        QTRY_VERIFY(!stage.list()->banner()->isVisible());
    }

    void theLinesStayWhenTheClusterIsGoneAndNothingCanBeDoneToThem()
    {
        Stage stage;
        QVERIFY(stage.startTicked());
        QVERIFY(stage.becomesLive());
        stage.close();

        QVERIFY(stage.startTicked());
        QVERIFY(stage.isOld());
        const service::AppId app = stage.list()->table()->rowAt(0)->id;
        std::optional<Expected<service::Done>> answer;
        service::whenDone(stage.service->refresh(app, false), stage.window.get(),
                          [&](const Expected<service::Done> &done) { answer = done; });
        QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), kPatience);
        QVERIFY(!*answer);
        stage.window->open(ui::applicationLocation(app));
        QVERIFY(!stage.page<ui::ApplicationPage>()->syncButton()->isEnabled());
        const auto isUnreachable = [&] {
            return stage.service->clusters()->clusters.front().reachability == service::Reachability::Unreachable;
        };
        QVERIFY(QTest::qWaitFor(isUnreachable, kPatience));
        stage.window->open({ui::PageKind::Applications, {}, {}});
        QVERIFY(stage.isOld());
        QVERIFY(stage.list()->table()->rowCount() > 0);
    }

    void theWindowMayCloseAtAnyMomentOfAStart()
    {
        Stage stage;
        for (int milliseconds = 0; milliseconds < 150; milliseconds += 5) {
            stage.start();
            QVERIFY(stage.knowsContexts());
            stage.window->open({ui::PageKind::Applications, {}, {}});
            stage.service->setTicked("demo", true);
            QTest::qWait(milliseconds);
            stage.closeWindow();
        }
    }

    void aContextMayBeUntickedWhateverIsUnderWay()
    {
        Stage stage;
        QVERIFY(stage.startTicked());
        QVERIFY(stage.becomesLive());
        const service::AppId app = stage.list()->table()->rowAt(0)->id;
        service::SourceEditRequest edit;
        edit.app = app;
        for (int milliseconds = 0; milliseconds < 150; milliseconds += 5) {
            stage.service->setTicked("demo", true);
            QVERIFY(stage.becomesLive());
            stage.service->openApplication(app);
            stage.service->setLocalEngine("demo", true);
            QTest::qWait(milliseconds);
            stage.service->plan({.app = app});
            stage.service->permissions(app);
            stage.service->refresh(app, true);
            static_cast<service::SourceParameters &>(*stage.service).previewSource(edit);
            QTest::qWait(milliseconds / 3);
            if (milliseconds % 2 == 0)
                stage.service->setLocalEngine("demo", false);
            stage.service->closeApplication(app);
            stage.service->setTicked("demo", false);
            QTRY_COMPARE_WITH_TIMEOUT(stage.list()->table()->rowCount(), 0, kPatience);
        }
    }

    void nothingIsKeptOfAContextThatIsUnticked()
    {
        Stage stage;
        QVERIFY(stage.startTicked());
        QVERIFY(stage.becomesLive());
        stage.closeWindow();
        QCOMPARE(stage.keptFiles().size(), 1);

        QVERIFY(stage.startTicked());
        stage.service->setTicked("demo", false);
        QTRY_COMPARE_WITH_TIMEOUT(stage.list()->table()->rowCount(), 0, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stage.keptFiles().size(), 0, kPatience);
        stage.closeWindow();
        QCOMPARE(stage.keptFiles().size(), 0);
    }

    void nothingIsShownOfAContextThatIsNotTicked()
    {
        Stage stage;
        QVERIFY(stage.startTicked());
        QVERIFY(stage.becomesLive());
        stage.closeWindow();

        stage.start();
        QVERIFY(stage.knowsContexts());
        stage.window->open({ui::PageKind::Applications, {}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(stage.service->applications()->version > 0, kPatience);
        QCOMPARE(stage.list()->table()->rowCount(), 0);
    }

    void aDamagedFileOrOneOfAnotherServerIsAsNone()
    {
        Stage stage;
        QVERIFY(stage.startTicked());
        QVERIFY(stage.becomesLive());
        stage.closeWindow();
        const QString file = QDir(stage.kept()).filePath(stage.keptFiles().front());
        QFile read(file);
        QVERIFY(read.open(QIODevice::ReadOnly));
        const QByteArray good = read.readAll();
        read.close();
        QVERIFY(good.contains("\"server\":\"http://127.0.0.1:"));
        QByteArray other = good;
        other.replace("\"server\":\"http://127.0.0.1:", "\"server\":\"http://127.0.0.2:");
        for (const QByteArray &text : {QByteArray("{\"version\":1,"), QByteArray(), other}) {
            QFile damaged(file);
            QVERIFY(damaged.open(QIODevice::WriteOnly | QIODevice::Truncate));
            damaged.write(text);
            damaged.close();
            QVERIFY(stage.startTicked());
            QVERIFY2(!stage.isOld(), text.left(20).constData());
            stage.closeWindow();
        }
    }

    void selectionAndScrollStayWhenLiveLinesCome()
    {
        RecordedStage stage(60);
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = qobject_cast<ui::ApplicationsPage *>(stage.window->currentPage());
        QVERIFY(page->banner()->isVisible());
        QTreeView *view = page->view();
        view->setCurrentIndex(page->table()->index(40, 0));
        view->scrollTo(page->table()->index(40, 0));
        const service::AppId selected = page->table()->rowAt(40)->id;
        const int scroll = view->verticalScrollBar()->value();
        QVERIFY(scroll > 0);

        stage.rows[5].health = HealthStatus::Progressing;
        stage.rows[5].labels = {{"team", "shop"}};
        stage.show(service::Reachability::Live);
        QVERIFY(!page->banner()->isVisible());
        QCOMPARE(page->table()->rowAt(view->currentIndex().row())->id, selected);
        QCOMPARE(view->verticalScrollBar()->value(), scroll);
    }

    void whatNeedsAPersonIsGreyedToo()
    {
        RecordedStage stage(3);
        models::AttentionList list;
        list.apply(stage.service.applications(), stage.service.clusters());
        QCOMPARE(list.rowCount(), 1);
        const auto isOld = [&] { return list.index(0, 0).data(static_cast<int>(models::AppRole::IsStale)).toBool(); };
        QVERIFY(isOld());
        stage.show(service::Reachability::Live);
        list.apply(stage.service.applications(), stage.service.clusters());
        QVERIFY(!isOld());
    }

    void whatHappenedWhileTheProgramWasOffIsNoNews()
    {
        RecordedStage stage(3);
        ui::DesktopNotices notices(stage.settings, nullptr);
        const ui::AppNotifier notifier(stage.service, notices, nullptr);
        const QSignalSpy told(&notices, &ui::DesktopNotices::told);
        stage.rows[1].health = HealthStatus::Degraded;
        stage.show(service::Reachability::Live);
        QCOMPARE(told.count(), 0);
        stage.rows[2].health = HealthStatus::Degraded;
        stage.show(service::Reachability::Live);
        QCOMPARE(told.count(), 1);
    }

    void aStartWithTickedContextsOpensWhatNeedsAttention()
    {
        RecordedStage stage(1);
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod-eu", 0)};
        clusters.clusters[0].reachability = service::Reachability::NotContacted;
        stage.service.show(clusters);
        QCOMPARE(stage.window->startLocation().page, ui::PageKind::Start);
        stage.settings.setTicked(u"prod-eu"_s, true);
        QCOMPARE(stage.window->startLocation().page, ui::PageKind::Attention);
    }
};

QTEST_MAIN(LastSeenTest)
#include "last_seen_test.moc"
