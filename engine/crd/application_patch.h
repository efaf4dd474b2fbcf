// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string>
#include <vector>

namespace tiphys::crd {

enum class PatchForm {
    Json,  ///< a list of operations (RFC 6902)
    Merge, ///< RFC 7386
};

/// What a patch makes of an Application.
struct PatchedApplication
{
    object::Value after;              ///< the whole object
    std::vector<std::string> ignored; ///< fields that the patch changes and that stay as they are: "status"
};

/// \p application after \p patch, as far as it is about the spec, labels, annotations and finalizers; the spec is normalised.
/// Errors: those of the patch; InvalidInput where another object would come out, or a field is of a wrong type.
/// Source: argo-cd server/application/application.go (Patch, updateApp)@v3.5.1
Expected<PatchedApplication> patched(const object::Value &application, const object::Value &patch, PatchForm form);

/// JSON Patch that makes \p after of \p before in the spec, labels, annotations and finalizers; each field that changes is
/// tested first: those of the spec, each label and annotation, all finalizers. An empty list where nothing changes.
object::Value applicationPatch(const object::Value &before, const object::Value &after);

} // namespace tiphys::crd
