// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_table.h"
#include "models/parameter_table.h"
#include "support/desktop_stage.h"
#include "ui/dialogs/parameters_dialog.h"
#include "ui/dialogs/sync_dialog.h"
#include "ui/pages/application_page.h"
#include "ui/pages/applications_page.h"
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
#include <QProcess>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

using namespace tiphys;
using namespace Qt::StringLiterals;
using object::Object;
using service::HealthStatus;
using service::SyncStatus;

namespace {

using test::kPatience;

/// A desktop on the demo cluster's applications.
class Stage final : public test::DesktopStage
{
public:
    explicit Stage(const std::string &context = "demo") : m_context(context)
    {
        startCluster({.speed = 10});
        // A copy stays when the cluster goes.
        const QString kubeconfig = folder.filePath(u"kubeconfig"_s);
        QFile::copy(cluster->kubeconfigPath(), kubeconfig);
        openWindow({.kubeconfig = kubeconfig, .now = {}, .parts = {}});
    }

    /// Ticks the context once it is known; true when its applications are there.
    bool connect()
    {
        if (!knowsContexts())
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
    void changeSource(const std::string &name, const object::Value &source)
    {
        cluster->run([&](demo::Store &store) {
            const demo::Resource *resource = store.catalog().byKind({"argoproj.io", "Application"});
            const object::Value change = object::Value::map({{"spec", object::Value::map({{"source", source}})}});
            (void)store.patch(*resource, {"argocd", name}, demo::PatchKind::Merge, change, "", {.fieldManager = "kubectl-edit"});
        });
    }
    /// The parameters of an application, read.
    ui::ParametersPane *parameters(const QString &name)
    {
        if (!window->openAddress(u"tiphys://"_s + QString::fromStdString(m_context) + u"/argocd/"_s + name + u"?tab=parameters"_s))
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
        return dialog && QTest::qWaitFor([dialog] { return dialog->saveButton()->isEnabled(); }, kPatience) ? dialog : nullptr;
    }
    /// Brings the branch of a sample repository back to the commit before.
    bool moveBranchBack(const QString &repository)
    {
        const QString path = cluster->repositoriesPath() + u'/' + repository + u".git"_s;
        return QProcess::execute(u"git"_s, {u"-C"_s, path, u"update-ref"_s, u"refs/heads/main"_s, u"refs/heads/main~1"_s}) == 0;
    }

private:
    std::string m_context;
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
        const auto hasDifferences = [&] { return !stage.service->application({"demo", "argocd", "cart"})->diffs.empty(); };
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
        QCOMPARE(dialog->renderedPane()->list()->model()->rowCount(), 1);
        dialog->saveButton()->click();
        const auto tag = [&] { return stage.source("newsletter").path({"helm", "parameters"}).at(1)["value"].stringOr(); };
        QTRY_COMPARE_WITH_TIMEOUT(std::string(tag()), std::string("2.4.0"), kPatience);
        QCOMPARE(stage.source("newsletter").path({"helm", "parameters"}).size(), std::size_t(2));
        QTRY_VERIFY_WITH_TIMEOUT(!pane->discardButton()->isEnabled(), kPatience);
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
        QTRY_COMPARE_WITH_TIMEOUT(std::string(image()), std::string("registry.example.com/shop/wishlist:1.2.0"), kPatience);
        QCOMPARE(std::string(stage.source("wishlist").path({"kustomize", "namePrefix"}).stringOr()), std::string("eu-"));
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
};

QTEST_MAIN(ApplicationDemoTest)
#include "application_demo_test.moc"
