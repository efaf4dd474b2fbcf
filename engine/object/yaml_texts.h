// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/for_each.h"
#include "object/value.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tiphys::object {

/// What several texts mean, up to the first that is no YAML.
struct YamlTexts
{
    std::vector<Value> values;  ///< of all texts before the fault, else of all
    std::optional<Error> fault; ///< of the text behind them
};

/// Each of \p texts as parseYaml reads it. Many bytes are spread by \p forEach; the answer is the same without it.
YamlTexts parseYamlTexts(std::span<const std::string_view> texts, const ForEach &forEach);

} // namespace tiphys::object
