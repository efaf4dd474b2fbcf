// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

/// Texts and errors as the original's messages have them. All may raise Lua errors: only inside of a protected call.
namespace tiphys::process {

/// Pushes "<string>:3: " of the nearest script function at \p level or above, "" if there is none.
void pushPlace(lua_State *lua, int level);

/// Pushes the value at \p index as text, as messages show it.
void pushText(lua_State *lua, int index);

/// Raises the text on top of the stack, at the script's line.
int raiseTop(lua_State *lua);

/// Message handler of a protected call: errors of the library itself that name no line get the script's.
int placeFailure(lua_State *lua);

} // namespace tiphys::process
