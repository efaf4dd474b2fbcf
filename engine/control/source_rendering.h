// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/rendering.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::control {

/// How often sources are rendered again after what they lacked was fetched: what comes may want more.
inline constexpr int kMostRounds = 20;

/// The objects of \p source, one of those in \p input. What has to be fetched first is added to \p needs and an error meanwhile.
/// Errors: why its files are not there, or why no manifests come of them.
///
/// \param cache  what was rendered before; null renders anew
Expected<RenderedPtr> renderedSource(const RenderInput &input, const SourceFiles &source, RenderCache *cache,
                                     std::vector<render::RemoteNeed> &needs);

/// \p error as a client of the repo server tells it: "rpc error: code = Unknown desc = …".
std::string repoServerText(const Error &error);

/// The chart or artifact that \p source names; nothing for Git.
std::optional<render::RemoteNeed> remoteNeedOf(const crd::ApplicationSource &source);

} // namespace tiphys::control
