// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/gvk.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// Resources from flags of the form GROUP:KIND:[NAMESPACE/]NAME. Errors: InvalidInput.
Expected<std::vector<object::ObjectKey>> resourceKeys(const std::vector<std::string> &flags);

/// True where \p key is one of \p chosen; one without a namespace stands for those of every namespace.
bool isAmong(const std::vector<object::ObjectKey> &chosen, const object::ObjectKey &key);

} // namespace tiphys::cli
