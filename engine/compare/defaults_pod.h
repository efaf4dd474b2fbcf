// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/draft.h"

#include <string_view>

namespace tiphys::compare {

/// Fills in one typed struct in place.
using DefaultRule = void (*)(Draft &);

/// A rule and the OpenAPI model name of the struct that it fills in.
struct NamedDefaultRule
{
    std::string_view model;
    DefaultRule rule;
};

/// The rule of a type of core/v1 that belongs to pods and volumes; null if there is none.
DefaultRule podDefaultRule(std::string_view model);

} // namespace tiphys::compare
