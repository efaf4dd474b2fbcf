// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/builtin.h"
#include "action/disabled_reason.h"
#include "action/patch.h"
#include "object/yaml.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

/// Actions on objects that are not as they should be: nothing crashes, and what fails says why.
namespace tiphys::test {

/// The objects of tests/data/actions, of every kind that has actions.
inline std::vector<object::Value> actionObjects(const std::string &data)
{
    std::vector<object::Value> objects;
    for (const char *family : {"argo", "flux", "numa", "operators", "workloads"}) {
        std::ifstream file(data + "/actions/" + family + ".yaml");
        const std::string text(std::istreambuf_iterator<char>(file), {});
        const Expected<object::Value> cases = object::parseYaml(text);
        const object::Value list = cases.value_or(object::Value());
        for (const object::Value &one : list.items()) {
            if (one["object"].isMap())
                objects.push_back(one["object"]);
        }
    }
    return objects;
}

/// Lists and runs every action of \p value; the sentence of what is wrong, nothing if nothing is.
inline std::optional<std::string> wrongOfActions(const object::Value &value)
{
    const object::Object object(value);
    const auto offers = action::builtinActions(object);
    if (!offers)
        return offers.error().message().empty() ? std::optional<std::string>("a silent failure of the discovery")
                                                : std::nullopt;
    for (const action::ResourceAction &offered : *offers) {
        action::RunOptions options{.now = {1'700'000'000}, .arguments = {}};
        for (const action::Parameter &parameter : offered.parameters)
            options.arguments.emplace_back(parameter.name, parameter.defaultText.empty() ? "2" : parameter.defaultText);
        if (offered.isDisabled == action::disabledReason(object, offered).empty())
            return "disabled without a reason: " + offered.name;
        const auto impacted = action::runBuiltin(object, offered.name, options);
        if (!impacted && impacted.error().message().empty())
            return "a silent failure of " + offered.name;
        for (const action::ImpactedResource &impact : impacted.value_or(std::vector<action::ImpactedResource>())) {
            if (impact.operation == action::Operation::Patch && action::patchOf(object, impact.object).whole.isNull())
                return "no patch of " + offered.name;
        }
    }
    return std::nullopt;
}

} // namespace tiphys::test
