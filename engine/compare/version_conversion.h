// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <optional>
#include <string_view>

namespace tiphys::compare {

/// \p live as an object of \p version of its kind, for versions that a server does not serve any more but that the
/// controller's own tables still know; nothing where those do not know both versions or \p live does not fit its type.
/// Reads the whole object; members that the version does not have vanish.
/// Source: argo-cd gitops-engine/pkg/utils/kube/convert.go@v3.5.1, kubernetes pkg/apis/*/v*/conversion.go@v1.36.1
std::optional<object::Object> inVersion(const object::Object &live, std::string_view version);

} // namespace tiphys::compare
