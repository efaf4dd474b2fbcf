// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/forecast_text.h"

#include "models/rollout_text.h"
#include "models/text.h"

#include <QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

struct Forecast
{
    Q_DECLARE_TR_FUNCTIONS(Forecast)
};

} // namespace

QString forecastTime(const service::ForecastMoment &moment)
{
    return u"+"_s + durationText(moment.milliseconds / 1000);
}

QString forecastSentence(const service::ForecastMoment &moment)
{
    QStringList parts;
    if (moment.steps > 0 && moment.step >= moment.steps)
        parts << Forecast::tr("all %1 steps done").arg(moment.steps);
    else if (moment.steps > 0)
        parts << Forecast::tr("step %1 of %2, %3").arg(moment.step + 1).arg(moment.steps).arg(text(moment.stepText));
    if (moment.weight)
        parts << Forecast::tr("%1 of the traffic").arg(percent(*moment.weight, 100));
    parts << Forecast::tr("%1 of %2 new pods and %3 of %4 stable ones available")
                 .arg(moment.newAvailable)
                 .arg(moment.newReplicas)
                 .arg(moment.stableAvailable)
                 .arg(moment.stableReplicas);
    if (!moment.phase.empty())
        parts << text(moment.phase);
    if (moment.isPromotion)
        parts << Forecast::tr("a person promotes");
    return forecastTime(moment) + u": "_s + parts.join(u"; "_s);
}

std::vector<double> forecastPlaces(const std::vector<service::ForecastMoment> &moments)
{
    std::vector<double> places;
    double along = 0;
    for (std::size_t i = 0; i < moments.size(); ++i) {
        if (i > 0) {
            const double seconds = static_cast<double>(moments[i].milliseconds - moments[i - 1].milliseconds) / 1000;
            along += seconds > 0 ? 1 + std::log2(1 + seconds) : 0;
        }
        places.push_back(along);
    }
    for (double &place : places)
        place = along > 0 ? place / along : 0;
    return places;
}

} // namespace tiphys::models
