// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "offline/comparison.h"
#include "service/comparison.h"

namespace tiphys::control {

using OpenReader = std::function<Expected<std::shared_ptr<const offline::RepositoryReader>>(const std::string &place)>;

/// Opens the repository and compares, with the lines of every difference. Runs on a pool thread. \p context is what
/// rendering depends on, as in offline::ComparisonRequest; what has to be fetched is noted in context.needs.
Expected<service::ComparisonPtr> comparisonOf(const OpenReader &open, const offline::ForEach &forEach,
                                              const service::CompareRequest &request,
                                              const render::RenderContext &context = {});

/// Names to offer in a revision box.
service::RevisionChoices choicesOf(const offline::RepositoryReader &reader);

} // namespace tiphys::control
