// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/application_access.h"
#include "crd/source_edit.h"
#include "service/sync.h"

#include <string>
#include <vector>

/// Changes of an Application's spec, each one JSON patch that holds only while what it changes is as it was seen.
namespace tiphys::control {

/// What changing a source, or other fields of the spec, writes.
struct SourceChange
{
    crd::Application app;
    object::Value patch; ///< JSON Patch; an empty list: nothing changes
    object::Object after;
    std::string refusal;               ///< why the server would refuse, "" if it would not
    std::vector<std::string> warnings; ///< who will write the old spec again, and what the new one does at once

    bool isEmpty() const { return patch.size() == 0; }
};

/// Works out what putting \p source at \p position (0: the only one) of \p app writes, and asks for the right to.
Async<SourceChange> plannedSourceChange(ports::ClusterPtr cluster, crd::Application app, int position,
                                        crd::ApplicationSource source, CancelToken cancel);

/// The same for any \p patch of the spec, which tests each field that it changes.
Async<SourceChange> plannedSpecChange(ports::ClusterPtr cluster, crd::Application app, object::Value patch,
                                      CancelToken cancel);

/// Writes it. Errors: Conflict where what it changes is no longer as it was seen; after a lost answer the Application is read
/// again, and the error says what became of it.
Async<crd::Application> writeSourceChange(ports::ClusterPtr cluster, SourceChange change, ports::DryRun dryRun,
                                          CancelToken cancel);

/// Who owns \p app and will write the old source again: an ApplicationSet, or the application that tracks it; and that
/// automated sync is on.
std::vector<std::string> sourceWarnings(const crd::Application &app);

/// May the sources of \p app be changed?
Async<service::Permission> mayChangeSources(ports::ClusterPtr cluster, crd::Application app, CancelToken cancel);

} // namespace tiphys::control
