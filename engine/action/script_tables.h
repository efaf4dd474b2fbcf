// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

/// How objects look after a way through a script, whose tables do not know null, integers, or whether nothing is
/// a list or a map.
namespace tiphys::action {

/// \p value as a script sees it: without nulls, numbers as doubles that print like integers where they are whole.
/// Source: argo-cd util/lua/lua.go (decodeValue)@v3.5.1
object::Value scriptView(const object::Value &value);

/// \p value as a script returns it: empty maps are empty lists.
/// Source: layeh.com/gopher-json json.go (MarshalJSON)@97fed8d
object::Value scriptResult(const object::Value &value);

/// \p changed with the empty lists that are empty or other maps in \p original turned back into maps; inside lists
/// item by item, where only maps in maps are found again.
/// Source: argo-cd util/lua/lua.go (cleanReturnedObj, cleanReturnedArray)@v3.5.1
object::Value restoredMaps(const object::Value &changed, const object::Value &original);

/// A copy without empty lists and maps, as the creating scripts copy templates; a map that loses all members this
/// way stays, empty. Errors: InvalidInput for a list that would have a gap.
/// Source: argo-cd resource_customizations/batch/CronJob/actions/create-job/action.lua (deepCopy)@v3.5.1
Expected<object::Value> withoutEmptyTables(const object::Value &value);

} // namespace tiphys::action
