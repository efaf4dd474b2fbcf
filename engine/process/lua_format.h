// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace tiphys::process {

/// `string.format`, with the verbs d i s q f F e E g G x X o c v of Go's fmt.
/// Source: github.com/yuin/gopher-lua stringlib.go (strFormat) value.go (Format)@v1.1.2
int luaFormat(lua_State *lua);

} // namespace tiphys::process
