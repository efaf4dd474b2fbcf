// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace tiphys::process {

/// Makes what is asked of values that are no tables (members, sums, comparisons) fail in the original's words. The metatable of
/// texts is put into the registry under \p stringMetaKey. May raise Lua errors.
void setFailures(lua_State *lua, void *stringMetaKey);

} // namespace tiphys::process
