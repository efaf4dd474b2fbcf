// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"
#include "text/sprig/world.h"

namespace tiphys::text {

/// All functions of Sprig but `env` and `expandenv`, which nobody who renders for others offers. `getHostByName`
/// answers "".
/// Source: Masterminds/sprig functions.go (GenericFuncMap)@v3.3.0
FunctionTable sprigFunctions(const SprigWorldPtr &world);

/// Sprig with the changes of Helm's template engine that need no chart: toYaml, mustToYaml, toYamlPretty, fromYaml,
/// fromYamlArray, toJson, mustToJson, fromJson, fromJsonArray, toToml, mustToToml, fromToml, required. Without include,
/// tpl and lookup.
/// Source: helm pkg/engine/funcs.go (funcMap)@v4.2.4
FunctionTable helmFunctions(const SprigWorldPtr &world);

} // namespace tiphys::text
