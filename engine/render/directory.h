// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"
#include "render/jsonnet_files.h"
#include "render/rendered.h"

#include <cstdint>

namespace tiphys::render {

/// spec.source.directory, and the limit of the repository server.
struct DirectoryOptions
{
    bool recurses = false;
    std::string include;                  ///< glob over the path relative to the folder; "" includes everything
    std::string exclude;                  ///< glob; looked at first
    std::int64_t limitBytes = 10'000'000; ///< sum of all manifest files; 0 is no limit
    JsonnetOptions jsonnet = {};
};

/// The plain manifests (YAML, JSON, Jsonnet) of \p folder in the order of their paths, lists replaced by their items.
///
/// Errors: NotFound "P: app path does not exist"; InvalidInput with the file's name for what cannot be read;
/// LimitExceeded for more than limitBytes; for Jsonnet files those of jsonnetManifests.
/// Source: argo-cd reposerver/repository/repository.go (findManifests, getObjsFromYAMLOrJson)@v3.5.1
Expected<Rendered> renderDirectory(const FileTree &files, std::string_view folder, const DirectoryOptions &options);

/// The manifests in one file's text; \p file names it in errors. A text that is no manifest at all is empty.
Expected<std::vector<object::Object>> manifestsIn(std::string_view text, std::string_view file);

/// The objects of what a program printed, lists taken apart. Errors: InvalidInput for anything that is no manifest.
/// Source: argo-cd gitops-engine/pkg/utils/kube/kube.go (SplitYAML)@v3.5.1
Expected<std::vector<object::Object>> printedManifests(std::string_view text);

/// \p objects with every object that has top-level `items` replaced by these.
Expected<std::vector<object::Object>> withoutLists(std::vector<object::Object> objects);

/// True if Argo CD's directory source would read a file of this name.
bool isManifestName(std::string_view name);

} // namespace tiphys::render
