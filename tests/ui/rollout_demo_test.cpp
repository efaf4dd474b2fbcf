// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/git_reader.h"
#include "compose/git_repositories.h"
#include "compose/jq.h"
#include "compose/kube_connections.h"
#include "compose/parallel_for_each.h"
#include "control/desktop_service.h"
#include "demo/demo_cluster.h"
#include "models/rollout_lists.h"
#include "models/rollout_table.h"
#include "ports/system_clock.h"
#include "ui/dialogs/rollout_sheet.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/sidebar.h"
#include "ui/pages/rollout_page.h"
#include "ui/pages/rollouts_page.h"
#include "ui/settings.h"
#include "ui/widgets/labels.h"

#include <QAction>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QToolButton>
#include <QTreeView>

#include <memory>

using namespace tiphys;
using namespace Qt::StringLiterals;
using object::Object;
using object::Value;
using service::RolloutAct;
using service::RolloutPhase;

namespace {

constexpr int kPatience = 60'000;

/// A clock ten times as fast: the demo's pauses of ten seconds are over in one.
class FastClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return m_start + (m_clock.now() - m_start) * 10; }
    ports::BootTime sinceBoot() const override { return m_clock.sinceBoot(); }

private:
    ports::SystemClock m_clock;
    ports::WallTime m_start = m_clock.now();
};

/// The real window over the real engine and the demo cluster.
class Stage
{
public:
    explicit Stage(const std::string &context = "demo") : m_context(context)
    {
        auto started = demo::DemoCluster::start({.clock = &m_clock});
        if (!started)
            qFatal("%s", started.error().text().c_str());
        cluster = std::move(*started);
        const QString kubeconfig = cluster->kubeconfigPath();
        const auto makeParts = [kubeconfig, this] {
            control::EngineParts parts;
            parts.clock = std::make_shared<const ports::SystemClock>();
            parts.connections = compose::kubeConnections(kubeconfig.toStdString(), {}, {}, &m_pool, parts.clock);
            parts.repositories = compose::gitRepositories(
                folder.path().toStdString(), [](const auto &...) { return false; }, &m_pool, parts.clock);
            parts.openReader = compose::openReader;
            parts.forEach = compose::parallelForEach();
            parts.identity = "test";
            return parts;
        };
        service = std::make_unique<control::DesktopService>(makeParts);
        service->setLevel(context, service::Level::Normal);
        window =
            std::make_unique<ui::MainWindow>(ui::UiContext{*service, settings, [this] { return m_clock.now(); }, {}});
        window->show();
    }
    ~Stage()
    {
        window.reset();
        service.reset();
        m_pool.waitForDone();
    }

    /// Ticks the context once it is known; true when the Rollouts are there with the rights on them.
    bool connect()
    {
        const auto isKnown = [this] { return !service->clusters()->clusters.empty(); };
        if (!QTest::qWaitFor(isKnown, kPatience))
            return false;
        service->setTicked(m_context, true);
        service->setLevel(m_context, service::Level::Normal);
        return QTest::qWaitFor(
            [this] { return row("rollouts-demo") && row("rollouts-demo")->hasRights && row("catalog"); }, kPatience);
    }

    service::RolloutRowPtr row(const std::string &name) const
    {
        for (const service::RolloutRowPtr &each : tiphys::service::rolloutsOf(*service).rollouts()->rows) {
            if (each->id.name == name)
                return each;
        }
        return nullptr;
    }
    ui::RolloutPage *open(const std::string &ns, const std::string &name)
    {
        window->open(ui::rolloutLocation({m_context, ns, name}));
        auto *page = qobject_cast<ui::RolloutPage *>(window->currentPage());
        return page && QTest::qWaitFor([page] { return page->isSettled(); }, kPatience) ? page : nullptr;
    }
    /// Opens the sheet of the act by its button and clicks it once it may be clicked.
    static bool doIt(ui::RolloutPage *page, RolloutAct act)
    {
        if (QAbstractButton *button = page->button(act)) {
            if (!QTest::qWaitFor([button] { return button->isEnabled(); }, kPatience))
                return false;
            button->click();
        } else {
            if (!QTest::qWaitFor([page, act] { return page->action(act)->isEnabled(); }, kPatience))
                return false;
            page->action(act)->trigger();
        }
        ui::RolloutSheet *sheet = page->sheet();
        if (!sheet || !QTest::qWaitFor([sheet] { return sheet->actButton()->isEnabled(); }, kPatience))
            return false;
        sheet->actButton()->click();
        return true;
    }
    Object object(const char *group, const char *kind, const std::string &ns, const std::string &name)
    {
        Object found;
        cluster->run([&](demo::Store &store) { found = store.find({group, kind}, {ns, name}); });
        return found;
    }

private:
    FastClock m_clock;
    QThreadPool m_pool;
    std::string m_context;

public:
    QTemporaryDir folder;
    ui::Settings settings{folder.filePath(u"settings.ini"_s)};
    std::unique_ptr<demo::DemoCluster> cluster;
    std::unique_ptr<control::DesktopService> service;
    std::unique_ptr<ui::MainWindow> window;
};

