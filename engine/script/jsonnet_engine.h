// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::script {

/// An external variable or a top-level argument.
struct JsonnetVariable
{
    std::string name;
    std::string value;
    bool isCode = false; ///< the value is an expression, not a text
};

/// One file to evaluate. Paths are relative to the root of its repository.
struct JsonnetRequest
{
    std::string file;
    std::vector<std::string> importFolders; ///< searched from the last to the first, after the importing file's own
    std::vector<JsonnetVariable> externals;
    std::vector<JsonnetVariable> arguments;
};

/// The text at a path; nothing if no file is there.
using ReadJsonnetFile = std::function<std::optional<std::string>(const std::string &path)>;

/// Evaluates Jsonnet. Implementations bound time and memory.
class JsonnetEngine
{
public:
    virtual ~JsonnetEngine() = default;

    /// The JSON that the file of \p request makes; \p read gives it and what it imports.
    /// Errors: InvalidInput with Jsonnet's words, Timeout, LimitExceeded, Unavailable.
    virtual Expected<std::string> evaluate(const JsonnetRequest &request, const ReadJsonnetFile &read) = 0;
};

} // namespace tiphys::script
