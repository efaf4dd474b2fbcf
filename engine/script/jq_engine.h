// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string_view>
#include <vector>

namespace tiphys::script {

/// Runs jq programs that are more than simple paths. Implementations bound time and memory.
class JqEngine
{
public:
    virtual ~JqEngine() = default;

    /// Whether \p program can be compiled. Errors: InvalidInput with jq's sentence.
    virtual Expected<void> check(std::string_view program) = 0;
    /// All results of \p program for \p input.
    /// Errors: InvalidInput for a program that does not compile or fails, Timeout, LimitExceeded, Unavailable.
    virtual Expected<std::vector<object::Value>> run(std::string_view program, const object::Value &input) = 0;
};

} // namespace tiphys::script
