// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/invocation.h"
#include "crd/application.h"

namespace tiphys::cli {

/// What `app create` puts into an Application beside its source.
struct CreateFlags
{
    crd::SourceEdit source;
    crd::SpecEdit spec;
    std::vector<std::string> labels;      ///< NAME=VALUE
    std::vector<std::string> annotations; ///< NAME=VALUE, or NAME for an empty one
    bool hasFinalizer = false;            ///< deleting the application deletes its resources
};

/// Do the flags of a source fit \p app? Errors: InvalidInput where there are some and it has `spec.sources`.
Expected<void> checkSourceFlags(const object::Object &app, const CreateFlags &flags);

/// \p app with what \p flags say. What they say of a source is left out where \p app has `spec.sources`, and beside a source
/// hydrator.
/// Errors: InvalidInput.
/// Source: argo-cd cmd/util/app.go (constructAppsBaseOnName, constructAppsFromFileURL)@v3.5.1, which beside `spec.sources` leaves
/// out the other fields of the spec too
Expected<object::Object> withCreateFlags(const object::Object &app, const CreateFlags &flags);

/// \p existing with spec and finalizers of \p wanted, and its labels and annotations over those that are there.
/// Errors: InvalidInput where \p wanted is no Application.
/// Source: argo-cd server/application/application.go (Create, updateApp)@v3.5.1
Expected<object::Value> upserted(const crd::Application &existing, const object::Object &wanted);

} // namespace tiphys::cli