bool isDoneLadder(const ui::RolloutPage *page)
{
    return std::ranges::all_of(page->ladder()->rows(), [](const models::LadderItem &item) {
        return item.state == models::LadderItem::State::Done;
    });
}

} // namespace

class RolloutDemoTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCanaryIsPromotedByClicksThenUndoneAndAborted()
    {
        Stage stage;
        QVERIFY(stage.connect());
        QTRY_COMPARE_WITH_TIMEOUT(stage.window->sidebar()->countOf(ui::PageKind::Rollouts), u"2"_s, kPatience);
        stage.window->open({ui::PageKind::Rollouts, {}, {}});
        auto *list = qobject_cast<ui::RolloutsPage *>(stage.window->currentPage());
        QVERIFY(list);
        QCOMPARE(list->waitingCount(), 2);
        for (int i = 0; i < list->table()->rowCount(); ++i) {
            if (list->table()->rowAt(i)->id.name == "rollouts-demo")
                list->view()->setCurrentIndex(list->table()->index(i, 0));
        }
        QTest::keyClick(list->view(), Qt::Key_Return);
        auto *page = qobject_cast<ui::RolloutPage *>(stage.window->currentPage());
        QVERIFY(page);
        QVERIFY(Stage::doIt(page, RolloutAct::Promote));
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("rollouts-demo")->phase == RolloutPhase::Healthy, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(isDoneLadder(page), kPatience);
        const std::string hash = stage.row("rollouts-demo")->podHash;
        QCOMPARE(stage.row("rollouts-demo")->stableHash, hash);
        const auto selected = [&stage] {
            return std::string(stage.object("", "Service", "rollouts", "rollouts-demo-stable")
                                   .path({"spec", "selector", "rollouts-pod-template-hash"})
                                   .stringOr());
        };
        QTRY_COMPARE_WITH_TIMEOUT(selected(), hash, kPatience);
        const Object ingress =
            stage.object("networking.k8s.io", "Ingress", "rollouts", "rollouts-demo-rollouts-demo-stable-canary");
        QCOMPARE(std::string(ingress.annotation("nginx.ingress.kubernetes.io/canary-weight").value_or("")),
                 std::string("0"));

        QVERIFY(Stage::doIt(page, RolloutAct::Undo));
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("rollouts-demo")->isUpdating
                                     && service::waitsForPerson(stage.row("rollouts-demo")->wait),
                                 kPatience);
        QCOMPARE(stage.row("rollouts-demo")->images.front(), std::string("argoproj/rollouts-demo:blue"));
        QVERIFY(Stage::doIt(page, RolloutAct::Abort));
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("rollouts-demo")->isAborted, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(page->button(RolloutAct::Retry)->isVisible(), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stage.row("rollouts-demo")->weight, 0, kPatience);
    }

    void anAnalysisFailsBeforeOnesEyesAndTheCanaryIsRolledBack()
    {
        Stage stage;
        QVERIFY(stage.connect());
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("reviews"), kPatience);
        ui::RolloutPage *page = stage.open("shop-staging", "reviews");
        QVERIFY(page);
        // The measurements are there as they come, good ones first.
        const auto metric = [&stage]() -> service::MetricRow {
            const auto detail = service::rolloutsOf(*stage.service).rollout(stage.row("reviews")->id);
            return detail && !detail->analyses.empty() && !detail->analyses.front().metrics.empty()
                       ? detail->analyses.front().metrics.front()
                       : service::MetricRow();
        };
        QTRY_VERIFY_WITH_TIMEOUT(metric().successful > 0, kPatience);
        QCOMPARE(metric().provider, std::string("web"));
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("reviews")->isAborted, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(metric().failed, 3, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(metric().phase, std::string("Failed"), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stage.row("reviews")->phase, RolloutPhase::Degraded, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stage.row("reviews")->weight, 0, kPatience);
        QVERIFY(stage.cluster->requestCount("GET", "/demo/success-rate/shop-staging/") >= 4);
        QTRY_VERIFY_WITH_TIMEOUT(page->button(RolloutAct::Retry)->isVisible(), kPatience);
    }

    void aBlueGreenRolloutIsSwitched()
    {
        Stage stage;
        QVERIFY(stage.connect());
        ui::RolloutPage *page = stage.open("shop-staging", "catalog");
        QVERIFY(page);
        QCOMPARE(page->button(RolloutAct::Promote)->text(), u"Switch"_s);
        const std::string wanted = stage.row("catalog")->podHash;
        QVERIFY(Stage::doIt(page, RolloutAct::Promote));
        QTRY_COMPARE_WITH_TIMEOUT(std::string(stage.object("", "Service", "shop-staging", "catalog")
                                                  .path({"spec", "selector", "rollouts-pod-template-hash"})
                                                  .stringOr()),
                                  wanted, kPatience);
    }

    void whoMayNotPromoteSeesWhy()
    {
        Stage stage("demo-readonly");
        QVERIFY(stage.connect());
        ui::RolloutPage *page = stage.open("rollouts", "rollouts-demo");
        QVERIFY(page);
        QAbstractButton *promote = page->button(RolloutAct::Promote);
        QTRY_VERIFY_WITH_TIMEOUT(
            promote->toolTip().startsWith(u"You may not patch rollouts/status in namespace rollouts"_s), kPatience);
        QVERIFY(!promote->isEnabled());
        QVERIFY(promote->isVisible());
        page->openSheet(RolloutAct::Promote);
        QTRY_VERIFY_WITH_TIMEOUT(!page->sheet()->banner()->text().isEmpty(), kPatience);
        QVERIFY(!page->sheet()->actButton()->isEnabled());
    }

    void anAnswerThatIsLostAfterThePromoteSkipsNothing()
    {
        Stage stage;
        QVERIFY(stage.connect());
        ui::RolloutPage *page = stage.open("rollouts", "rollouts-demo");
        QVERIFY(page);
        QTRY_VERIFY_WITH_TIMEOUT(page->button(RolloutAct::Promote)->isEnabled(), kPatience);
        page->openSheet(RolloutAct::Promote);
        QTRY_VERIFY_WITH_TIMEOUT(page->sheet()->actButton()->isEnabled(), kPatience);
        stage.cluster->inject({.kind = demo::Fault::Kind::DropAnswer, .method = "PATCH", .pathPart = "rollouts-demo"});
        page->sheet()->actButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("rollouts-demo")->stepIndex >= 2, kPatience);
        // Sent once: every further step was the engine's, after its pause.
        QCOMPARE(stage.cluster->requestCount("PATCH", "rollouts-demo"), 1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("rollouts-demo")->phase == RolloutPhase::Healthy, kPatience);
        QCOMPARE(stage.cluster->requestCount("PATCH", "rollouts-demo"), 1);
    }

    void aNewRevisionBetweenPaintAndClickIsNotPromoted()
    {
        Stage stage;
        QVERIFY(stage.connect());
        ui::RolloutPage *page = stage.open("rollouts", "rollouts-demo");
        QVERIFY(page);
        QTRY_VERIFY_WITH_TIMEOUT(page->button(RolloutAct::Promote)->isEnabled(), kPatience);
        page->openSheet(RolloutAct::Promote);
        ui::RolloutSheet *sheet = page->sheet();
        QTRY_VERIFY_WITH_TIMEOUT(sheet->actButton()->isEnabled(), kPatience);
        const std::string seen = sheet->seen().podHash;
        stage.cluster->run([](demo::Store &store) {
            const Value change = Value::list({Value::map({{"op", "replace"},
                                                          {"path", "/spec/template/spec/containers/0/image"},
                                                          {"value", "argoproj/rollouts-demo:purple"}})});
            const auto patched = store.patch(*store.catalog().byKind({"argoproj.io", "Rollout"}),
                                             {"rollouts", "rollouts-demo"}, demo::PatchKind::Json, change, "", {});
            QVERIFY(patched.has_value());
        });
        // The click comes before the window could paint the news.
        sheet->actButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!sheet->banner()->text().isEmpty(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("rollouts-demo")->podHash != seen, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(service::waitsForPerson(stage.row("rollouts-demo")->wait), kPatience);
        QCOMPARE(stage.row("rollouts-demo")->stepIndex, 1);
        QVERIFY(!sheet->actButton()->isEnabled());
        QCOMPARE(stage.cluster->requestCount("PATCH", "rollouts-demo"), 0);
    }

    void rightsThatCouldNotBeToldAreAskedForAgain()
    {
        Stage stage;
        stage.cluster->inject({.kind = demo::Fault::Kind::ServerError,
                               .method = "POST",
                               .pathPart = "selfsubjectaccessreviews",
                               .times = 4,
                               .milliseconds = 0});
        QVERIFY(stage.connect());
        QVERIFY(!stage.row("rollouts-demo")->rights.status.isAllowed);
        QTRY_VERIFY_WITH_TIMEOUT(stage.row("rollouts-demo")->rights.status.isAllowed, kPatience);
    }
};

QTEST_MAIN(RolloutDemoTest)
#include "rollout_demo_test.moc"
