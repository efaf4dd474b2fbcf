// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

namespace tiphys::control {

/// Whether \p application is as a merge patch that asks for something wants it: every field that \p patch sets or
/// removes, apart from metadata.resourceVersion. An operation counts too once somebody has taken it up, and is told in
/// status.operationState.
bool hasTakenEffect(const object::Value &patch, const object::Object &application);

/// Whether \p live is what the creation of \p asked made: it has all its labels and annotations, tracking marks among
/// them. Other fields are the server's to fill in.
bool isOfSameMaker(const object::Object &asked, const object::Object &live);

/// True where asking again may help: the server did not answer, or its answer was lost.
bool isPassing(const Error &error);

} // namespace tiphys::control
