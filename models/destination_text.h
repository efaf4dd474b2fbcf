// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string_view>

namespace tiphys::models {

/// What a person reads for \p destination, the name or the server of a destination: the cluster of the control plane has a
/// name that is shorter than its address and the same everywhere.
QString destinationText(std::string_view destination);

} // namespace tiphys::models
