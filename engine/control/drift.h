// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/evaluation.h"

namespace tiphys::control {

/// Whether \p live, a resource of the application changed by hand, would differ from what Git wants; false for objects
/// that Git does not name. It may be in another version than Git has. \p evaluation is the last one of the application, made with \p settings.
bool wouldDiffer(const crd::Application &app, const Evaluation &evaluation, const compare::CompareSettings &settings,
                 const object::Object &live);

} // namespace tiphys::control
