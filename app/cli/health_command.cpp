// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/configured_health.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/customizations.h"
#include "cli/named_file.h"
#include "health/health.h"
#include "object/json.h"
#include "object/yaml_fault.h"
#include "render/directory.h"

namespace tiphys::cli {

using object::Object;
using object::Value;

namespace {

void printHealth(const Object &object, const health::ScriptHealth &scripts, Output output)
{
    const std::optional<health::Health> health = health::healthOf(object, &scripts);
    const std::string status(health ? crd::text(health->status) : "");
    const std::string message = health ? health->message : "";
    const object::ObjectKey key = object.key();
    if (output != Output::Text) {
        Value line = Value::map({{"group", key.group},
                                 {"kind", key.kind},
                                 {"namespace", key.ns},
                                 {"name", key.name},
                                 {"status", status},
                                 {"message", message}});
        if (health && health->notAssessed)
            line = line.with("notAssessed", true);
        if (output == Output::Yaml) {
            print("---\n");
            printValue(line, output);
        } else {
            print(object::toJson(line, {.order = object::KeyOrder::Kept}) + "\n");
        }
        return;
    }
    const std::string shown = health && health->notAssessed ? "not assessed (its script may not run here)"
                              : status.empty()              ? "-"
                                                            : status;
    print(key.text() + "\t" + shown + (message.empty() ? "" : "\t" + std::string(trimmed(message))) + "\n");
}

} // namespace

Error noneIn(const std::string &what, const std::string &file, std::string_view text)
{
    const std::string none = "no " + what + " in '" + file + "'";
    const std::optional<Error> fault = object::yamlFault(text, file);
    return fault ? Error(ErrorCode::InvalidInput, none + ": " + fault->message(), fault->reason())
                 : Error(ErrorCode::InvalidInput, none);
}

Expected<std::vector<Object>> objectsIn(const std::string &file)
{
    const Expected<std::string> text = namedFile(file, "Kubernetes objects", "-f");
    if (!text)
        return std::unexpected(text.error());
    const Expected<std::vector<Object>> read = render::manifestsIn(*text, file);
    if (!read)
        return std::unexpected(read.error());
    Expected<std::vector<Object>> objects = render::withoutLists(*read);
    if (objects && objects->empty() && !text->empty())
        return std::unexpected(noneIn("Kubernetes object", file, *text));
    return objects;
}

int runHealth(const char *program, const Invocation &invocation)
{
    const Expected<std::vector<Object>> objects = objectsIn(invocation.health.file);
    if (!objects)
        return fail(objects.error());
    Expected<Customizations> customizations = Customizations::read(invocation.health.customizations, program);
    if (!customizations)
        return fail(customizations.error());
    const action::ConfiguredHealth scripts(customizations->settings, customizations->engine.get());
    for (const Object &object : *objects)
        printHealth(object, scripts, invocation.output);
    return 0;
}

} // namespace tiphys::cli
