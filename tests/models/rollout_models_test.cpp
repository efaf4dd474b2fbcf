// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/attention_list.h"
#include "models/rollout_lists.h"
#include "models/rollout_table.h"
#include "models/rollout_text.h"
#include "support/recorded_service.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <random>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::RolloutAct;
using service::RolloutPhase;
using service::RolloutRow;
using service::RolloutWait;

namespace {

RolloutRow healthyRow(const std::string &name)
{
    RolloutRow row = test::rolloutRow("prod-eu", name);
    row.phase = RolloutPhase::Healthy;
    row.wait = RolloutWait::Nothing;
    row.stepIndex = static_cast<int>(row.steps.size());
    row.stableHash = row.podHash;
    row.isUpdating = false;
    return row;
}

} // namespace

class RolloutModelsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thoseThatWaitForAPersonComeFirst()
    {
        models::RolloutTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        test::RecordedRollouts rollouts;
        RolloutRow timed = test::rolloutRow("prod-eu", "alpha");
        timed.wait = RolloutWait::Timer;
        rollouts.show({healthyRow("beta"), timed, test::rolloutRow("prod-eu", "zeta")});
        table.apply(rollouts.rollouts());
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(table.rowAt(0)->id.name, std::string("zeta"));
        QCOMPARE(table.rowAt(2)->id.name, std::string("beta"));
        QCOMPARE(table.waitingCount(), 1);
    }

    void aFilterMatchesNameNamespaceAndImage()
    {
        models::RolloutTable table;
        test::RecordedRollouts rollouts;
        rollouts.show({healthyRow("beta"), test::rolloutRow("prod-eu", "zeta")});
        table.apply(rollouts.rollouts());
        table.setFilter(u"shop zeta"_s);
        QCOMPARE(table.rowCount(), 1);
        table.setFilter(u"nothing"_s);
        QCOMPARE(table.rowCount(), 0);
    }

    void aPromotionIsToldUpToTheNextPauseForAPerson()
    {
        RolloutRow row = test::rolloutRow("prod-eu", "web");
        QCOMPARE(models::promotionText(row), u"40 %, then on its own to 100 % in about 10 s"_s);
        row.steps.push_back({service::RolloutStep::Kind::Pause, 0, 0, ""});
        QCOMPARE(models::promotionText(row), u"40 % at the next pause"_s);
        row.isBlueGreen = true;
        QCOMPARE(models::promotionText(row), u"all of the traffic goes to the new version"_s);
    }

    void weightsArePartsOfTheWhole()
    {
        RolloutRow row = test::rolloutRow("prod-eu", "web");
        row.maxWeight = 1000;
        row.weight = 20;
        QCOMPARE(models::ladderOf(row, {}, {}, test::kNow)[0].sentence, u"Send 2 % to the new version"_s);
        QCOMPARE(models::percent(5, 1000), u"0.5 %"_s);
        models::RolloutTable table;
        test::RecordedRollouts rollouts;
        rollouts.show(std::vector{row});
        table.apply(rollouts.rollouts());
        QCOMPARE(table.index(0, static_cast<int>(models::RolloutTable::Column::Traffic)).data().toString(),
                 u"2 % new version"_s);
    }

    void whatGitMakesOfAnUndoIsSaidBeforehand()
    {
        RolloutRow row = test::rolloutRow("prod-eu", "web");
        QCOMPARE(models::gitConsequence(RolloutAct::Undo, row), QString());
        row.app = {"prod-eu", "argocd", "shop"};
        QVERIFY(models::gitConsequence(RolloutAct::Undo, row).contains(u"next sync overwrites"_s));
        row.isAppAutomated = row.isAppSelfHealed = true;
        QVERIFY(models::gitConsequence(RolloutAct::Undo, row)
                    .startsWith(u"Self-heal of shop puts the version from Git back"_s));
        QVERIFY(models::gitConsequence(RolloutAct::Abort, row).contains(u"revert in Git"_s));
    }

    void theLadderShowsWhatIsDoneNowAndToCome()
    {
        const std::vector<models::LadderItem> ladder =
            models::ladderOf(test::rolloutRow("prod-eu", "web"), {}, {}, test::kNow);
        QCOMPARE(ladder.size(), std::size_t{4});
        QCOMPARE(ladder[0].state, models::LadderItem::State::Done);
        QCOMPARE(ladder[1].state, models::LadderItem::State::Current);
        QCOMPARE(ladder[1].note, u"waits 14 min for you"_s);
        QCOMPARE(ladder[2].state, models::LadderItem::State::ToCome);
        QCOMPARE(ladder[2].sentence, u"Send 40 % to the new version"_s);
    }

    void theLadderSaysWhenAStepStartedAndHowLongItTook()
    {
        RolloutRow row = test::rolloutRow("prod-eu", "web");
        row.steps[0] = {service::RolloutStep::Kind::Analysis, 0, 0, "error-rate"};
        service::AnalysisRow run;
        run.type = "Step";
        run.stepIndex = 0;
        run.revision = row.revision;
        run.isCurrent = true;
        run.startedAt = test::kNow - 20 * 60'000;
        run.completedAt = test::kNow - 15 * 60'000;
        service::AnalysisRow before = run;
        before.revision = row.revision - 1;
        before.startedAt += 60'000;
        QCOMPARE(models::ladderOf(row, {before, run}, {}, test::kNow)[0].note, u"started 20 min ago, took 5 min"_s);
        QCOMPARE(models::ladderOf(row, {before}, {}, test::kNow)[0].note, QString());
        row.stepIndex = 0;
        row.wait = RolloutWait::Nothing;
        row.analysis = "Running";
        run.completedAt = 0;
        QCOMPARE(models::ladderOf(row, {run}, {}, test::kNow)[0].note, u"Running · started 20 min ago"_s);
        row.stepIndex = 3;
        row.wait = RolloutWait::Timer;
        row.waitSince = test::kNow - 6'000;
        row.waitEnds = test::kNow + 4'000;
        const models::LadderItem pause = models::ladderOf(row, {}, {}, test::kNow)[3];
        QCOMPARE(pause.note, u"goes on in 4 s · started 6 s ago"_s);
        QVERIFY(!pause.times.isEmpty());
    }

    void whatNobodyAskedAwsIsNotVerified()
    {
        QVERIFY(models::weightCheckText(service::WeightCheck::NotNeeded).isEmpty());
        QVERIFY(models::weightCheckText(service::WeightCheck::NotVerified).contains(u"not verified"_s));
    }

    void theLadderTellsTimesOfAllStepsThatAreKnown()
    {
        RolloutRow row = test::rolloutRow("prod-eu", "web");
        row.stepIndex = 2;
        row.wait = RolloutWait::Nothing;
        const service::WallTime now = test::kNow;
        const std::vector<service::StepTimes> times{{0, now - 20 * 60'000, now - 15 * 60'000},
                                                    {1, 0, now - 5 * 60'000},
                                                    {2, now - 5 * 60'000, 0},
                                                    {9, now, now}};
        const auto ladder = models::ladderOf(row, {}, times, now);
        QCOMPARE(ladder[0].note, u"started 20 min ago, took 5 min"_s);
        QCOMPARE(ladder[1].note, u"done 5 min ago"_s);
        QCOMPARE(ladder[2].note, u"under way · started 5 min ago"_s);
        QCOMPARE(ladder[3].note, QString());
        row.isBlueGreen = true;
        row.isUpdating = false;
        const auto blueGreen =
            models::ladderOf(row, {}, {{0, now - 20 * 60'000, now - 15 * 60'000}, {2, 0, now - 5 * 60'000}}, now);
        QCOMPARE(blueGreen[0].note, u"started 20 min ago, took 5 min"_s);
        QCOMPARE(blueGreen[1].note, QString());
        QCOMPARE(blueGreen[2].note, u"done 5 min ago"_s);
    }

    void agesOfLinesThatStayAreShownAnew()
    {
        models::RevisionList list;
        const service::RolloutDetail detail = test::rolloutDetail(test::rolloutRow("prod-eu", "web"));
        list.apply(detail.revisions, test::kNow);
        QSignalSpy changed(&list, &QAbstractItemModel::dataChanged);
        list.apply(detail.revisions, test::kNow + 3'600'000);
        QVERIFY(std::ranges::any_of(
            changed, [](const QList<QVariant> &signal) { return signal[0].toModelIndex().column() == 4; }));
        QCOMPARE(list.index(0, 4).data().toString(), u"75 min ago"_s);
    }

    void aTimedPauseCountsDown()
    {
        RolloutRow row = test::rolloutRow("prod-eu", "web");
        row.wait = RolloutWait::Timer;
        row.waitEnds = test::kNow + 7'500;
        QCOMPARE(models::waitText(row, test::kNow), u"goes on in 8 s"_s);
        QCOMPARE(models::waitText(row, test::kNow + 20'000), u"goes on now"_s);
    }

    void aWaitingRolloutNeedsAttentionAndOffersItsSheet()
    {
        models::AttentionList list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::Fatal);
        test::RecordedRollouts rollouts;
        rollouts.show({healthyRow("beta"), test::rolloutRow("prod-eu", "web")});
        list.applyRollouts(rollouts.rollouts());
        QCOMPARE(list.rowCount(), 1);
        QCOMPARE(list.rowAt(0).nextAct, models::AttentionItem::NextAct::Promote);
        QCOMPARE(list.attentionCount(), 1);
        RolloutRow switched = test::rolloutRow("prod-eu", "web");
        switched.isBlueGreen = true;
        rollouts.show(std::vector<RolloutRow>{switched});
        list.applyRollouts(rollouts.rollouts());
        QCOMPARE(models::nextActText(list.rowAt(0).nextAct), models::actText(RolloutAct::Promote, true) + u"…"_s);
        QVERIFY(list.rowAt(0).isWaitingRollout());
    }

    void linesThatChangeStandWhereAFreshTableHasThem_data()
    {
        QTest::addColumn<QString>("words");
        QTest::newRow("all") << QString();
        QTest::newRow("filtered") << u"rollout-10"_s;
    }
    void linesThatChangeStandWhereAFreshTableHasThem()
    {
        QFETCH(const QString, words);
        std::mt19937 random(7);
        models::RolloutTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        table.setFilter(words);
        service::RolloutsSnapshot snapshot;
        for (int i = 0; i < 200; ++i) {
            RolloutRow row = i % 5 == 0 ? test::rolloutRow("prod-eu", "r") : healthyRow("r");
            row.id.name = "rollout-" + std::to_string(100 + i);
            snapshot.rows.push_back(std::make_shared<RolloutRow>(row));
        }
        table.apply(std::make_shared<service::RolloutsSnapshot>(snapshot));
        const QPersistentModelIndex followed = table.index(3, 0);
        const service::RolloutId id = table.rowAt(3)->id;
        for (int round = 0; round < 100; ++round) {
            for (unsigned change = random() % 6; change > 0; --change) {
                service::RolloutRowPtr &place = snapshot.rows[random() % snapshot.rows.size()];
                auto row = std::make_shared<RolloutRow>(*place);
                row->wait = random() % 2 == 0 ? RolloutWait::Nothing : RolloutWait::Promotion;
                row->phase = row->wait == RolloutWait::Nothing ? RolloutPhase::Progressing : RolloutPhase::Paused;
                row->waitSince = static_cast<service::WallTime>(random() % 5);
                place = row;
            }
            table.apply(std::make_shared<service::RolloutsSnapshot>(snapshot));
            models::RolloutTable fresh;
            fresh.setFilter(words);
            fresh.apply(std::make_shared<service::RolloutsSnapshot>(snapshot));
            QVERIFY(table.rows() == fresh.rows());
            QCOMPARE(table.rowAt(followed.row())->id, id);
        }
    }

    void tenThousandRowsTakeAThousandChangesASecondWithinAFrame()
    {
        constexpr int kRows = 10'000;
        constexpr int kChangesAFrame = 50; // twenty snapshots a second
        models::RolloutTable table;
        service::RolloutsSnapshot snapshot;
        for (int i = 0; i < kRows; ++i) {
            RolloutRow row = i % 50 == 0 ? test::rolloutRow("prod-eu", "r") : healthyRow("r");
            row.id.name = "rollout-" + std::to_string(100'000 + i);
            snapshot.rows.push_back(std::make_shared<RolloutRow>(row));
        }
        table.apply(std::make_shared<service::RolloutsSnapshot>(snapshot));
        QCOMPARE(table.rowCount(), kRows);
        qint64 worst = 0;
        qint64 total = 0;
        constexpr int kFrames = 40;
        for (int frame = 0; frame < kFrames; ++frame) {
            service::RolloutsSnapshot next = snapshot;
            for (int i = 0; i < kChangesAFrame; ++i) {
                const auto place = static_cast<std::size_t>((frame * 997 + i * 199) % kRows);
                RolloutRow row = *next.rows[place];
                row.available += 1;
                // One in ten changes what the order depends on.
                if (i % 10 == 0) {
                    row.wait = row.wait == RolloutWait::Nothing ? RolloutWait::Promotion : RolloutWait::Nothing;
                    row.phase = row.wait == RolloutWait::Nothing ? RolloutPhase::Progressing : RolloutPhase::Paused;
                }
                next.rows[place] = std::make_shared<RolloutRow>(row);
            }
            const auto shown = std::make_shared<service::RolloutsSnapshot>(next);
            QElapsedTimer timer;
            timer.start();
            table.apply(shown);
            worst = std::max(worst, timer.nsecsElapsed());
            total += timer.nsecsElapsed();
            snapshot = std::move(next);
        }
        qInfo("mean %.2f ms, worst %.2f ms", static_cast<double>(total) / kFrames / 1e6,
              static_cast<double>(worst) / 1e6);
        QCOMPARE(table.rowCount(), kRows);
    }
};

QTEST_MAIN(RolloutModelsTest)
#include "rollout_models_test.moc"
