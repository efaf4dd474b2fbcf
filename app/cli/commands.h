// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "cli/invocation.h"
#include "object/object.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {
class FileTree;
}

namespace tiphys::cli {

/// Prints one sentence on standard error, "error: …", and gives \p code back.
int fail(const Error &error, int code = 1);
/// Writes to standard output; a closed pipe ends quietly.
void print(std::string_view text);

/// `render` of a folder or Application file of this machine.
int runRender(const Invocation &invocation);
/// The objects of `render` read from \p files, printed; shared by folders and commits.
int renderFrom(const render::FileTree &files, std::string_view path, const Invocation &invocation);
/// `health -f FILE`.
int runHealth(const Invocation &invocation);

/// `rollout lint -f FILE`.
int runRolloutLint(const Invocation &invocation);
/// `rollout simulate -f FILE`.
int runRolloutSimulate(const Invocation &invocation);

/// Objects as YAML documents or as one JSON array.
void printObjects(const std::vector<object::Object> &objects, Output output);

} // namespace tiphys::cli
