// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "text/gotemplate/template_set.h"

#include <memory>
#include <string>

namespace tiphys::text {

/// What a template case gives: one of both is "".
struct Answer
{
    std::string output;
    std::string error;

    bool operator==(const Answer &) const = default;
};

/// The functions that tests/oracles/gotemplate has beside the built-in ones.
std::shared_ptr<const FunctionTable> caseFunctions();

/// Executes a case of the shape that tests/oracles/gotemplate reads.
Answer answerOf(const object::Value &templateCase);

} // namespace tiphys::text
