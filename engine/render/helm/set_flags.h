// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <functional>
#include <string>
#include <string_view>

namespace tiphys::render {

/// How the value of a `--set` flag is read.
enum class SetKind {
    Typed,   ///< --set: true, false, null and integers are what they look like
    String,  ///< --set-string
    Json,    ///< --set-json
    File,    ///< --set-file: the value names a file
    Literal, ///< --set-literal: no escapes, no lists, no commas
};

/// The text of a file that --set-file names.
using ReadSetFile = std::function<Expected<std::string>(const std::string &path)>;

/// \p values changed as \p flag ("a.b[0]=x,c=y") says. Integers are exact numbers, unlike those of files.
/// Errors: InvalidInput "failed parsing --set data: key \"a\" has no value", …
/// Source: helm pkg/strvals/{parser,literal_parser}.go, pkg/cli/values/options.go@v4.2.4
Expected<object::Value> withSetFlag(const object::Value &values, SetKind kind, std::string_view flag,
                                    const ReadSetFile &read = {});

} // namespace tiphys::render
