// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/application_access.h"
#include "control/diff_view.h"
#include "crd/source_edit.h"
#include "service/resource_actions.h"

/// Changes of an Application's sources, each one JSON patch that holds only while the source is as it was seen.
namespace tiphys::control {

/// What changing a source writes.
struct SourceChange
{
    crd::Application app;
    object::Value patch; ///< JSON Patch; an empty list: nothing changes
    object::Object after;
    std::string refusal;               ///< why the server would refuse, "" if it would not
    std::vector<std::string> warnings; ///< who will write the old source again

    bool isEmpty() const { return patch.size() == 0; }
};

/// Works out what putting \p source at \p position (0: the only one) of \p app writes, and asks for the right to.
Async<SourceChange> plannedSourceChange(ports::ClusterPtr cluster, crd::Application app, int position,
                                        crd::ApplicationSource source, CancelToken cancel);

/// Writes it. Errors: Conflict where the source is no longer as it was seen; after a lost answer the Application is read
/// again, and the error says what became of it.
Async<crd::Application> writeSourceChange(ports::ClusterPtr cluster, SourceChange change, ports::DryRun dryRun, CancelToken cancel);

/// Who owns \p app and will write the old source again: an ApplicationSet, or the application that tracks it.
std::vector<std::string> sourceWarnings(const crd::Application &app);

/// One action for each source of \p app, its parameters as fields; see service/source_form.h.
std::vector<service::OfferedAction> sourceOffers(const crd::Application &app, const service::Permission &permission);
/// The place of the source that \p action changes; nothing for other actions.
std::optional<int> sourcePlaceOf(std::string_view action);

/// What \p request for a source would do; Application and rights are read now.
Async<service::ActionPreview> previewSource(ports::ClusterPtr cluster, service::ActionRequest request, CancelToken cancel);
/// Does it. Errors: Conflict if it would write something else than was shown.
Async<service::ActionResult> runSource(ports::ClusterPtr cluster, service::ActionRequest request, CancelToken cancel);
/// May the sources of \p app be changed?
Async<service::Permission> mayChangeSources(ports::ClusterPtr cluster, crd::Application app, CancelToken cancel);

} // namespace tiphys::control
