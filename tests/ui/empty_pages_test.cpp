// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/start_page.h"
#include "ui/widgets/card_grid.h"
#include "ui/widgets/labels.h"
#include "window_stage.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <array>
#include <memory>
#include <vector>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::Reachability;
using ui::PageKind;

namespace {

/// A window over contexts that were given their state, without anything in them.
struct EmptyStage
{
    explicit EmptyStage(const std::vector<Reachability> &states)
    {
        service::ClustersSnapshot clusters;
        for (std::size_t i = 0; i < states.size(); ++i) {
            service::ClusterState cluster = test::liveCluster("c" + std::to_string(i), 0);
            cluster.reachability = states[i];
            if (states[i] == Reachability::Unreachable)
                cluster.message = "connection refused";
            clusters.clusters.push_back(cluster);
        }
        service.show(clusters);
        service.show(std::vector<service::AppRow>());
        window = std::make_unique<ui::MainWindow>(ui::UiContext{service, settings, [] { return test::kNow; }, {}});
        window->show();
    }

    const ui::EmptyPane *paneOf(PageKind page) const
    {
        window->open({page, {}, {}});
        return visiblePane();
    }

    const ui::EmptyPane *visiblePane() const
    {
        for (const ui::EmptyPane *pane : window->currentPage()->findChildren<ui::EmptyPane *>()) {
            if (pane->isVisible())
                return pane;
        }
        return nullptr;
    }

    QTemporaryDir folder;
    test::RecordedService service;
    ui::Settings settings{folder.filePath(u"settings.ini"_s)};
    std::unique_ptr<ui::MainWindow> window;
};

constexpr std::array kLists{PageKind::Attention, PageKind::Applications, PageKind::Rollouts};

} // namespace

class EmptyPagesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutAKubeconfigEachListLeadsToTheStart()
    {
        const EmptyStage stage({});
        for (const PageKind page :
             {PageKind::Attention, PageKind::Applications, PageKind::Rollouts, PageKind::Clusters}) {
            const ui::EmptyPane *pane = stage.paneOf(page);
            QVERIFY(pane);
            QCOMPARE(pane->title(), u"No cluster is connected"_s);
            QVERIFY(stage.window->currentPage()->isSettled());
            auto *button = pane->findChild<QPushButton *>();
            QVERIFY(button && button->isVisible());
            button->click();
            QVERIFY(qobject_cast<ui::StartPage *>(stage.window->currentPage()));
        }
    }

    void theFirstPageFitsIntoASmallWindow()
    {
        EmptyStage stage({});
        stage.window->open({PageKind::Start, {}, {}});
        const auto *cards = stage.window->currentPage()->findChild<ui::CardGrid *>();
        QVERIFY(cards);
        stage.window->resize(1100, 700);
        QTRY_VERIFY(cards->columns() > 1);
        stage.window->resize(760, 520);
        QTRY_COMPARE(cards->columns(), 1);
        QTRY_COMPARE(cards->visibleRegion().boundingRect().width(), cards->width());
        stage.window->resize(1100, 700);
        QTRY_VERIFY(cards->columns() > 1);
    }

    void aBrokenKubeconfigIsToldOnTheFirstPage()
    {
        EmptyStage stage({});
        service::ClustersSnapshot clusters;
        clusters.problems.push_back("config: line 2: no mapping");
        stage.service.show(clusters);
        stage.window->open({PageKind::Start, {}, {}});
        const auto *banner = stage.window->currentPage()->findChild<ui::Banner *>();
        QVERIFY(banner && banner->isVisible());
        QCOMPARE(banner->text(), u"Config: line 2: no mapping."_s);
        stage.service.show(service::ClustersSnapshot());
        QVERIFY(!banner->isVisible());
    }

    void withoutATickedContextNothingIsAsked()
    {
        const EmptyStage stage({Reachability::NotContacted});
        for (const PageKind page : kLists) {
            const ui::EmptyPane *pane = stage.paneOf(page);
            QVERIFY(pane);
            QCOMPARE(pane->title(), u"No cluster is connected"_s);
        }
        QVERIFY(!stage.paneOf(PageKind::Clusters));
    }

    void silentClustersAreNotEmptyOnes()
    {
        const EmptyStage stage({Reachability::Unreachable, Reachability::NotContacted, Reachability::Denied});
        for (const PageKind page : {PageKind::Applications, PageKind::Rollouts}) {
            const ui::EmptyPane *pane = stage.paneOf(page);
            QVERIFY(pane);
            QCOMPARE(pane->title(), u"No cluster answers"_s);
            QCOMPARE(pane->text(), u"c0: Connection refused.\nc2: Access denied."_s);
        }
    }

    void oneThatAnswersMayBeEmpty()
    {
        const EmptyStage stage({Reachability::Unreachable, Reachability::Live});
        const ui::EmptyPane *pane = stage.paneOf(PageKind::Applications);
        QVERIFY(pane);
        QCOMPARE(pane->title(), u"No applications"_s);
    }

    void anApplicationOfASilentClusterIsNotAwaited()
    {
        const EmptyStage stage({Reachability::Unreachable});
        stage.window->open(ui::applicationLocation({"c0", "argocd", "shop"}));
        const ui::EmptyPane *pane = stage.visiblePane();
        QVERIFY(pane);
        QCOMPARE(pane->title(), u"No answer from c0"_s);
        QCOMPARE(pane->text(), u"Connection refused."_s);
    }

    void aFilterThatNoContextMatchesCanBeCleared()
    {
        const EmptyStage stage({Reachability::NotContacted});
        stage.window->open({PageKind::Clusters, {}, {}});
        auto *filter = stage.window->currentPage()->findChild<QLineEdit *>();
        QVERIFY(filter);
        filter->setText(u"nothing like it"_s);
        const ui::EmptyPane *pane = stage.visiblePane();
        QVERIFY(pane);
        QCOMPARE(pane->title(), u"Nothing matches"_s);
        pane->findChild<QPushButton *>()->click();
        QVERIFY(!stage.visiblePane());
    }

    void theToolBarTellsThoseThatAnswerFromThoseThatDoNot()
    {
        const auto said = [](const std::vector<Reachability> &states) {
            const EmptyStage stage(states);
            for (const QToolButton *button : stage.window->findChildren<QToolButton *>()) {
                if (button->toolTip() == u"Shows the clusters"_s)
                    return button->text();
            }
            return QString();
        };
        QCOMPARE(said({Reachability::Live, Reachability::Unreachable}), u"1 live · 1 out of reach"_s);
        QCOMPARE(said({Reachability::Live, Reachability::Denied}), u"1 live · 1 without access"_s);
        QCOMPARE(said({Reachability::Unreachable}), u"1 out of reach"_s);
        QCOMPARE(said({Reachability::Live, Reachability::NotContacted}), u"1 live"_s);
    }
};

QTEST_MAIN(EmptyPagesTest)
#include "empty_pages_test.moc"
