// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"
#include "render/external_tools.h"
#include "render/helm/helm_render.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::compose {

/// What a program of this machine made of a source.
struct ToolAnswer
{
    std::string tool; ///< "helm v4.2.4"
    std::vector<object::Object> objects;
};

/// `helm template` in \p folder of this machine with \p options, as Argo CD runs it.
/// Errors: NotFound (no helm in PATH), InvalidInput with the program's own words.
/// Source: argo-cd util/helm/cmd.go (template)@v3.5.1
Expected<ToolAnswer> helmAnswer(const std::string &folder, const render::HelmOptions &options);

/// `kustomize build` in \p folder with the flags \p buildOptions. Errors: as helmAnswer.
/// Source: argo-cd util/kustomize/kustomize.go (Build)@v3.5.1
Expected<ToolAnswer> kustomizeAnswer(const std::string &folder, const std::string &buildOptions);

/// helm and kustomize of this machine for the applications whose names one of \p names matches. \p diskRoot is where the
/// files that are rendered stand on this machine, "" if they are those of commits: these are written to a temporary folder.
std::unique_ptr<render::ExternalTools> localTools(std::vector<std::string> names, std::string diskRoot);

/// The names and patterns of applications in the \p text of a file that chooses tools, `use: [NAME, …]`.
/// Errors: InvalidInput for anything else.
Expected<std::vector<std::string>> chosenApplications(std::string_view text);

/// The tools for the applications of clusters that this user chose them for: `tools.yaml` in the folder of the user's
/// settings, or all of them where TIPHYS_RENDER_TOOLS is "use". Never null. Errors: InvalidInput that names the file.
Expected<std::unique_ptr<render::ExternalTools>> userTools();

/// Where \p ours and \p theirs differ first, as one sentence; "" if they are the same objects in the same order.
std::string firstDifference(const std::vector<object::Object> &ours, const std::vector<object::Object> &theirs);

} // namespace tiphys::compose
