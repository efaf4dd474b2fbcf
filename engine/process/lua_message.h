// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tiphys::process {

/// \p message of LuaJIT in the words of gopher-lua: "<string>:2: attempt to call global 'f' (a nil value)" is
/// "<string>:2: attempt to call a non-function object". What a script itself says stays as it is.
/// Source: github.com/yuin/gopher-lua vm.go state.go auxlib.go@v1.1.2
std::string gopherMessage(std::string_view message);

} // namespace tiphys::process
