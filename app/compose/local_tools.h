// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"
#include "render/external_tools.h"
#include "render/helm/helm_render.h"
#include "render/tool_choice.h"

#include <memory>
#include <string>
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

/// `kustomize build` in \p folder with \p flags. Errors: as helmAnswer.
/// Source: argo-cd util/kustomize/kustomize.go (Build)@v3.5.1
Expected<ToolAnswer> kustomizeAnswer(const std::string &folder, const std::vector<std::string> &flags);

/// The same for \p folder of \p files with the edits of \p call, which are put into a copy.
/// Errors: as helmAnswer; Denied and LimitExceeded where the copy cannot be written.
Expected<ToolAnswer> editedKustomizeAnswer(const render::FileTree &files, const std::string &folder,
                                           const render::KustomizeCall &call);

/// helm and kustomize of this machine for the applications whose names one of \p names matches. \p diskRoot is where the
/// files that are rendered stand on this machine, "" if they are those of commits: these are written to a temporary folder.
std::unique_ptr<render::ExternalTools> localTools(std::vector<std::string> names, std::string diskRoot);

/// True if one of \p names, which may be patterns, is \p application; "" is none.
bool isChosen(const std::vector<std::string> &names, const std::string &application);

/// helm and kustomize as they are found in PATH now, with the versions that they tell.
std::vector<render::ToolProgram> toolPrograms();

/// Where \p ours and \p theirs differ first, as one sentence; "" if they are the same objects in the same order.
std::string firstDifference(const std::vector<object::Object> &ours, const std::vector<object::Object> &theirs);

} // namespace tiphys::compose
