// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/resource_tree.h"
#include "ui/main_window/command_palette.h"
#include "ui/pages/application_page.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/resource_filter_bar.h"
#include "ui/widgets/resource_graph.h"
#include "window_stage.h"

#include <QLineEdit>
#include <QMenu>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>
#include <vector>

using namespace tiphys;
using namespace Qt::StringLiterals;
using test::kShop;
using test::kWeb;
using test::Stage;

namespace {

const object::ObjectKey kPod{"", "Pod", "shop", "web-5c7d9f8b6d-1003"};
const models::ResourceFilter kIngress{.text = u"ingress"_s, .isTroubleOnly = false, .sync = {}, .health = {}};
const models::ResourceFilter kPods{.text = u"pod"_s, .isTroubleOnly = false, .sync = {}, .health = {}};

/// The page of the application over its tree, with the keyboard in it.
ui::ApplicationPage *openTree(Stage &stage)
{
    stage.window->activateWindow();
    if (!QTest::qWaitForWindowActive(stage.window.get()))
        return nullptr;
    stage.window->open(ui::applicationLocation(kShop));
    return stage.page<ui::ApplicationPage>();
}

models::ResourceTree *treeOf(ui::ApplicationPage *page)
{
    return qobject_cast<models::ResourceTree *>(page->treeList()->model());
}

/// Shows the pod in the inspector, by the palette.
void selectPod(Stage &stage)
{
    stage.window->openPalette();
    QTest::keyClicks(stage.window->palettePopup()->field(), u"pod web-5c7d9f8b6d-1003"_s);
    QTest::keyClick(stage.window->palettePopup()->field(), Qt::Key_Return);
}

/// How many cards are not dimmed.
int brightCards(const ui::ResourceGraph *graph)
{
    int count = 0;
    for (int card = 0; card < graph->cardCount(); ++card)
        count += graph->isDimmed(card) ? 0 : 1;
    return count;
}

QToolButton *button(QWidget *within, const QString &name)
{
    for (QToolButton *each : within->findChildren<QToolButton *>()) {
        if (each->accessibleName() == name)
            return each;
    }
    return nullptr;
}

} // namespace

class ResourceFilterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theApplicationIsInSightUntilTheViewIsMoved()
    {
        ui::ResourceGraph graph;
        graph.resize(600, 300);
        graph.show();
        std::vector<service::TreeNode> nodes;
        const auto grow = [&](int count) {
            for (int i = 0; i < count; ++i) {
                nodes.emplace_back();
                nodes.back().key = {"example.com", "Kind" + std::to_string(nodes.size()), "shop", "one"};
            }
            graph.apply(test::appRow("prod", "shop", service::HealthStatus::Healthy, service::SyncStatus::Synced),
                        nodes, test::kNow);
        };
        const auto isInSight = [&graph] { return graph.viewport()->rect().contains(graph.cardPlace(0)); };
        grow(2);
        QCOMPARE(graph.zoom(), 1.0);
        grow(10);
        QCOMPARE(graph.zoom(), 0.75);
        QVERIFY(isInSight());
        graph.resize(700, 200);
        QVERIFY(isInSight());
        QTest::keyClick(&graph, Qt::Key_Minus);
        const double chosen = graph.zoom();
        QVERIFY(chosen < 0.75);
        grow(10);
        QCOMPARE(graph.zoom(), chosen);
    }

    void theKeyStartsItAndEscEndsIt()
    {
        Stage stage;
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        ui::ResourceFilterBar *bar = page->resourceFilter();
        QVERIFY2(bar->countText().startsWith(u"18 "_s), qPrintable(bar->countText()));
        const int cards = page->graph()->cardCount();
        page->graph()->setFocus();
        QTest::keyClick(page->graph(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(bar->textField()->hasFocus());
        QTest::keyClicks(bar->textField(), u"1003"_s);
        QCOMPARE(bar->countText(), u"1 of 18"_s);
        // The graph stays as it is: the application and the fold with the pod stand out.
        QCOMPARE(page->graph()->cardCount(), cards);
        QCOMPARE(brightCards(page->graph()), 2);
        QTest::keyClick(bar->textField(), Qt::Key_Return);
        QVERIFY(page->graph()->hasFocus());
        QTest::keyClick(page->graph(), Qt::Key_Escape);
        QVERIFY(bar->filter().isEmpty());
        QCOMPARE(stage.window->currentPage(), page);
        QCOMPARE(brightCards(page->graph()), cards);
    }

    void branchesAreAfterwardsAsBefore()
    {
        Stage stage;
        stage.settings.setTreeGraph(false);
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        QTreeView *list = page->treeList();
        models::ResourceTree *tree = treeOf(page);
        const object::ObjectKey service{"", "Service", "shop", "web"};
        QVERIFY(list->isExpanded(tree->indexOf(kWeb)));
        list->collapse(tree->indexOf(kWeb));
        page->resourceFilter()->textField()->setFocus();
        QTest::keyClicks(page->resourceFilter()->textField(), u" "_s);
        QVERIFY(!list->isExpanded(tree->indexOf(kWeb)));
        QTest::keyClicks(page->resourceFilter()->textField(), u"1003"_s);
        QCOMPARE(tree->rowCount({}), 1);
        QVERIFY(list->isExpanded(tree->indexOf(kWeb)));
        QVERIFY(list->visualRect(tree->indexOf(kPod)).isValid());
        QTest::keyClick(page->resourceFilter()->textField(), Qt::Key_Escape);
        QVERIFY(page->resourceFilter()->textField()->text().isEmpty());
        QCOMPARE(tree->rowCount({}), 4);
        QVERIFY(!list->isExpanded(tree->indexOf(kWeb)));
        QVERIFY(list->isExpanded(tree->indexOf(service)));
    }

    void whatIsFoundLaterIsInSight()
    {
        Stage stage;
        stage.settings.setTreeGraph(false);
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        QTreeView *list = page->treeList();
        models::ResourceTree *tree = treeOf(page);
        page->resourceFilter()->setFilter(kPods);
        const object::ObjectKey before{"apps", "ReplicaSet", "shop", "web-5c7d9f8b6d"};
        QVERIFY(list->isExpanded(tree->indexOf(before)));
        list->collapse(tree->indexOf(before));
        service::AppDetail detail = *stage.service.application(kShop);
        const auto add = [&detail](std::size_t like, const std::string &name, int parent) {
            service::TreeNode node = detail.tree[like];
            node.key.name = name;
            node.parent = parent;
            detail.tree.push_back(node);
            return node.key;
        };
        const object::ObjectKey next = add(4, "web-77", 1);
        const object::ObjectKey pod = add(5, "web-77-1000", static_cast<int>(detail.tree.size()) - 1);
        stage.service.show(detail);
        QCOMPARE(page->resourceFilter()->countText(), u"13 of 20"_s);
        QVERIFY(tree->indexOf(pod).isValid());
        QVERIFY(list->isExpanded(tree->indexOf(next)));
        QVERIFY(!list->isExpanded(tree->indexOf(before))); // somebody closed it
    }

    void aSelectedResourceThatIsHiddenStaysInTheInspectorAndIsTold()
    {
        Stage stage;
        stage.settings.setTreeGraph(false);
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        selectPod(stage);
        QVERIFY(page->inspector()->isVisible());
        page->resourceFilter()->setFilter(kIngress);
        QVERIFY2(page->resourceFilter()->countText().contains(u"hidden"_s),
                 qPrintable(page->resourceFilter()->countText()));
        QVERIFY(page->inspector()->content().contains(u"Pod"_s));
        QVERIFY(!page->treeList()->currentIndex().isValid());
        stage.service.show(*stage.service.application(kShop));
        QVERIFY(page->resourceFilter()->countText().contains(u"hidden"_s));
        page->resourceFilter()->setFilter({});
        QVERIFY(!page->resourceFilter()->countText().contains(u"hidden"_s));
        QCOMPARE(page->treeList()->currentIndex(), treeOf(page)->indexOf(kPod));
    }

    void aSelectedResourceThatComesBackIsSelectedAgain()
    {
        Stage stage;
        stage.settings.setTreeGraph(false);
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        selectPod(stage);
        models::ResourceFilter problems;
        problems.isTroubleOnly = true;
        page->resourceFilter()->setFilter(problems);
        QTreeView *list = page->treeList();
        QCOMPARE(list->currentIndex(), treeOf(page)->indexOf(kPod));
        const service::AppDetail troubled = *stage.service.application(kShop);
        service::AppDetail better = troubled;
        std::ranges::find(better.tree, kPod, &service::TreeNode::key)->health = service::HealthStatus::Healthy;
        stage.service.show(better);
        QVERIFY(!treeOf(page)->indexOf(kPod).isValid());
        QVERIFY(!list->currentIndex().isValid());
        QVERIFY(page->resourceFilter()->countText().contains(u"hidden"_s));
        stage.service.show(troubled);
        QVERIFY(treeOf(page)->indexOf(kPod).isValid());
        QCOMPARE(list->currentIndex(), treeOf(page)->indexOf(kPod));
        QVERIFY(list->selectionModel()->isSelected(list->currentIndex()));
        QVERIFY(!page->resourceFilter()->countText().contains(u"hidden"_s));
    }

    void aSelectedResourceThatDoesNotMatchIsDimmedInTheGraphAndCanBeChosen()
    {
        Stage stage;
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        selectPod(stage);
        page->resourceFilter()->setFilter(kIngress);
        QVERIFY(!page->resourceFilter()->countText().contains(u"hidden"_s));
        const ui::ResourceGraph *graph = page->graph();
        QVERIFY(graph->isDimmed(graph->selectedCard()));
        QVERIFY2(graph->accessibleDescription().contains(u"1003"_s)
                     && graph->accessibleDescription().endsWith(u"does not match the filter"_s),
                 qPrintable(graph->accessibleDescription()));
        // Another one that the list hides can be chosen.
        const auto other = std::ranges::find(graph->nodes(), std::string("web-5c7d9f8b6d-1004"),
                                             [](const service::TreeNode &node) { return node.key.name; });
        Q_EMIT page->graph()->nodeSelected(static_cast<int>(other - graph->nodes().begin()));
        QCOMPARE(page->inspector()->findChild<ui::ElidedLabel *>()->text(), u"web-5c7d9f8b6d-1004"_s);
        page->resourceFilter()->setFilter({});
        QCOMPARE(brightCards(graph), graph->cardCount());
    }

    void aFoldSaysHowManyOfItAreFound()
    {
        Stage stage;
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        const ui::ResourceGraph *graph = page->graph();
        const std::vector<models::GraphCard> &cards = graph->layoutShown().cards;
        const int fold = static_cast<int>(std::ranges::find_if(cards, &models::GraphCard::isFold) - cards.begin());
        QVERIFY(fold < graph->cardCount());
        QVERIFY2(graph->spokenCard(fold).endsWith(u"folded, Pod, 1 not healthy"_s),
                 qPrintable(graph->spokenCard(fold)));
        page->resourceFilter()->setFilter(kPods);
        QVERIFY2(graph->spokenCard(fold).endsWith(u"folded, Pod, 12 found, 1 not healthy"_s),
                 qPrintable(graph->spokenCard(fold)));
        page->resourceFilter()->setFilter(kIngress);
        QVERIFY2(graph->spokenCard(fold).endsWith(u"folded, Pod, 1 not healthy, does not match the filter"_s),
                 qPrintable(graph->spokenCard(fold)));
    }

    void aResourceThatIsLookedForElsewhereEndsTheFilter()
    {
        Stage stage;
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        models::ResourceFilter filter;
        filter.text = u"ingress"_s;
        page->resourceFilter()->setFilter(filter);
        stage.window->openPalette();
        QTest::keyClicks(stage.window->palettePopup()->field(), u"pod web-5c7d9f8b6d-1003"_s);
        QTest::keyClick(stage.window->palettePopup()->field(), Qt::Key_Return);
        QVERIFY(page->resourceFilter()->filter().isEmpty());
        QVERIFY(page->graph()->accessibleDescription().contains(u"1003"_s));
    }

    void problemsAreChosenInTheMenuAndCounted()
    {
        Stage stage;
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        ui::ResourceFilterBar *bar = page->resourceFilter();
        QAction *problems = bar->statusMenu()->actions().constFirst();
        QVERIFY2(problems->text().endsWith(u"\t2"_s), qPrintable(problems->text()));
        problems->trigger();
        QVERIFY(bar->filter().isTroubleOnly);
        QCOMPARE(bar->countText(), u"2 of 18"_s);
        QCOMPARE(treeOf(page)->nodes().size(), std::size_t(3));
        // What becomes well goes.
        service::AppDetail detail = *stage.service.application(kShop);
        for (service::TreeNode &node : detail.tree) {
            node.health = service::HealthStatus::Healthy;
            node.sync = service::SyncStatus::Synced;
        }
        stage.service.show(detail);
        QCOMPARE(bar->countText(), u"0 of 18"_s);
        QVERIFY(!page->graph()->isVisible());
        bar->statusMenu()->actions().constLast()->trigger();
        QVERIFY(page->graph()->isVisible());
    }

    void aLargeTreeIsAGraphOnlyForWhoAsks()
    {
        Stage stage;
        service::AppDetail detail = *stage.service.application(kShop);
        for (int i = 0; i < 400; ++i) {
            detail.tree.push_back(detail.tree[8]);
            detail.tree.back().key.name = "more-" + std::to_string(i);
        }
        stage.service.show(detail);
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        QVERIFY(page->treeList()->isVisible());
        QToolButton *asGraph = button(page, u"Show as graph"_s);
        QVERIFY(asGraph && !asGraph->isEnabled());
        // Its list is nobody's choice, and who clicks on what is shown makes none.
        QToolButton *asList = button(page, u"Show as list"_s);
        QVERIFY(asList && asList->isChecked());
        asList->click();
        QVERIFY(asList->isChecked());
        QVERIFY(stage.settings.isTreeGraph());
        // Nothing is laid out that is not shown.
        QCOMPARE(page->graph()->cardCount(), 1);
        models::ResourceFilter filter;
        filter.text = u"more-17"_s;
        page->resourceFilter()->setFilter(filter);
        QVERIFY(page->treeList()->isVisible());
        QVERIFY(asGraph->isEnabled());
        QCOMPARE(page->graph()->cardCount(), 1);
        asGraph->click();
        QVERIFY(page->graph()->isVisible());
        // The application, its Deployment, the ReplicaSet and a fold of eleven Pods: what none of them belongs to is left out, what
        // they belong to is dimmed.
        QCOMPARE(page->graph()->cardCount(), 4);
        QCOMPARE(brightCards(page->graph()), 2);
        QVERIFY(page->graph()->isDimmed(1) && page->graph()->isDimmed(2));
        page->resourceFilter()->setFilter({});
        QVERIFY(page->treeList()->isVisible());
    }

    void theFilterIsPartOfTheAddress()
    {
        Stage stage;
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        const QString unfiltered = ui::addressOf(page->location());
        models::ResourceFilter filter = kIngress;
        filter.health = {service::HealthStatus::Degraded, service::HealthStatus::Healthy};
        page->resourceFilter()->setFilter(filter);
        const QString address = ui::addressOf(page->location());
        QVERIFY2(address.contains(u"find=ingress"_s), qPrintable(address));
        ui::MainWindow other(ui::UiContext{stage.service, stage.settings, [] { return test::kNow; }, {}});
        QVERIFY(other.openAddress(address));
        auto *shown = qobject_cast<ui::ApplicationPage *>(other.currentPage());
        QCOMPARE(shown->resourceFilter()->filter(), filter);
        QCOMPARE(ui::addressOf(shown->location()), address);
        // Each place of the history has its own.
        stage.window->openAddress(u"tiphys://prod-eu/argocd/shop?find=web"_s);
        QCOMPARE(page->resourceFilter()->filter().text, u"web"_s);
        stage.window->goBack();
        QCOMPARE(page->resourceFilter()->filter(), filter);
        page->resourceFilter()->setFilter({});
        QCOMPARE(ui::addressOf(page->location()), unfiltered);
        stage.window->goForward();
        QCOMPARE(page->resourceFilter()->filter().text, u"web"_s);
        stage.window->goBack();
        QVERIFY(page->resourceFilter()->filter().isEmpty());
        // The filter of one application is none of another one.
        stage.window->goForward();
        stage.service.show(test::appDetail(stage.rows[1]));
        stage.window->openAddress(u"tiphys://prod-eu/argocd/billing?find=pod&only=problems"_s);
        QVERIFY(page->resourceFilter()->filter().isTroubleOnly);
        QCOMPARE(page->resourceFilter()->filter().text, u"pod"_s);
        stage.window->goBack();
        QCOMPARE(page->resourceFilter()->filter().text, u"web"_s);
        stage.window->goForward();
        QVERIFY(page->resourceFilter()->filter().isTroubleOnly);
        QCOMPARE(page->resourceFilter()->filter().text, u"pod"_s);
        stage.window->goBack();
        QCOMPARE(page->resourceFilter()->filter().text, u"web"_s);
    }

    void anotherApplicationBeginsUnfiltered()
    {
        Stage stage;
        ui::ApplicationPage *page = openTree(stage);
        QVERIFY(page);
        models::ResourceFilter filter;
        filter.text = u"ingress"_s;
        page->resourceFilter()->setFilter(filter);
        stage.window->open({ui::PageKind::Applications, {}, {}});
        stage.window->goBack();
        QCOMPARE(page->resourceFilter()->filter(), filter);
        stage.service.show(test::appDetail(stage.rows[1]));
        stage.window->open(ui::applicationLocation(stage.rows[1].id));
        QVERIFY(page->resourceFilter()->filter().isEmpty());
    }
};

QTEST_MAIN(ResourceFilterTest)
#include "resource_filter_test.moc"
