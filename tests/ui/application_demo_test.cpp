// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/git_reader.h"
#include "compose/git_repositories.h"
#include "compose/jq.h"
#include "compose/kube_connections.h"
#include "compose/parallel_for_each.h"
#include "control/desktop_service.h"
#include "demo/demo_cluster.h"
#include "models/application_table.h"
#include "models/parameter_table.h"
#include "ports/system_clock.h"
#include "ui/dialogs/parameters_dialog.h"
#include "ui/dialogs/sync_dialog.h"
#include "ui/main_window/main_window.h"
#include "ui/pages/application_page.h"
#include "ui/pages/applications_page.h"
#include "ui/pages/destination_choices.h"
#include "ui/pages/settings_page.h"
#include "ui/settings.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/filter_bar.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/parameter_editors.h"
#include "ui/widgets/parameter_form.h"
#include "ui/widgets/parameters_pane.h"

#include <QAbstractItemModel>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QTreeView>

#include <algorithm>
#include <memory>

using namespace tiphys;
using namespace Qt::StringLiterals;
using object::Object;
using service::HealthStatus;
using service::SyncStatus;

namespace {

constexpr int kPatience = 60'000;

/// The real window over the real engine, Git and the demo cluster, which it reaches by HTTP.
class Stage
{
public:
    explicit Stage(const std::string &context = "demo") : m_context(context)
    {
        auto started = demo::DemoCluster::start({.speed = 10});
        if (!started)
            qFatal("%s", started.error().text().c_str());
        cluster = std::move(*started);
        // A copy stays when the cluster goes.
        const QString kubeconfig = folder.filePath(u"kubeconfig"_s);
        QFile::copy(cluster->kubeconfigPath(), kubeconfig);
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

    /// Ticks the context once it is known; true when its applications are there.
    bool connect()
    {
        if (!QTest::qWaitFor([this] { return !service->clusters()->clusters.empty(); }, kPatience))
            return false;
        service->setTicked(m_context, true);
        service->setLevel(m_context, service::Level::Normal);
        return QTest::qWaitFor([this] { return row("cart").has_value(); }, kPatience);
    }
    /// Lets this program do the work: no Argo CD runs in the demo cluster.
    bool startLocalEngine()
    {
        const auto reconciler = [this] {
            for (const service::ClusterState &each : service->clusters()->clusters) {
                if (each.context == m_context)
                    return each.reconciler;
            }
            return service::Reconciler::ControllerUnknown;
        };
        if (!QTest::qWaitFor([&] { return reconciler() == service::Reconciler::Nobody; }, kPatience))
            return false;
        service->setLocalEngine(m_context, true);
        return QTest::qWaitFor([&] { return reconciler() == service::Reconciler::Local; }, kPatience);
    }

    std::optional<service::AppRow> row(const std::string &name) const
    {
        for (const service::AppRowPtr &each : service->applications()->rows) {
            if (each->id.name == name)
                return *each;
        }
        return std::nullopt;
    }
    bool isAt(const std::string &name, SyncStatus sync, HealthStatus health) const
    {
        const std::optional<service::AppRow> found = row(name);
        return found && found->sync == sync && found->health == health;
    }
    template <typename PageType>
    PageType *page() const
    {
        return qobject_cast<PageType *>(window->currentPage());
    }
    /// Finds an application as a person does: by its name in the filter, and Return.
    ui::ApplicationPage *find(const QString &name)
    {
        window->open({ui::PageKind::Applications, {}, {}});
        auto *list = page<ui::ApplicationsPage>();
        QTest::keyClicks(list->filterBar()->textField(), name);
        if (list->table()->rowCount() != 1)
            return nullptr;
        list->view()->setCurrentIndex(list->table()->index(0, 1));
        QTest::keyClick(list->view(), Qt::Key_Return);
        return page<ui::ApplicationPage>();
    }
    /// The dialog of the page's Sync button, with its plan.
    static ui::SyncDialog *plannedSync(ui::ApplicationPage *page)
    {
        if (!QTest::qWaitFor([page] { return page->syncButton()->isEnabled(); }, kPatience))
            return nullptr;
        page->syncButton()->click();
        auto *dialog = page->findChild<ui::SyncDialog *>();
        const auto isReady = [dialog] { return dialog && dialog->hasPlan() && dialog->syncButton()->isEnabled(); };
        return QTest::qWaitFor(isReady, kPatience) ? dialog : nullptr;
    }
    std::int64_t replicas(const std::string &ns, const std::string &name)
    {
        Object found;
        cluster->run([&](demo::Store &store) { found = store.find({"apps", "Deployment"}, {ns, name}); });
        return found.path({"spec", "replicas"}).intOr(-1);
    }
    /// The source of an application as it is stored.
    object::Value source(const std::string &name)
    {
        Object found;
        cluster->run([&](demo::Store &store) { found = store.find({"argoproj.io", "Application"}, {"argocd", name}); });
        return found.path({"spec", "source"});
    }
    /// Somebody else changes it.
    void changeSource(const std::string &name, const object::Value &source) { changeSpec(name, "source", source); }
    void changeSpec(const std::string &name, const std::string &field, const object::Value &value)
    {
        cluster->run([&](demo::Store &store) {
            const demo::Resource *resource = store.catalog().byKind({"argoproj.io", "Application"});
            const object::Value change = object::Value::map({{"spec", object::Value::map({{field, value}})}});
            (void)store.patch(*resource, {"argocd", name}, demo::PatchKind::Merge, change, "",
                              {.fieldManager = "kubectl-edit"});
        });
    }
    /// The parameters of an application, read.
    ui::ParametersPane *parameters(const QString &name)
    {
        if (!window->openAddress(u"tiphys://"_s + QString::fromStdString(m_context) + u"/argocd/"_s + name
                                 + u"?tab=parameters"_s))
            return nullptr;
        ui::ParametersPane *pane = page<ui::ApplicationPage>()->parameters();
        return QTest::qWaitFor([pane] { return pane->isSettled(); }, kPatience) ? pane : nullptr;
    }
    /// Types \p text into the cell at \p column of the row that begins with \p name.
    static bool type(ui::ParameterTableView *table, const QString &name, int column, const QString &text)
    {
        const QAbstractItemModel *model = table->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, 0).data(Qt::EditRole).toString() != name)
                continue;
            table->setCurrentIndex(model->index(row, column));
            table->edit(model->index(row, column));
            auto *line = table->findChild<QLineEdit *>();
            if (!line)
                return false;
            line->selectAll();
            QTest::keyClicks(line, text);
            QTest::keyClick(line, Qt::Key_Return);
            return QTest::qWaitFor([&] { return model->index(row, column).data().toString() == text; });
        }
        return false;
    }
    /// The preview of what was changed, once it can be saved.
    static ui::ParametersDialog *reviewed(ui::ParametersPane *pane)
    {
        pane->saveButton()->click();
        ui::ParametersDialog *dialog = pane->dialog();
        return dialog && QTest::qWaitFor([dialog] { return dialog->saveButton()->isEnabled(); }, kPatience) ? dialog
                                                                                                            : nullptr;
    }
    /// Brings the branch of a sample repository back to the commit before.
    bool moveBranchBack(const QString &repository)
    {
        const QString path = cluster->repositoriesPath() + u'/' + repository + u".git"_s;
        return QProcess::execute(u"git"_s,
                                 {u"-C"_s, path, u"update-ref"_s, u"refs/heads/main"_s, u"refs/heads/main~1"_s})
               == 0;
    }

