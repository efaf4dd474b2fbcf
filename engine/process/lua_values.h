// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <optional>
#include <string>

struct lua_State;

/// Values on their way into and out of an interpreter. May raise Lua errors: only inside of a protected call.
namespace tiphys::process {

/// Pushes \p value: null is nil and lists lose theirs, all numbers are doubles.
/// Source: argo-cd util/lua/lua.go (decodeValue)@v3.5.1
void pushValue(lua_State *lua, const object::Value &value);

/// Appends the value on top of the stack as JSON. What is not to be told in JSON is the returned sentence.
/// Source: layeh.com/gopher-json json.go@97fed8d
std::optional<std::string> encodeTop(lua_State *lua, std::string &out);

/// \p number as scripts print it: whole ones without exponent, others with the fewest digits that tell them.
/// Source: github.com/yuin/gopher-lua value.go (LNumber.String)@v1.1.2
std::string luaNumberText(double number);
/// The number that `tonumber` reads from \p text with \p base; nothing if it is none.
/// Source: github.com/yuin/gopher-lua baselib.go (baseToNumber)@v1.1.2
std::optional<double> luaNumberOf(std::string_view text, std::optional<int> base);

} // namespace tiphys::process
