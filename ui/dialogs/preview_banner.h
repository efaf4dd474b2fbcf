// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <vector>

namespace tiphys::ui {

class Banner;

/// What a dialog with a preview says above it: why it would be refused, else \p changedMeanwhile (what was to be written is
/// no longer what was seen; "" if it is), else the warnings; nothing without any.
void showPreviewState(Banner &banner, const std::string &refusal, const QString &changedMeanwhile,
                      const std::vector<std::string> &warnings);

} // namespace tiphys::ui
