// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <QString>

#include <set>
#include <string>

namespace tiphys::models {

/// The field's word for a status; "" where there is nothing to say.
QString statusWord(service::SyncStatus status);
QString statusWord(service::HealthStatus status);
QString statusWord(service::OperationPhase phase);

/// One sentence that explains the word, for tooltips and F1.
QString explanation(service::SyncStatus status);
QString explanation(service::HealthStatus status);
QString explanation(service::OperationPhase phase);
QString explanation(service::Urgency urgency);

/// Who does the work, in two or three words, and what that means in one sentence.
QString reconcilerText(service::Reconciler reconciler);
QString explanation(service::Reconciler reconciler);

/// State of a context in words: "live", "no answer, last seen 4 min ago".
QString reachabilityText(const service::ClusterState &cluster, service::WallTime now);
/// True when what is shown of the cluster may be old.
bool isOutOfReach(service::Reachability reachability);
/// The contexts of \p clusters for which that is so.
std::set<std::string> contextsOutOfReach(const service::ClustersSnapshot &clusters);
/// What clusters wait for that are being connected to, a line each: "prod-eu: Waiting for …". "" where that is not known.
QString awaitedText(const service::ClustersSnapshot &clusters);
QString levelText(service::Level level);
/// What a level changes, one sentence.
QString explanation(service::Level level);

} // namespace tiphys::models
