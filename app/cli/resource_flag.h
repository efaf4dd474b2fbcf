// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/gvk.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// Resources from flags of the form GROUP:KIND:[NAMESPACE/]NAME. Errors: InvalidInput.
Expected<std::vector<object::ObjectKey>> resourceKeys(const std::vector<std::string> &flags);

} // namespace tiphys::cli
