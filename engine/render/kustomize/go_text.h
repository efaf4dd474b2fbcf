// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// \p text as Go's %q prints it; characters that are not printable are escaped.
std::string goQuoted(std::string_view text);

} // namespace tiphys::render::kustomize
