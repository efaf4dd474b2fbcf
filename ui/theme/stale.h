// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tiphys::ui {

/// How much of a row is seen whose cluster does not answer, or has not yet.
inline constexpr double kStaleOpacity = 0.55;

} // namespace tiphys::ui
