// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "service/applications.h"

namespace tiphys::control {

/// Milliseconds since 1970 of an RFC 3339 text, 0 if it is none.
service::WallTime wallTimeOf(std::string_view rfc3339);

/// The table's line for \p app as it is stored; \p now decides what is late. Urgency and cause follow the stored
/// status; the commit has only its revision.
service::AppRow rowOf(const std::string &context, const crd::Application &app, service::WallTime now);

/// The line of an Application that cannot be read: its name and why.
service::AppRow unreadableRow(const std::string &context, const object::Object &object, const Error &error);

/// The operation that runs or ran last, for its page.
service::OperationView operationViewOf(const crd::Application &app);
/// Writes the waves of \p objects (targets with hooks, or live ones) to the results of \p operation that are theirs: the stored
/// result has none. Hooks with a generated name are told by its beginning.
void takeWaves(service::OperationView &operation, const std::vector<object::Object> &objects);
/// The history, newest first.
std::vector<service::HistoryRow> historyOf(const crd::Application &app);

service::SyncStatus syncStatusOf(crd::SyncCode code);
service::HealthStatus healthStatusOf(crd::HealthCode code);
service::OperationPhase operationPhaseOf(crd::OperationPhase phase);

} // namespace tiphys::control
