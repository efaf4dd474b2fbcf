// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "object/value.h"
#include "render/build_environment.h"
#include "render/file_tree.h"
#include "script/jsonnet_engine.h"

#include <string>
#include <vector>

namespace tiphys::render {

/// How Jsonnet files of a directory source are evaluated.
struct JsonnetOptions
{
    script::JsonnetEngine *engine = nullptr; ///< null: Jsonnet files are Unsupported
    std::vector<script::JsonnetVariable> externals;
    std::vector<script::JsonnetVariable> arguments;
    std::vector<std::string> libraries; ///< folders, relative to the root of the files
};

/// What \p jsonnet (directory.jsonnet of a source) says, values substituted.
/// Errors: InvalidInput for a library that leaves the root.
/// Source: argo-cd reposerver/repository/repository.go (makeJsonnetVM)@v3.5.1
Expected<JsonnetOptions> jsonnetOptionsOf(const object::Value &jsonnet, const BuildEnvironment &environment);

/// The objects that the file at \p path makes: one, or a list of them. Imports are looked for beside the importing
/// file, then in the libraries from the last to the first, then in \p folder.
/// Errors: InvalidInput "Failed to evaluate jsonnet …", "Failed to unmarshal generated json …"; those of the engine.
Expected<std::vector<object::Object>> jsonnetManifests(const FileTree &files, const std::string &path,
                                                       const std::string &folder, const JsonnetOptions &options);

} // namespace tiphys::render
