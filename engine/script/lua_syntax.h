// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace tiphys::script {

/// \p script as LuaJIT must read it to mean what gopher-lua understands: with the same lines. They differ where one takes
/// what the other refuses: escapes such as "\.", repeated ';' and ',', a call whose arguments begin on the next line.
///
/// Errors: InvalidInput in the words of gopher-lua, "<string> line:1(column:13) near '}':   syntax error\n" or
/// "compile error near line(3) <string>: no loop to break", with \p source in the place of "<string>". Nested deeper
/// than 150, longer than 1 MiB or with more than 1,000 labels and jumps a script stays as it is, and what LuaJIT says
/// of it counts.
/// Source: github.com/yuin/gopher-lua parse/parser.go.y compile.go@v1.1.2
Expected<std::string> checkedLua(std::string_view script, std::string_view source = "<string>");

} // namespace tiphys::script
