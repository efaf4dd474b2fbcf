// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "text/sprig/functions.h"

#include <memory>
#include <string>
#include <string_view>

namespace tiphys::text {

/// What a template gives: one of both is "".
struct SprigAnswer
{
    std::string output;
    std::string error;
};

/// 2024-03-01 12:30:45.123456789 UTC, bytes that count up, and the zone "Test/Plus2".
SprigWorldPtr testWorld();
/// Executes \p text with Helm's functions in testWorld().
SprigAnswer sprigAnswer(std::string_view text, const object::Value &data = {});

} // namespace tiphys::text
