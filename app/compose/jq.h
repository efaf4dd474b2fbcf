// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/jq_engine.h"
#include "script/jsonnet_engine.h"
#include "script/lua_engine.h"

#include <memory>

namespace tiphys::compose {

/// jq programs in the worker of the tiphysctl beside the running program; null if there is none, then only simple
/// paths work. Starts nothing before it is used.
std::shared_ptr<script::JqEngine> jqEngine();
/// Jsonnet, likewise in a worker of its own; null: Jsonnet files are Unsupported.
std::shared_ptr<script::JsonnetEngine> jsonnetEngine();
/// Scripts of users, in a worker of their own; null if there is none, then scripts fail, saying so.
std::shared_ptr<script::LuaEngine> luaEngine();

} // namespace tiphys::compose
