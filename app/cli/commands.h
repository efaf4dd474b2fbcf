// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/for_each.h"
#include "cli/invocation.h"
#include "object/object.h"
#include "render/remote_content.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::cli {

/// Prints one sentence on standard error, "error: …", and gives \p code back.
int fail(const Error &error, int code = 1);
/// Writes to standard output; what could not be written is told by finished().
void print(std::string_view text);
/// Writes what was printed so far at once, for who reads along.
void flushOutput();
/// Calls \p action once, when standard output cannot be written any more: a closed pipe, a full disk. Of this module.
void whenOutputIsLost(std::function<void()> action);
/// The exit code of a command that ended with \p code: \p failed where not all of its output could be written, which is told
/// unless the reader closed the pipe.
int finished(int code, int failed = 1);

/// Gets what is missing: everything that was fetched so far, \p needs included.
using FetchMissing =
    std::function<std::shared_ptr<const render::RemoteContent>(const std::vector<render::RemoteNeed> &needs)>;

/// `render` of a folder or Application file of this machine; \p fetch may be empty: nothing is fetched.
int runRender(const Invocation &invocation, const FetchMissing &fetch = {});
/// The objects of `render` read from \p files, printed; shared by folders and commits. \p diskRoot is where the files
/// stand on this machine, "" if nowhere.
int renderFrom(const render::FileTree &files, std::string_view path, const Invocation &invocation,
               const FetchMissing &fetch = {}, const std::string &diskRoot = {});
/// "run it again with --fetch to get …" for \p needs; "" for none.
std::string fetchHint(const std::vector<render::RemoteNeed> &needs);
/// `health -f FILE`; \p program is how this program was called: scripts of users run in its worker.
int runHealth(const char *program, const Invocation &invocation);
/// `actions -f FILE [--run NAME]`.
int runActions(const char *program, const Invocation &invocation);
/// The error that there is no \p what in \p file, with the place where its \p text is no YAML, if it is none.
Error noneIn(const std::string &what, const std::string &file, std::string_view text);
/// The objects in the file or standard input \p file, lists taken apart; at least one unless it is empty.
Expected<std::vector<object::Object>> objectsIn(const std::string &file);

/// `rollout lint -f FILE`.
int runRolloutLint(const Invocation &invocation);
/// `rollout simulate -f FILE`.
int runRolloutSimulate(const Invocation &invocation);

/// One value as indented JSON or, for Output::Yaml, as YAML.
void printValue(const object::Value &value, Output output);
/// Objects as YAML documents or as one JSON array; \p forEach spreads the work of many large ones.
void printObjects(const std::vector<object::Object> &objects, Output output, const ForEach &forEach = {});

} // namespace tiphys::cli
