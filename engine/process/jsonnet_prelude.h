// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

struct JsonnetVm;

namespace tiphys::process {

/// \p text with the functions of go-jsonnet 0.22's standard library before it that libjsonnet 0.20 lacks, where it names
/// one of them; on its first line, so that lines keep their numbers.
/// Source: go-jsonnet builtins.go, astgen (std)@v0.22.0
std::string withNewerFunctions(std::string_view text);

/// True if \p text reads a file whose path ends with the name of \p path as text (`importstr`, `importbin`): then it is no
/// program.
bool isReadAsText(std::string_view text, std::string_view path);

/// Registers what those functions take from outside of the language: hashes, and functions of two numbers.
void addNewerNatives(JsonnetVm *vm);

} // namespace tiphys::process
