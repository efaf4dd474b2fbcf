// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/forecast_text.h"

#include <QTest>

using namespace tiphys;
using service::ForecastMoment;

namespace {

ForecastMoment after(std::int64_t seconds)
{
    return {.milliseconds = seconds * 1000,
            .step = 0,
            .steps = 2,
            .stepText = "setWeight 20",
            .weight = 20,
            .newAvailable = 1,
            .newReplicas = 1,
            .stableAvailable = 4,
            .stableReplicas = 5,
            .phase = "Progressing",
            .isPromotion = false};
}

} // namespace

class ForecastTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMomentIsTold()
    {
        QCOMPARE(models::forecastSentence(after(65)),
                 QStringLiteral("+1 min 5 s: step 1 of 2, setWeight 20; 20 % of the traffic; 1 of 1 new pods and 4 of "
                                "5 stable ones available; Progressing"));
        ForecastMoment last = after(0);
        last.step = 2;
        last.weight.reset();
        last.isPromotion = true;
        QCOMPARE(models::forecastSentence(last),
                 QStringLiteral("+0 s: all 2 steps done; 1 of 1 new pods and 4 of 5 stable ones available; "
                                "Progressing; a person promotes"));
        last.steps = 0;
        QVERIFY(models::forecastSentence(last).startsWith(QStringLiteral("+0 s: 1 of 1 new pods")));
    }

    void longWaitsLeaveRoomForShortOnes()
    {
        QVERIFY(models::forecastPlaces({}).empty());
        QCOMPARE(models::forecastPlaces({after(7)}), std::vector<double>{0});
        const std::vector<double> places =
            models::forecastPlaces({after(0), after(0), after(3), after(86'403), after(86'406)});
        QCOMPARE(places.size(), 5U);
        QCOMPARE(places[0], 0.0);
        QCOMPARE(places[1], 0.0);
        QCOMPARE(places[4], 1.0);
        QVERIFY2(places[2] > 0.1, "three seconds beside a day are seen");
        QVERIFY(places[3] - places[2] > places[2]);
        QVERIFY(qFuzzyCompare(places[4] - places[3], places[2]));
    }
};

QTEST_MAIN(ForecastTextTest)
#include "forecast_text_test.moc"
