// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "object/json.h"
#include "object/text_place.h"
#include "object/yaml_print.h"

#include <cstdio>

namespace tiphys::cli {

int fail(const Error &error, int code)
{
    const std::string text = "error: " + object::textWithPlace(error) + "\n";
    std::fputs(text.c_str(), stderr);
    return code;
}

void print(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void printValue(const object::Value &value, Output output)
{
    if (output == Output::Yaml)
        object::printYaml(value, print);
    else
        print(object::toJson(value, {.style = object::JsonStyle::Indented, .order = object::KeyOrder::Kept}) + "\n");
}

void printObjects(const std::vector<object::Object> &objects, Output output)
{
    if (output == Output::Json) {
        std::vector<object::Value> values;
        values.reserve(objects.size());
        for (const object::Object &object : objects)
            values.push_back(object.value());
        print(object::toJson(object::Value::list(values), {.style = object::JsonStyle::Indented}) + "\n");
        return;
    }
    bool isFirst = true;
    for (const object::Object &object : objects) {
        if (!isFirst)
            print("---\n");
        isFirst = false;
        object::printYaml(object.value(), print);
    }
}

} // namespace tiphys::cli
