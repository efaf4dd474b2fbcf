// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace tiphys::render {

/// The name of the Application that \p instance marks: what is behind the namespace in "namespace_name", else all.
/// Source: argo-cd util/argo/argo.go (ParseInstanceName)@v3.5.1
constexpr std::string_view applicationNameOf(std::string_view instance)
{
    const std::size_t mark = instance.find('_');
    return mark == std::string_view::npos ? instance : instance.substr(mark + 1);
}

} // namespace tiphys::render
