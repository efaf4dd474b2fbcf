// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/graph_layout.h"
#include "models/text.h"
#include "ui/dialogs/action_dialog.h"
#include "ui/dialogs/confirm_dialog.h"
#include "ui/dialogs/sync_dialog.h"
#include "ui/pages/application_header.h"
#include "ui/pages/application_page.h"
#include "ui/pages/resource_pane.h"
#include "ui/widgets/action_menu.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/resource_graph.h"
#include "ui/widgets/typed_confirmation.h"
#include "window_stage.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace tiphys;
using namespace Qt::StringLiterals;
using test::kShop;
using test::kWeb;
using test::offerActions;
using test::Stage;
using test::wasCalled;

/// What a person does to applications and their resources: plans, previews, confirmations, refusals.
class ActsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSyncButtonSaysWhatItWillDo()
    {
        Stage stage;
        ui::SyncDialog dialog(stage.service, test::appDetail(stage.rows[0]), {});
        QTRY_COMPARE(dialog.syncButton()->text(), u"Sync shop to prod-eu: 1 change(s), 1 hook(s)"_s);
        QCOMPARE(dialog.planLines(), (QStringList{u"Change 1 object(s)"_s, u"  Deployment web in shop"_s,
                                                  u"Run 1 hook(s)"_s, u"  Job migrate in shop (PreSync · wave -1)"_s,
                                                  u"Keep 1 object(s) that are no longer in Git"_s,
                                                  u"  ConfigMap old in shop (prune is off)"_s}));
        dialog.pruneBox()->setChecked(true);
        QTRY_VERIFY(dialog.syncButton()->isEnabled());
        QVERIFY(wasCalled(stage.service, "plan shop prune"));
        dialog.syncButton()->click();
        QTRY_COMPARE(static_cast<int>(stage.service.syncRequests.size()), 1);
        QCOMPARE(models::text(stage.service.syncRequests[0].plannedRevision), models::text(stage.rows[0].revision));
        QVERIFY(stage.service.syncRequests[0].prunes);
    }

    void aDangerousPlanNeedsTheNameTyped()
    {
        Stage stage;
        stage.service.nextPlan.confirmations = {"the namespace shop is deleted with all that is in it"};
        ui::SyncDialog dialog(stage.service, test::appDetail(stage.rows[0]), {});
        QTRY_VERIFY(dialog.hasPlan());
        QVERIFY(!dialog.syncButton()->isEnabled());
        dialog.confirmation()->field()->setText(u"shop"_s);
        QVERIFY(dialog.syncButton()->isEnabled());
    }

    void aMovedBranchPlansAgainInsteadOfSyncing()
    {
        Stage stage;
        ui::SyncDialog dialog(stage.service, test::appDetail(stage.rows[0]), {});
        QTRY_VERIFY(dialog.syncButton()->isEnabled());
        stage.service.nextError = Error(ErrorCode::Conflict, "the branch moved");
        const auto plans = std::ranges::count(stage.service.calls, "plan shop");
        dialog.syncButton()->click();
        QTRY_COMPARE(std::ranges::count(stage.service.calls, "plan shop"), plans + 1);
        QVERIFY(dialog.result() != QDialog::Accepted);
    }

    void aDeniedActStaysVisibleWithItsReason()
    {
        Stage stage;
        stage.service.may.sync = {false, "you may not patch applications in namespace argocd"};
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        QTRY_COMPARE(page->syncButton()->toolTip(), u"You may not patch applications in namespace argocd."_s);
        QVERIFY(!page->syncButton()->isEnabled());
        QVERIFY(page->syncButton()->isVisible());
    }

    void aRightThatIsGrantedLaterIsThereWithoutARestart()
    {
        Stage stage;
        stage.service.may.refresh = stage.service.may.sync = {false, "the cluster did not answer in time"};
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        QTRY_COMPARE(page->syncButton()->toolTip(), u"The cluster did not answer in time."_s);
        stage.service.may.refresh = stage.service.may.sync = {true, {}};
        QTRY_VERIFY(page->syncButton()->isEnabled());
    }

    void whatOneMayDoIsAskedAgainWhenAnOperationBegins()
    {
        Stage stage;
        stage.service.may.terminate = {false, "no operation is in progress"};
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        auto *header = page->findChild<ui::ApplicationHeader *>();
        QTRY_VERIFY(page->syncButton()->isEnabled());
        stage.service.may.terminate = {true, {}};
        stage.rows[0].operation = service::OperationPhase::Running;
        stage.service.show(test::appDetail(stage.rows[0]));
        QTRY_VERIFY(header->terminateButton()->isEnabled());
        const int asked = stage.service.permissionQuestions;
        stage.service.show(test::appDetail(stage.rows[0]));
        QCOMPARE(stage.service.permissionQuestions, asked);
    }

    void whatWaitsForAConfirmationIsConfirmedFromTheMenu()
    {
        Stage stage;
        stage.service.may.confirm = {false, "nothing waits for a confirmation"};
        stage.service.show(test::appDetail(stage.rows[2]));
        stage.window->open(ui::applicationLocation(stage.rows[2].id));
        auto *page = stage.page<ui::ApplicationPage>();
        auto *header = page->findChild<ui::ApplicationHeader *>();
        QTRY_VERIFY(page->syncButton()->isEnabled());
        QVERIFY(!header->confirmAction()->isVisible());
        stage.service.may.confirm = {true, {}};
        stage.rows[2].awaitsConfirmation = "the sync waits for a confirmation that /ConfigMap/precious may be pruned";
        stage.service.show(test::appDetail(stage.rows[2]));
        QTRY_VERIFY(header->confirmAction()->isEnabled());
        QVERIFY(header->confirmAction()->isVisible());
        header->confirmAction()->trigger();
        auto *question = page->findChild<ui::ConfirmDialog *>();
        QVERIFY(question);
        QVERIFY(!wasCalled(stage.service, "confirm search"));
        question->accept();
        QVERIFY(wasCalled(stage.service, "confirm search"));
    }

    void theMenuOfAResourceShowsWhatCannotBeDoneAndWhy()
    {
        Stage stage;
        offerActions(stage.service);
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        page->graph()->setFocus();
        QTest::keyClick(page->graph(), Qt::Key_Right);
        QContextMenuEvent byKey(QContextMenuEvent::Keyboard, {}, page->graph()->mapToGlobal(QPoint(5, 5)));
        QApplication::sendEvent(page->graph(), &byKey);
        ui::ActionMenu *menu = page->actionMenu();
        QTRY_VERIFY(menu->isFilled());
        QVERIFY(menu->actions().at(3)->isSeparator()); // what can be copied follows
        QCOMPARE(menu->actions().at(0)->text(), u"Restart"_s);
        QVERIFY(menu->actions().at(0)->isEnabled());
        QCOMPARE(menu->actions().at(1)->text(), u"Resume (it is not paused)"_s);
        QVERIFY(!menu->actions().at(1)->isEnabled());
        QCOMPARE(menu->actions().at(1)->toolTip(), u"It is not paused."_s);
        QCOMPARE(menu->actions().at(2)->text(), u"Scale…"_s);
        // Where there is a pointer, the entry that was chosen first may have lost it.
        menu->setActiveAction(menu->actions().at(0));
        QTest::keyClick(menu, Qt::Key_Return);
        QTRY_VERIFY(page->actionDialog());
        QTRY_VERIFY(page->actionDialog()->hasPreview());
        page->actionDialog()->reject();
    }

    void theInspectorOffersTheSameActions()
    {
        Stage stage;
        offerActions(stage.service);
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        page->graph()->setFocus();
        QTest::keyClick(page->graph(), Qt::Key_Right);
        ui::Inspector *inspector = page->inspector();
        QVERIFY(inspector->actionButton()->isVisible());
        inspector->actionMenu()->popup({});
        QTRY_VERIFY(inspector->actionMenu()->isFilled());
        inspector->actionMenu()->actions().at(0)->trigger();
        QTRY_VERIFY(page->actionDialog());
        page->actionDialog()->reject();
    }

    void whatIsCopiedOfAResourceIsThatResource()
    {
        Stage stage;
        stage.window->open(ui::applicationLocation(kShop));
        ui::ActionMenu menu(stage.service);
        QSignalSpy told(&menu, &ui::ActionMenu::noticed);
        menu.setResource(kShop, kWeb);
        menu.popup({});
        QTRY_VERIFY(menu.isFilled());
        const auto choose = [&menu](const QString &title) {
            const QList<QAction *> actions = menu.actions();
            const auto found = std::ranges::find(actions, title, &QAction::text);
            QVERIFY2(found != actions.end(), qPrintable(title));
            (*found)->trigger();
        };
        const QClipboard *clipboard = QApplication::clipboard();
        choose(u"Copy name"_s);
        QCOMPARE(clipboard->text(), u"web"_s);
        choose(u"Copy as kubectl command"_s);
        QVERIFY2(clipboard->text().endsWith(u" -n shop get deployment.apps/web -o yaml"_s),
                 qPrintable(clipboard->text()));
        // By the context that reaches the destination, whatever its name and address say.
        service::AppDetail detail = *stage.service.application(kShop);
        detail.destinationContext = "tunnel to prod";
        stage.service.show(detail);
        choose(u"Copy as kubectl command"_s);
        QCOMPARE(clipboard->text(), u"kubectl --context 'tunnel to prod' -n shop get deployment.apps/web -o yaml"_s);
        choose(u"Copy live manifest"_s);
        QTRY_VERIFY2(clipboard->text().startsWith(u"# live"_s), qPrintable(clipboard->text()));
        QCOMPARE(told.count(), 4);
    }

    void anActionShowsWhatItWritesBeforeItDoes()
    {
        Stage stage;
        offerActions(stage.service);
        const service::AppId app{"staging", "argocd", "search"};
        ui::ActionDialog dialog(stage.service, stage.service, app, kWeb, stage.service.nextOffers[0]);
        QTRY_VERIFY(dialog.hasPreview());
        QCOMPARE(dialog.runButton()->text(), u"Restart: Deployment web"_s);
        QCOMPARE(dialog.patchText(), u"spec:\n  replicas: 3\n"_s);
        QCOMPARE(dialog.diffView()->changeCount(), 1);
        dialog.diffView()->setFocus();
        QTest::keySequence(dialog.diffView(), QKeySequence::SelectAll);
        QTest::keySequence(dialog.diffView(), QKeySequence::Copy);
        QVERIFY2(dialog.notice().startsWith(u"Copied"_s), qPrintable(dialog.notice()));
        QVERIFY(stage.service.actionRequests.empty());
        QSignalSpy done(&dialog, &ui::ActionDialog::done);
        dialog.runButton()->click();
        QTRY_COMPARE(done.count(), 1);
        QCOMPARE(done.at(0).at(0).toString(), u"Restart: Deployment web: done."_s);
        QCOMPARE(static_cast<int>(stage.service.actionRequests.size()), 1);
        QCOMPARE(models::text(stage.service.actionRequests[0].planned), u"planned"_s);
    }

    void aParameterIsAskedForBeforeThePreview()
    {
        Stage stage;
        offerActions(stage.service);
        ui::ActionDialog dialog(stage.service, stage.service, {"staging", "argocd", "search"}, kWeb,
                                stage.service.nextOffers[2]);
        QVERIFY(!dialog.hasPreview());
        QVERIFY(!dialog.runButton()->isEnabled());
        QVERIFY(dialog.field(u"replicas"_s));
        QTest::keyClicks(dialog.field(u"replicas"_s), u"3"_s);
        QTRY_VERIFY(dialog.hasPreview());
        QVERIFY(wasCalled(stage.service, "previewAction scale web replicas=3"));
        QVERIFY(dialog.runButton()->isEnabled());
    }

    void aPreviewOfWhatStoodInAFieldBeforeCannotBeRun()
    {
        Stage stage;
        offerActions(stage.service);
        stage.service.nextOffers[2].parameters[0].defaultText = "3";
        ui::ActionDialog dialog(stage.service, stage.service, {"staging", "argocd", "search"}, kWeb,
                                stage.service.nextOffers[2]);
        QTest::keyClicks(dialog.field(u"replicas"_s), u"0"_s);
        // The preview of 3 comes only now.
        QCoreApplication::processEvents();
        QVERIFY(!dialog.hasPreview());
        QTRY_VERIFY(dialog.hasPreview());
        dialog.runButton()->click();
        QTRY_COMPARE(stage.service.actionRequests.size(), std::size_t{1});
        QCOMPARE(models::text(stage.service.actionRequests[0].arguments[0].second), u"30"_s);
    }

    void aRevisionThatIsTypedHasNoPlanYet()
    {
        Stage stage;
        ui::SyncDialog dialog(stage.service, test::appDetail(stage.rows[0]), {});
        QTRY_VERIFY(dialog.syncButton()->isEnabled());
        QTest::keyClicks(dialog.findChild<QLineEdit *>(QString(), Qt::FindDirectChildrenOnly), u"v2"_s);
        QVERIFY(!dialog.syncButton()->isEnabled());
        QTRY_VERIFY(dialog.syncButton()->isEnabled());
        QVERIFY(wasCalled(stage.service, "plan shop v2"));
    }

    void whatWasTypedForOnePlanConfirmsNoOther()
    {
        Stage stage;
        stage.service.nextPlan.confirmations = {"the namespace shop is deleted with all that is in it"};
        ui::SyncDialog dialog(stage.service, test::appDetail(stage.rows[0]), {});
        QTRY_VERIFY(dialog.hasPlan());
        dialog.confirmation()->field()->setText(u"shop"_s);
        QVERIFY(dialog.syncButton()->isEnabled());
        stage.service.nextPlan.confirmations.push_back("the claim data is deleted with its volume");
        dialog.pruneBox()->setChecked(true);
        QTRY_VERIFY(dialog.hasPlan());
        QVERIFY(!dialog.syncButton()->isEnabled());
    }

    void aProtectedContextWantsTheNameTyped()
    {
        Stage stage;
        offerActions(stage.service);
        ui::ActionDialog dialog(stage.service, stage.service, kShop, kWeb, stage.service.nextOffers[0]);
        QTRY_VERIFY(dialog.hasPreview());
        QVERIFY(!dialog.runButton()->isEnabled());
        dialog.confirmation()->field()->setText(u"web"_s);
        QVERIFY(dialog.runButton()->isEnabled());
    }

    void anObjectThatMovedOnIsLookedAtAgain()
    {
        Stage stage;
        offerActions(stage.service);
        ui::ActionDialog dialog(stage.service, stage.service, {"staging", "argocd", "search"}, kWeb,
                                stage.service.nextOffers[0]);
        QTRY_VERIFY(dialog.hasPreview());
        stage.service.nextError = Error(ErrorCode::Conflict, "web changed since it was looked at");
        dialog.runButton()->click();
        QTRY_COMPARE(std::ranges::count(stage.service.calls, "previewAction restart web"), 2);
        QTRY_VERIFY(dialog.problem().startsWith(u"The object changed meanwhile"_s));
        QVERIFY(dialog.result() != QDialog::Accepted);
    }

    void anActionThatWouldBeRefusedSaysSo()
    {
        Stage stage;
        offerActions(stage.service);
        stage.service.nextPreview.refusal = "project 'shop' does not permit it";
        ui::ActionDialog dialog(stage.service, stage.service, {"staging", "argocd", "search"}, kWeb,
                                stage.service.nextOffers[0]);
        QTRY_VERIFY(dialog.hasPreview());
        QVERIFY(!dialog.runButton()->isEnabled());
        QCOMPARE(dialog.problem(), u"This would be refused now: Project 'shop' does not permit it."_s);
    }

    void aQuestionIsAboutTheApplicationThatItNames()
    {
        Stage stage;
        stage.service.show(test::appDetail(stage.rows[1]));
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        page->openDelete();
        page->openRollback();
        const QList<ui::ConfirmDialog *> questions = page->findChildren<ui::ConfirmDialog *>();
        QCOMPARE(questions.size(), 2);
        // A notification was clicked meanwhile.
        stage.window->open(ui::applicationLocation(stage.rows[1].id));
        for (ui::ConfirmDialog *question : questions)
            question->accept();
        QVERIFY(wasCalled(stage.service, "remove shop foreground"));
        QVERIFY(std::ranges::any_of(stage.service.calls,
                                    [](const std::string &call) { return call.starts_with("rollback shop "); }));
        QVERIFY(std::ranges::none_of(stage.service.calls,
                                     [](const std::string &call) { return call.contains(" billing "); }));
    }

    void rollingBackAndStoppingOnAProtectedContextWantTheNameTyped()
    {
        Stage stage;
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        page->openRollback();
        page->openTerminate();
        const QList<ui::ConfirmDialog *> questions = page->findChildren<ui::ConfirmDialog *>();
        QCOMPARE(questions.size(), 2);
        for (ui::ConfirmDialog *question : questions) {
            QVERIFY(!question->actButton()->isEnabled());
            question->typingField()->setText(u"shop"_s);
            QVERIFY(question->actButton()->isEnabled());
        }
        QVERIFY(!wasCalled(stage.service, "terminate shop"));
        questions[1]->accept();
        QVERIFY(wasCalled(stage.service, "terminate shop"));
    }

    void anOperationOnAnotherContextIsStoppedAtOnce()
    {
        Stage stage;
        stage.service.show(test::appDetail(stage.rows[2]));
        stage.window->open(ui::applicationLocation(stage.rows[2].id));
        stage.page<ui::ApplicationPage>()->openTerminate();
        QVERIFY(wasCalled(stage.service, "terminate search"));
    }

    void anAnswerThatComesAfterTheDialogWasClosedIsTold()
    {
        Stage stage;
        offerActions(stage.service);
        stage.service.show(test::appDetail(stage.rows[2]));
        stage.window->open(ui::applicationLocation(stage.rows[2].id));
        auto *page = stage.page<ui::ApplicationPage>();
        page->openSync();
        auto *sync = page->findChild<ui::SyncDialog *>();
        QTRY_VERIFY(sync->syncButton()->isEnabled());
        QSignalSpy gone(sync, &QObject::destroyed);
        QSignalSpy failed(page, &ui::Page::failed);
        stage.service.nextError = Error(ErrorCode::Denied, "the cluster refuses it");
        sync->syncButton()->click();
        QTest::keyClick(sync, Qt::Key_Escape);
        QVERIFY(!sync->isVisible());
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.at(0).at(0).toString(), u"Sync search: The cluster refuses it."_s);
        QCOMPARE(stage.window->statusBar()->currentMessage(), u"Sync search: The cluster refuses it."_s);
        QTRY_COMPARE(gone.count(), 1);
    }

    void aFailureIsToldAsLongAsWhatItIsAboutIsShown()
    {
        Stage stage;
        for (const service::AppRow &row : stage.rows)
            stage.service.show(test::appDetail(row));
        stage.window->open(ui::applicationLocation(stage.rows[2].id));
        auto *page = stage.page<ui::ApplicationPage>();
        const auto told = [&stage] { return stage.window->statusBar()->currentMessage(); };
        Q_EMIT page->failed(u"Sync search: Nobody may."_s);
        QCOMPARE(told(), u"Sync search: Nobody may."_s);
        // Another part of the same application.
        page->tabs()->setCurrentIndex(static_cast<int>(ui::ApplicationPage::Tab::History));
        stage.window->open(ui::applicationLocation(stage.rows[2].id, u"diff"_s));
        QCOMPARE(told(), u"Sync search: Nobody may."_s);
        // Another application on the same page, and another page.
        stage.window->open(ui::applicationLocation(stage.rows[1].id));
        QCOMPARE(told(), QString());
        Q_EMIT page->failed(u"Sync billing: Nobody may."_s);
        stage.window->open({ui::PageKind::Clusters, {}, {}});
        QCOMPARE(told(), QString());
        // What is news stays its time, wherever one goes.
        stage.window->open(ui::applicationLocation(stage.rows[1].id));
        Q_EMIT page->failed(u"Sync billing: Nobody may."_s);
        Q_EMIT page->noticed(u"Asked for a refresh."_s);
        stage.window->open({ui::PageKind::Clusters, {}, {}});
        QCOMPARE(told(), u"Asked for a refresh."_s);
    }

    void anActionThatWasDoneAfterItsDialogWasClosedIsTold()
    {
        Stage stage;
        offerActions(stage.service);
        auto *dialog = new ui::ActionDialog(stage.service, stage.service, {"staging", "argocd", "search"}, kWeb,
                                            stage.service.nextOffers[0], stage.window.get());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
        QTRY_VERIFY(dialog->hasPreview());
        QSignalSpy done(dialog, &ui::ActionDialog::done);
        QSignalSpy gone(dialog, &QObject::destroyed);
        dialog->runButton()->click();
        dialog->close();
        QTRY_COMPARE(done.count(), 1);
        QTRY_COMPARE(gone.count(), 1);
    }
};

QTEST_MAIN(ActsTest)
#include "acts_test.moc"
