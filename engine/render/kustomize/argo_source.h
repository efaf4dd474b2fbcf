// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "render/kustomize/kustomize.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tiphys::render {

/// Replaces `$NAME` and `${NAME}` by the build environment of an Application.
using EnvironmentSubstitution = std::function<std::string(std::string_view)>;

/// `kustomize build` as Argo CD calls it for an Application's source: the edits that \p kustomize (the source's
/// member of that name) asks for, in Argo CD's order, and then the build of \p folder.
///
/// Errors: as renderKustomization; InvalidInput for labels and annotations that are there already without force, and
/// for components that are not there.
/// Source: argo-cd util/kustomize/kustomize.go (Build)@v3.5.1, kustomize kustomize/commands/edit@v5.8.1
Expected<Rendered> renderKustomizeSource(const object::Value &kustomize, const FileTree &files, std::string_view folder,
                                         KustomizeOptions options, const EnvironmentSubstitution &substitute = {});

/// The count of \p replica, one of the source's `replicas`: a number, or a text that is one.
/// Errors: InvalidInput for other texts. Source: argo-cd pkg/apis/application/v1alpha1/types.go (GetIntCount)@v3.5.1
Expected<std::int64_t> replicaCount(const object::Value &replica);

/// Argo CD's kustomize.buildOptions ("--enable-helm --load-restrictor LoadRestrictionsNone") as options.
/// Errors: Unsupported for flags that mean nothing here.
Expected<KustomizeOptions> kustomizeBuildOptions(std::string_view flags);

} // namespace tiphys::render
