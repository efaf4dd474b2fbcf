// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/application_page.h"
#include "ui/widgets/find_bar.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/log_pane.h"
#include "ui/widgets/resource_graph.h"
#include "window_stage.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTabBar>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>
#include <QTreeView>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::LogState;
using test::Stage;

namespace {

constexpr int kLogs = 4;

/// The page of the shop, with the resource of \p row of its list in the inspector.
struct LogStage : Stage
{
    explicit LogStage(const object::ObjectKey &key)
    {
        window->openAddress(u"tiphys://prod-eu/argocd/shop"_s);
        page = Stage::page<ui::ApplicationPage>();
        choose(key);
    }
    void choose(const object::ObjectKey &key)
    {
        const std::vector<service::TreeNode> tree = service.application(test::kShop)->tree;
        const auto found = std::ranges::find(tree, key, &service::TreeNode::key);
        Q_EMIT page->graph()->nodeSelected(static_cast<int>(found - tree.begin()));
    }
    ui::LogPane *logs() const { return page->inspector()->logPane(); }
    QString text() const { return logs()->text()->toPlainText(); }
    service::LogNews reading() const { return service.nextLogNews; }

    ui::ApplicationPage *page;
};

const object::ObjectKey kPod{"", "Pod", "shop", "web-5c7d9f8b6d-1000"};

} // namespace

class LogPaneTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLogOfAPodIsReadWhileItIsSeen()
    {
        LogStage stage(kPod);
        QTabBar *tabs = stage.page->inspector()->tabs();
        QVERIFY(tabs->isTabVisible(kLogs));
        QVERIFY(stage.service.logRequests.empty());
        QVERIFY(stage.page->inspector()->showLogs());
        QTRY_COMPARE(stage.text(), u"listening on :8080\nready"_s);
        QVERIFY(!stage.logs()->pods()->isVisible());
        QCOMPARE(stage.logs()->containers()->count(), 2);
        QCOMPARE(stage.service.logRequests.back().container, std::string("app"));
        QVERIFY(stage.service.logRequests.back().follows);
        QVERIFY(stage.service.isReadingLog());
        tabs->setCurrentIndex(0);
        QVERIFY(!stage.service.isReadingLog());
        tabs->setCurrentIndex(kLogs);
        QVERIFY(stage.service.isReadingLog());
        QCOMPARE(stage.service.logRequests.size(), std::size_t(1)); // it goes on, it does not begin anew
        QCOMPARE(stage.text(), u"listening on :8080\nready"_s);
        stage.window->openAddress(u"tiphys://prod-eu/argocd/shop?tab=history"_s);
        QVERIFY(!stage.service.isReadingLog());
    }

    void ofAnOwnerAPodIsChosen()
    {
        LogStage stage(test::kWeb);
        QVERIFY(stage.page->inspector()->showLogs());
        QTRY_COMPARE(stage.service.logRequests.size(), std::size_t(1));
        QVERIFY(stage.logs()->pods()->isVisible());
        QCOMPARE(stage.logs()->pods()->count(), 12);
        QCOMPARE(stage.service.logRequests[0].pod.name, std::string("web-5c7d9f8b6d-1003")); // the degraded one
        stage.logs()->pods()->setCurrentIndex(5);
        Q_EMIT stage.logs()->pods()->activated(5);
        QTRY_COMPARE(stage.service.logRequests.size(), std::size_t(2));
        QCOMPARE(stage.service.logRequests[1].pod.name, std::string("web-5c7d9f8b6d-1005"));
        // A pod that goes away stays until another one is chosen.
        service::AppDetail detail = *stage.service.application(test::kShop);
        std::erase_if(detail.tree,
                      [](const service::TreeNode &node) { return node.key.name == "web-5c7d9f8b6d-1005"; });
        stage.service.show(detail);
        QCOMPARE(stage.logs()->pods()->count(), 12);
        QVERIFY(stage.logs()->pods()->currentText().endsWith(u"gone"_s));
        QCOMPARE(stage.service.logRequests.size(), std::size_t(2));
    }

    void otherResourcesHaveNoLogs()
    {
        LogStage stage({"", "Service", "shop", "web"});
        QVERIFY(!stage.page->inspector()->tabs()->isTabVisible(kLogs));
        QVERIFY(!stage.page->inspector()->showLogs());
    }

    void withoutTheRightNothingIsOpened()
    {
        LogStage stage(kPod);
        stage.service.nextLogChoices.permission = {false, "you may not get pods/log 'web' in namespace 'shop'"};
        stage.page->inspector()->showLogs();
        QTRY_COMPARE(stage.logs()->state(), u"You may not get pods/log 'web' in namespace 'shop'."_s);
        QVERIFY(stage.service.logRequests.empty());
        // Asked again when it is looked at again.
        stage.service.nextLogChoices.permission = {true, {}};
        stage.page->inspector()->tabs()->setCurrentIndex(0);
        stage.page->inspector()->showLogs();
        QTRY_COMPARE(stage.service.logRequests.size(), std::size_t(1));
    }

    void followingIsPausedAndGoesOn()
    {
        LogStage stage(kPod);
        stage.page->inspector()->showLogs();
        QTRY_VERIFY(!stage.text().isEmpty());
        QTest::mouseClick(stage.logs()->followButton(), Qt::LeftButton);
        QVERIFY(!stage.service.isReadingLog());
        QVERIFY2(stage.logs()->state().startsWith(u"Not followed"_s), qPrintable(stage.logs()->state()));
        QTest::mouseClick(stage.logs()->followButton(), Qt::LeftButton);
        QVERIFY(stage.service.isReadingLog());
        QCOMPARE(stage.service.logRequests.size(), std::size_t(1));
    }

    void thePreviousRunIsAskedForByItself()
    {
        LogStage stage(kPod);
        stage.service.nextLogNews.container.hasPrevious = true;
        stage.page->inspector()->showLogs();
        QTRY_VERIFY(!stage.text().isEmpty());
        QVERIFY(stage.logs()->previousAction()->isEnabled());
        stage.logs()->previousAction()->trigger();
        QVERIFY(stage.service.logRequests.back().isPrevious);
        QVERIFY(!stage.service.logRequests.back().follows);
        QVERIFY(!stage.logs()->followButton()->isEnabled());
    }

    void whatIsChosenBeforeTheAnswerCounts()
    {
        LogStage stage(kPod);
        stage.page->inspector()->showLogs();
        stage.logs()->previousAction()->trigger();
        QVERIFY(stage.service.logRequests.empty());
        QTRY_COMPARE(stage.service.logRequests.size(), std::size_t(1));
        QVERIFY(stage.service.logRequests.back().isPrevious);
        QTRY_VERIFY(!stage.text().isEmpty());
    }

    void anotherPodIsAskedForWhatItRunsNow()
    {
        LogStage stage(test::kWeb);
        stage.service.nextLogNews.container.hasPrevious = true;
        stage.page->inspector()->showLogs();
        QTRY_VERIFY(!stage.text().isEmpty());
        stage.logs()->previousAction()->trigger();
        QVERIFY(stage.service.logRequests.back().isPrevious);
        stage.logs()->pods()->setCurrentIndex(5);
        Q_EMIT stage.logs()->pods()->activated(5);
        QTRY_COMPARE(stage.service.logRequests.back().pod.name, std::string("web-5c7d9f8b6d-1005"));
        QVERIFY(!stage.service.logRequests.back().isPrevious);
        QVERIFY(stage.service.logRequests.back().follows);
        QVERIFY(!stage.logs()->previousAction()->isChecked());
        // Likewise where another resource brings another pod.
        stage.logs()->previousAction()->trigger();
        QVERIFY(stage.service.logRequests.back().isPrevious);
        stage.choose(kPod);
        QTRY_COMPARE(stage.service.logRequests.back().pod, kPod);
        QVERIFY(!stage.service.logRequests.back().isPrevious);
    }

    void newsOfPodsLeaveTheListOfThemAsItIs()
    {
        LogStage stage(test::kWeb);
        stage.page->inspector()->showLogs();
        QTRY_VERIFY(!stage.text().isEmpty());
        const QAbstractItemModel *offered = stage.logs()->pods()->model();
        const QPersistentModelIndex seventh(offered->index(7, 0));
        const QString name = seventh.data(Qt::UserRole).toString();
        const QString first = offered->index(0, 0).data(Qt::UserRole).toString();
        service::AppDetail detail = *stage.service.application(test::kShop);
        std::erase_if(detail.tree, [&](const service::TreeNode &node) {
            return node.key.kind == "Pod" && QString::fromStdString(node.key.ns + '/' + node.key.name) == first;
        });
        for (service::TreeNode &node : detail.tree)
            node.health = node.key.kind == "Pod" ? service::HealthStatus::Progressing : node.health;
        stage.service.show(detail);
        QVERIFY(seventh.isValid());
        QVERIFY(seventh.data().toString().endsWith(u"Progressing"_s));
        QCOMPARE(seventh.row(), 6);
        QCOMPARE(seventh.data(Qt::UserRole).toString(), name);
        QCOMPARE(stage.logs()->pods()->findData(first), -1);
        QCOMPARE(stage.logs()->pods()->currentData().toString(), u"shop/web-5c7d9f8b6d-1003"_s);
    }

    void whatIsFoundIsCountedAlsoInNewLines()
    {
        LogStage stage(kPod);
        stage.page->inspector()->showLogs();
        QTRY_COMPARE(stage.text(), u"listening on :8080\nready"_s);
        QVERIFY(stage.logs()->findBar()->isHidden());
        stage.page->startFilter();
        ui::FindBar *find = stage.logs()->findBar();
        QVERIFY(find->isVisible());
        QTest::keyClicks(find->field(), u"e"_s);
        QCOMPARE(find->countText(), u"1 of 2"_s);
        QTest::keyClick(find->field(), Qt::Key_Return);
        QCOMPARE(find->countText(), u"2 of 2"_s);
        QTest::keyClick(find->field(), Qt::Key_Return);
        QCOMPARE(find->countText(), u"1 of 2"_s);
        service::LogNews news = stage.reading();
        news.lines = {{"", "served here"}};
        stage.service.giveLog(news);
        QCOMPARE(find->countText(), u"1 of 6"_s);
        QTest::keyClick(find->field(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(find->countText(), u"6 of 6"_s);
        QCOMPARE(stage.logs()->text()->textCursor().selectionEnd(), stage.text().size());
        QTest::keyClicks(find->field(), u"xyz"_s);
        QCOMPARE(find->countText(), u"not found"_s);
        QTest::keyClick(find->field(), Qt::Key_Escape);
        QVERIFY(find->isHidden());
        QVERIFY(!stage.page->inspector()->isHidden());
    }

    void linesAreShownWithTheirTimesFoundAndCopied()
    {
        LogStage stage(kPod);
        stage.page->inspector()->showLogs();
        QTRY_VERIFY(!stage.text().isEmpty());
        stage.logs()->timesAction()->trigger();
        QCOMPARE(stage.text(),
                 u"2026-05-28T20:26:40.000000000Z listening on :8080\n2026-05-28T20:26:41.500000000Z ready"_s);
        stage.logs()->timesAction()->trigger();
        stage.page->startFilter();
        QTest::keyClicks(stage.logs()->findBar()->field(), u"READY"_s);
        QCOMPARE(stage.logs()->text()->textCursor().selectedText(), u"ready"_s);
        QTest::mouseClick(stage.logs()->copyButton(), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), u"ready"_s);
        stage.logs()->wrapAction()->trigger();
        QCOMPARE(stage.logs()->text()->lineWrapMode(), QPlainTextEdit::WidgetWidth);
    }

    void memoryIsBoundedAndTheViewStaysWhereItIs()
    {
        LogStage stage(kPod);
        stage.page->inspector()->showLogs();
        QTRY_VERIFY(!stage.text().isEmpty());
        service::LogNews news = stage.reading();
        const auto lines = [&news](int first, int count) {
            news.lines.clear();
            for (int i = first; i < first + count; ++i)
                news.lines.push_back({"", "line " + std::to_string(i)});
        };
        lines(0, service::kMostLogLines);
        stage.service.giveLog(news);
        QPlainTextEdit *text = stage.logs()->text();
        QCOMPARE(text->blockCount(), service::kMostLogLines);
        QScrollBar *down = text->verticalScrollBar();
        QCOMPARE(down->value(), down->maximum());
        lines(service::kMostLogLines, 10);
        stage.service.giveLog(news);
        QCOMPARE(text->blockCount(), service::kMostLogLines);
        QCOMPARE(text->document()->firstBlock().text(), u"line 10"_s);
        QCOMPARE(text->document()->lastBlock().text(), u"line 10009"_s);
        QCOMPARE(down->value(), down->maximum());
        // Who reads further above is not moved on.
        down->setValue(5'000);
        const QString top = text->cursorForPosition(QPoint(0, 0)).block().text();
        lines(service::kMostLogLines + 10, 10);
        stage.service.giveLog(news);
        QCOMPARE(text->cursorForPosition(QPoint(0, 0)).block().text(), top);
    }

    void aContainerThatEndedSaysSo()
    {
        LogStage stage(kPod);
        stage.page->inspector()->showLogs();
        QTRY_VERIFY(!stage.text().isEmpty());
        service::LogNews news = stage.reading();
        news.lines.clear();
        news.state = LogState::Ended;
        news.container.state = service::LogContainer::State::Ended;
        news.container.exitCode = 1;
        news.container.reason = "Error";
        news.container.endedAt = test::kNow - 180'000;
        stage.service.giveLog(news);
        QCOMPARE(stage.logs()->state(), u"The container ended 3 min ago with exit code 1 (Error)."_s);
        QCOMPARE(stage.logs()->containers()->currentText(), u"app · ended"_s);
        QCOMPARE(stage.text(), u"listening on :8080\nready"_s);
    }
};

QTEST_MAIN(LogPaneTest)
#include "log_pane_test.moc"
