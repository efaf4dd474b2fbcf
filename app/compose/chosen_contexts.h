// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <map>
#include <string>
#include <string_view>

namespace tiphys::compose {

/// Contexts by the API address whose objects they reach, where the address of the context itself is another one.
using ContextChoices = std::map<std::string, std::string, std::less<>>;

/// The \p text of a file of choices, `contexts: {ADDRESS: CONTEXT, …}`. Errors: InvalidInput for anything else.
Expected<ContextChoices> contextChoicesIn(std::string_view text);
/// What this user chose: `contexts.yaml` in the folder of the user's settings; empty where there is none.
/// Errors: InvalidInput and Denied that name the file.
Expected<ContextChoices> chosenContexts();
/// Keeps \p context as the choice for \p server; "" forgets it. Errors: as above.
Expected<void> chooseContext(std::string_view server, const std::string &context);

} // namespace tiphys::compose
