// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/configured_actions.h"
#include "action/patch.h"
#include "cli/commands.h"
#include "cli/customizations.h"
#include "object/json.h"
#include "object/yaml.h"

#include <chrono>

namespace tiphys::cli {

using action::ImpactedResource;
using action::ResourceAction;
using object::Object;
using object::Value;

namespace {

Value valueOf(const ResourceAction &offered)
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

Value lineOf(const Object &object, const std::vector<ResourceAction> &offers)
{
    std::vector<Value> actions;
    for (const ResourceAction &offered : offers)
        actions.push_back(valueOf(offered));
    const object::ObjectKey key = object.key();
    return Value::map({{"group", key.group},
                       {"kind", key.kind},
                       {"namespace", key.ns},
                       {"name", key.name},
                       {"actions", Value::list(actions)}});
}

void printOffers(const Object &object, const std::vector<ResourceAction> &offers, Output output)
{
    if (output == Output::Json)
        return print(object::toJson(lineOf(object, offers), {.order = object::KeyOrder::Kept}) + "\n");
    if (output == Output::Yaml)
        return print("---\n" + object::toYaml(lineOf(object, offers)));
    for (const ResourceAction &offered : offers) {
        std::string line = object.key().text() + "\t" + offered.name;
        for (const action::Parameter &parameter : offered.parameters)
            line += " " + parameter.name + "=" + parameter.defaultText;
        line += offered.isDisabled ? "\tdisabled" : "\tenabled";
        print(line + (offered.displayName.empty() ? "" : "\t" + offered.displayName) + "\n");
    }
}

void printImpact(const Object &object, const ImpactedResource &impact, Output output)
{
    if (output != Output::Json)
        return print("---\n" + object::toYaml(impact.object.value()));
    Value line = Value::map({{"operation", Value(action::operationName(impact.operation))},
                             {"resource", impact.object.value()}});
    if (impact.operation == action::Operation::Patch)
        line = line.with("patch", action::patchOf(object, impact.object).whole);
    print(object::toJson(line, {.order = object::KeyOrder::Kept}) + "\n");
}

Expected<action::RunOptions> runOptions(const ActionFlags &flags)
{
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    action::RunOptions options{.now = {now.time_since_epoch().count()}, .arguments = {}};
    for (const std::string &parameter : flags.parameters) {
        const std::size_t equals = parameter.find('=');
        if (equals == std::string::npos || equals == 0)
            return failure(ErrorCode::InvalidInput, "--param '" + parameter + "' is not of the form NAME=VALUE");
        options.arguments.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
    }
    return options;
}

} // namespace

int runActions(const char *program, const Invocation &invocation)
{
    const ActionFlags &flags = invocation.action;
    const Expected<std::vector<Object>> objects = objectsIn(flags.file);
    if (!objects)
        return fail(objects.error());
    const Expected<Customizations> customizations = Customizations::read(flags.customizations, program);
    if (!customizations)
        return fail(customizations.error());
    const Expected<action::RunOptions> options = runOptions(flags);
    if (!options)
        return fail(options.error(), 2);
    const action::ActionSources sources{&customizations->settings, customizations->engine.get()};
    for (const Object &object : *objects) {
        if (flags.name.empty()) {
            const Expected<std::vector<ResourceAction>> offers = action::actionsOf(object, sources);
            if (!offers)
                return fail(offers.error().in(object.key().text()));
            printOffers(object, *offers, invocation.output);
            continue;
        }
        const Expected<std::vector<ImpactedResource>> impacted = action::runAction(object, flags.name, *options, sources);
        if (!impacted)
            return fail(impacted.error());
        for (const ImpactedResource &impact : *impacted)
            printImpact(object, impact, invocation.output);
    }
    return 0;
}

} // namespace tiphys::cli
