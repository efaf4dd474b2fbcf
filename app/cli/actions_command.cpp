// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/configured_actions.h"
#include "action/patch.h"
#include "cli/action_values.h"
#include "cli/commands.h"
#include "cli/customizations.h"
#include "object/json.h"
#include "object/yaml.h"

namespace tiphys::cli {

using action::ImpactedResource;
using action::ResourceAction;
using object::Object;
using object::Value;

namespace {

Value lineOf(const Object &object, const std::vector<ResourceAction> &offers)
{
    std::vector<Value> actions;
    for (const ResourceAction &offered : offers)
        actions.push_back(actionValue(offered));
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
    Value line = Value::map(
        {{"operation", Value(action::operationName(impact.operation))}, {"resource", impact.object.value()}});
    if (impact.operation == action::Operation::Patch)
        line = line.with("patch", action::patchOf(object, impact.object).whole);
    print(object::toJson(line, {.order = object::KeyOrder::Kept}) + "\n");
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
    const Expected<action::RunOptions> options = actionOptions(flags.parameters);
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
        const Expected<std::vector<ImpactedResource>> impacted =
            action::runAction(object, flags.name, *options, sources);
        if (!impacted)
            return fail(impacted.error());
        for (const ImpactedResource &impact : *impacted)
            printImpact(object, impact, invocation.output);
    }
    return 0;
}

} // namespace tiphys::cli
