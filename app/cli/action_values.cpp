// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/action_values.h"

#include <chrono>

namespace tiphys::cli {

using object::Value;

Value actionValue(const action::ResourceAction &offered)
{
    std::vector<Value> parameters;
    for (const action::Parameter &parameter : offered.parameters) {
        const Value name = Value::map({{"name", parameter.name}});
        parameters.push_back(parameter.defaultText.empty() ? name : name.with("default", parameter.defaultText));
    }
    return Value::map({{"name", offered.name},
                       {"displayName", offered.displayName},
                       {"iconClass", offered.iconClass},
                       {"disabled", offered.isDisabled},
                       {"params", Value::list(parameters)}});
}

Expected<action::RunOptions> actionOptions(const std::vector<std::string> &parameters)
{
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    action::RunOptions options{.now = {now.time_since_epoch().count()}, .arguments = {}};
    for (const std::string &parameter : parameters) {
        const std::size_t equals = parameter.find('=');
        if (equals == std::string::npos || equals == 0)
            return failure(ErrorCode::InvalidInput, "--param '" + parameter + "' is not of the form NAME=VALUE");
        options.arguments.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
    }
    return options;
}

} // namespace tiphys::cli