private:
    ports::SystemClock m_clock;
    QThreadPool m_pool;
    std::string m_context;

public:
    QTemporaryDir folder;
    ui::Settings settings{folder.filePath(u"settings.ini"_s)};
    std::unique_ptr<demo::DemoCluster> cluster;
    std::unique_ptr<control::DesktopService> service;
    std::unique_ptr<ui::MainWindow> window;
};

} // namespace

class ApplicationDemoTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anApplicationIsFoundItsDifferenceSeenAndSynced()
    {
        Stage stage;
        QVERIFY(stage.connect());
        QVERIFY(stage.startLocalEngine());
        QTRY_VERIFY_WITH_TIMEOUT(stage.isAt("cart", SyncStatus::OutOfSync, HealthStatus::Healthy), kPatience);
        const std::int64_t drifted = stage.replicas("shop-prod", "cart");
        ui::ApplicationPage *page = stage.find(u"cart"_s);
        QVERIFY(page);
        QVERIFY(stage.window->openAddress(u"tiphys://demo/argocd/cart?tab=diff"_s));
        page = stage.page<ui::ApplicationPage>();
        QTRY_VERIFY_WITH_TIMEOUT(page->diffPane()->list()->model()->rowCount() > 0, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(page->diffPane()->text()->view()->changeCount() > 0, kPatience);
        ui::SyncDialog *dialog = Stage::plannedSync(page);
        QVERIFY(dialog);
        QVERIFY(dialog->planLines().contains(u"  Deployment cart in shop-prod"_s));
        dialog->syncButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(stage.isAt("cart", SyncStatus::Synced, HealthStatus::Healthy), kPatience);
        QVERIFY(stage.replicas("shop-prod", "cart") != drifted);
        const auto hasDifferences = [&] {
            return !stage.service->application({"demo", "argocd", "cart"})->diffs.empty();
        };
        QTRY_VERIFY_WITH_TIMEOUT(!hasDifferences(), kPatience);
    }

    void aBranchThatMovesAfterThePlanIsPlannedAgain()
    {
        Stage stage;
        QVERIFY(stage.connect());
        QVERIFY(stage.startLocalEngine());
        ui::ApplicationPage *page = stage.find(u"cart"_s);
        QVERIFY(page);
        ui::SyncDialog *dialog = Stage::plannedSync(page);
        QVERIFY(dialog);
        const std::int64_t drifted = stage.replicas("shop-prod", "cart");
        QVERIFY(stage.moveBranchBack(u"shop"_s));
        dialog->syncButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(dialog->problem().contains(u"branch moved"_s), kPatience);
        QVERIFY(dialog->isVisible());
        QCOMPARE(stage.replicas("shop-prod", "cart"), drifted);
        // The new plan is for the commit that is there now.
        QTRY_VERIFY_WITH_TIMEOUT(dialog->hasPlan() && dialog->syncButton()->isEnabled(), kPatience);
        dialog->syncButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(stage.isAt("cart", SyncStatus::Synced, HealthStatus::Healthy), kPatience);
    }

    void aPageOpenedBeforeItsListLooksAtTheRightCluster()
    {
        Stage stage;
        const auto server = [](const std::string &address) { return object::Value::map({{"server", address}}); };
        stage.changeSpec("cart", "destination", server("https://10.4.0.1:6443"));
        QVERIFY(stage.window->openAddress(u"tiphys://demo/argocd/cart"_s));
        QVERIFY(stage.connect());
        const auto detail = [&] { return stage.service->application({"demo", "argocd", "cart"}); };
        QTRY_VERIFY_WITH_TIMEOUT(detail() && detail()->unreachedServer == "https://10.4.0.1:6443", kPatience);
        QVERIFY2(detail()->treeProblem.starts_with("no access to https://10.4.0.1:6443"),
                 detail()->treeProblem.c_str());
        QVERIFY(std::ranges::none_of(
            detail()->tree, [](const service::TreeNode &node) { return node.health == HealthStatus::Missing; }));
        QVERIFY2(detail()->diffs.empty(), "what is not seen is no difference");
        // Who reconciles it may be known a moment later, and it is judged here only where nobody does.
        QTRY_COMPARE_WITH_TIMEOUT(detail()->row.health, HealthStatus::Unknown, kPatience);
        // It goes on with the cluster that it is moved to, and with one that is chosen.
        stage.changeSpec("cart", "destination", server("https://kubernetes.default.svc"));
        QTRY_VERIFY_WITH_TIMEOUT(detail()->unreachedServer.empty() && detail()->tree.size() > 3, kPatience);
        stage.changeSpec("cart", "destination", server("https://10.4.0.1:6443"));
        QTRY_VERIFY_WITH_TIMEOUT(!detail()->unreachedServer.empty(), kPatience);
        QCOMPARE(detail()->destinationContext, std::string());
        stage.service->chooseContext("https://10.4.0.1:6443/", "demo");
        QTRY_VERIFY_WITH_TIMEOUT(detail()->unreachedServer.empty() && detail()->treeProblem.empty(), kPatience);
        QCOMPARE(detail()->destinationContext, std::string("demo"));
    }

    void theSettingsTellAndChangeWhatReachesADestination()
    {
        Stage stage;
        stage.changeSpec("cart", "destination", object::Value::map({{"server", "https://10.4.0.1:6443"}}));
        QVERIFY(stage.connect());
        QVERIFY(stage.window->openAddress(u"tiphys:settings"_s));
        auto *page = qobject_cast<ui::SettingsPage *>(stage.window->currentPage());
        QVERIFY(page && page->destinations());
        const auto row = [page] {
            for (const ui::DestinationChoices::Row &each : page->destinations()->rows()) {
                if (each.title == u"https://10.4.0.1:6443"_s)
                    return each;
            }
            return ui::DestinationChoices::Row();
        };
        QTRY_VERIFY_WITH_TIMEOUT(row().text.endsWith(u"No ticked context has this address."_s), kPatience);
        QVERIFY(row().choose && !row().takeBack);
        Q_EMIT row().choose->menu()->aboutToShow();
        row().choose->menu()->actions().constFirst()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(row().takeBack, kPatience);
        QVERIFY2(row().text.contains(u"which was chosen"_s), qPrintable(row().text));
        row().takeBack->click();
        QTRY_VERIFY_WITH_TIMEOUT(row().choose && !row().takeBack, kPatience);
    }

    void whoMayNotSyncSeesWhy()
    {
        Stage stage("demo-readonly");
        QVERIFY(stage.connect());
        ui::ApplicationPage *page = stage.find(u"cart"_s);
        QVERIFY(page);
        QTRY_VERIFY_WITH_TIMEOUT(page->syncButton()->toolTip().startsWith(u"You may not "_s), kPatience);
        QVERIFY(page->syncButton()->toolTip().contains(u"applications"_s));
        QVERIFY(!page->syncButton()->isEnabled());
        QVERIFY(page->syncButton()->isVisible());
    }

    void aHelmParameterIsEditedReviewedAndStored()
    {
        Stage stage;
        QVERIFY(stage.connect());
        ui::ParametersPane *pane = stage.parameters(u"newsletter"_s);
        QVERIFY(pane);
        auto *table = qobject_cast<ui::ParameterTableView *>(pane->form()->editor(u"helm.parameters"_s));
        QVERIFY(table);
        // The chart's own value stands beside the one that overrides it.
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->columnCount(), 4, kPatience);
        QCOMPARE(table->model()->index(1, 3).data().toString(), u"2.3.0"_s);
        QVERIFY(!pane->saveButton()->isEnabled());
        QVERIFY(Stage::type(table, u"image.tag"_s, 1, u"2.4.0"_s));
        ui::ParametersDialog *dialog = Stage::reviewed(pane);
        QVERIFY(dialog);
        QVERIFY(dialog->storedView()->changeCount() > 0);
        QTest::keySequence(dialog->storedView(), QKeySequence::SelectAll);
        QTest::keySequence(dialog->storedView(), QKeySequence::Copy);
        QVERIFY2(dialog->notice().startsWith(u"Copied"_s), qPrintable(dialog->notice()));
        QCOMPARE(dialog->renderedPane()->list()->model()->rowCount(), 1);
        dialog->saveButton()->click();
        const auto tag = [&] {
            return stage.source("newsletter").path({"helm", "parameters"}).at(1)["value"].stringOr();
        };
        QTRY_COMPARE_WITH_TIMEOUT(std::string(tag()), std::string("2.4.0"), kPatience);
        QCOMPARE(stage.source("newsletter").path({"helm", "parameters"}).size(), std::size_t(2));
        QTRY_VERIFY_WITH_TIMEOUT(!pane->discardButton()->isEnabled(), kPatience);
    }

    void whatArgoCdWouldRefuseIsStoredOnlyWhereThePersonSaysSo()
    {
        Stage stage;
        QVERIFY(stage.connect());
        ui::ParametersPane *pane = stage.parameters(u"newsletter"_s);
        QVERIFY(pane);
        auto *files = qobject_cast<ui::LinesEditor *>(pane->form()->editor(u"helm.valueFiles"_s));
        QVERIFY(files);
        files->setPlainText(u"none.yaml"_s);
        pane->saveButton()->click();
        ui::ParametersDialog *dialog = pane->dialog();
        QVERIFY(dialog);
        QVERIFY(dialog->isChecking());
        QVERIFY(!dialog->saveButton()->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->isChecking() && dialog->hasPreview(), kPatience);
        QCOMPARE(dialog->checkText(), u"Argo CD would refuse it."_s);
        QVERIFY2(dialog->problem().startsWith(u"Nothing was saved: Application spec for newsletter is invalid: "
                                              "InvalidSpecError: Unable to generate manifests in "_s),
                 qPrintable(dialog->problem()));
        QVERIFY(dialog->problem().contains(u"none.yaml"_s));
        QVERIFY(dialog->saveButton()->isEnabled());
        QCOMPARE(dialog->saveButton()->text(), u"Save to application newsletter anyway"_s);
        const auto stored = [&] {
            return std::string(stage.source("newsletter").path({"helm", "valueFiles"}).at(0).stringOr());
        };
        QVERIFY(stored() != "none.yaml");
        dialog->saveButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(stored(), std::string("none.yaml"), kPatience);
    }

    void nothingIsStoredWithoutTheCheckUnlessThePersonSaysSo()
    {
        Stage stage;
        QVERIFY(stage.connect());
        ui::ParametersPane *pane = stage.parameters(u"newsletter"_s);
        QVERIFY(pane);
        auto &parameters = static_cast<service::SourceParameters &>(*stage.service);
        auto *files = qobject_cast<ui::LinesEditor *>(pane->form()->editor(u"helm.valueFiles"_s));
        QVERIFY(files);
        files->setPlainText(u"none.yaml"_s);
        pane->saveButton()->click();
        ui::ParametersDialog *dialog = pane->dialog();
        QVERIFY(dialog);
        QCOMPARE(dialog->checkButton()->text(), u"Stop the check"_s);
        dialog->checkButton()->click();
        QVERIFY(!dialog->isChecking());
        QCOMPARE(dialog->checkText(), u"The check was stopped: whether Argo CD would take it is not known."_s);
        QCOMPARE(dialog->saveButton()->text(), u"Save to application newsletter anyway"_s);
        // The engine checks what nobody checked.
        std::optional<Expected<service::Done>> done;
        service::whenDone(parameters.saveSource(dialog->request()), dialog,
                          [&done](const Expected<service::Done> &result) { done = result; });
        QTRY_VERIFY_WITH_TIMEOUT(done.has_value(), kPatience);
        QVERIFY(!*done);
        QVERIFY2(done->error().message().find("none.yaml") != std::string::npos, done->error().message().c_str());
        QVERIFY(stage.source("newsletter").path({"helm", "valueFiles"}).at(0).stringOr() != "none.yaml");
        dialog->checkButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(dialog->checkText(), u"Argo CD would refuse it."_s, kPatience);
    }

    void whatSomebodyElseChangedMeanwhileStays()
    {
        Stage stage;
        QVERIFY(stage.connect());
        ui::ParametersPane *pane = stage.parameters(u"wishlist"_s);
        QVERIFY(pane);
        auto *table = qobject_cast<ui::ParameterTableView *>(pane->form()->editor(u"kustomize.images"_s));
        QVERIFY(table);
        QVERIFY(Stage::type(table, u"registry.example.com/shop/wishlist"_s, 2, u"1.2.0"_s));
        ui::ParametersDialog *dialog = Stage::reviewed(pane);
        QVERIFY(dialog);
        const object::Value prefix = object::Value::map({{"kustomize", object::Value::map({{"namePrefix", "eu-"}})}});
        stage.changeSource("wishlist", prefix);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->problem().contains(u"changed meanwhile"_s), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->hasPreview() && dialog->saveButton()->isEnabled(), kPatience);
        dialog->saveButton()->click();
        const auto image = [&] { return stage.source("wishlist").path({"kustomize", "images"}).at(0).stringOr(); };
        QTRY_COMPARE_WITH_TIMEOUT(std::string(image()), std::string("registry.example.com/shop/wishlist:1.2.0"),
                                  kPatience);
        QCOMPARE(std::string(stage.source("wishlist").path({"kustomize", "namePrefix"}).stringOr()),
                 std::string("eu-"));
    }

    void whoMayNotChangeParametersSeesThemAndWhy()
    {
        Stage stage("demo-readonly");
        QVERIFY(stage.connect());
        ui::ParametersPane *pane = stage.parameters(u"wishlist"_s);
        QVERIFY(pane);
        QVERIFY(pane->banner()->text().contains(u"patch applications"_s));
        auto *table = qobject_cast<ui::ParameterTableView *>(pane->form()->editor(u"kustomize.images"_s));
        QVERIFY(table);
        QCOMPARE(table->model()->rowCount(), 1);
        QVERIFY(!(table->model()->index(0, 2).flags() & Qt::ItemIsEditable));
        QVERIFY(!pane->saveButton()->isEnabled());
        QVERIFY(pane->saveButton()->toolTip().contains(u"patch applications"_s));
    }

    void aClusterThatFallsSilentIsSaidAndItsRowsStay()
    {
        Stage stage;
        QVERIFY(stage.connect());
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = stage.page<ui::ApplicationsPage>();
        const int rows = page->table()->rowCount();
        QVERIFY(rows > 10);
        stage.cluster.reset();
        QTRY_VERIFY_WITH_TIMEOUT(page->banner()->text().startsWith(u"No answer from demo."_s), kPatience);
        QCOMPARE(page->table()->rowCount(), rows);
    }

    void aPageSaysThatItsClusterFellSilent()
    {
        Stage stage;
        QVERIFY(stage.connect());
        ui::ApplicationPage *page = stage.find(u"cart"_s);
        QVERIFY(page);
        QTRY_VERIFY_WITH_TIMEOUT(page->isSettled(), kPatience);
        stage.cluster.reset();
        QTRY_VERIFY_WITH_TIMEOUT(page->banner()->text().startsWith(u"demo does not answer."_s), kPatience);
    }
};

QTEST_MAIN(ApplicationDemoTest)
#include "application_demo_test.moc"
