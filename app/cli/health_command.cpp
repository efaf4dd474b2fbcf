// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "health/health.h"
#include "object/json.h"
#include "render/directory.h"
#include "store/folder_tree.h"

namespace tiphys::cli {

using object::Object;
using object::Value;

namespace {

void printHealth(const Object &object, Output output)
{
    const std::optional<health::Health> health = health::healthOf(object);
    const std::string status(health ? crd::text(health->status) : "");
    const std::string message = health ? health->message : "";
    const object::ObjectKey key = object.key();
    if (output == Output::Json) {
        Value line = Value::map({{"group", key.group},
                                 {"kind", key.kind},
                                 {"namespace", key.ns},
                                 {"name", key.name},
                                 {"status", status},
                                 {"message", message}});
        if (health && health->notAssessed)
            line = line.with("notAssessed", true);
        print(object::toJson(line, {.order = object::KeyOrder::Kept}) + "\n");
        return;
    }
    const std::string shown = health && health->notAssessed ? "not assessed (its script may not run here)"
                              : status.empty()              ? "-"
                                                            : status;
    print(key.text() + "\t" + shown + (message.empty() ? "" : "\t" + message) + "\n");
}

} // namespace

int runHealth(const Invocation &invocation)
{
    const std::string &file = invocation.health.file;
    const Expected<std::string> text = store::fileContent(file);
    if (!text)
        return fail(text.error());
    const Expected<std::vector<Object>> read = render::manifestsIn(*text, file);
    if (!read)
        return fail(read.error());
    const Expected<std::vector<Object>> objects = render::withoutLists(*read);
    if (!objects)
        return fail(objects.error());
    if (objects->empty() && !text->empty())
        return fail(Error(ErrorCode::InvalidInput, "no Kubernetes object in '" + file + "'"));
    for (const Object &object : *objects)
        printHealth(object, invocation.output);
    return 0;
}

} // namespace tiphys::cli
