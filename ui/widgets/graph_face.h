// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tiphys::ui {

/// From now on assistive technology gets the cards of each ResourceGraph as items of a tree, with name, status, place and
/// selection. Called as often as one likes.
void offerGraphFaces();

} // namespace tiphys::ui
