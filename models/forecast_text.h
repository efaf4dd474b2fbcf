// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QString>

#include <vector>

namespace tiphys::models {

/// "+1 min 5 s": time since the beginning of the update.
QString forecastTime(const service::ForecastMoment &moment);
/// "+20 s: step 2 of 8, pause; 20 % of the traffic; 1 of 1 new pods and 4 of 4 stable ones available; Paused".
QString forecastSentence(const service::ForecastMoment &moment);
/// Where each of \p moments is drawn, from 0 to 1. Times between them are shown shortened, the long ones most: an hour of
/// waiting must leave room for the seconds in which things happen.
std::vector<double> forecastPlaces(const std::vector<service::ForecastMoment> &moments);

} // namespace tiphys::models
