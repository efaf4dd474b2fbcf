// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTreeView;

namespace tiphys::ui {

/// The look and behaviour that all lists share: whole rows, uniform height, hover, no frame, Enter opens.
void setUpListView(QTreeView *view);

} // namespace tiphys::ui
