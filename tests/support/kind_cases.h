// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "object/yaml.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

/// The cases of tests/data/health/kinds: for lists of kinds, objects with the expected status and message. A text in a
/// list `conditions` stands for a condition: "Type=Status (Reason) message"; $KIND in a message for the kind.
namespace tiphys::test {

using object::Value;

/// "Type=Status (Reason) message" as a condition.
inline Value conditionOf(std::string_view text)
{
    const std::size_t equals = text.find('=');
    const std::size_t space = std::min(text.find(' '), text.size());
    std::vector<std::pair<std::string, Value>> members{{"type", text.substr(0, equals)},
                                                       {"status", text.substr(equals + 1, space - equals - 1)}};
    text.remove_prefix(std::min(space + 1, text.size()));
    if (text.starts_with('(')) {
        const std::size_t end = text.find(')');
        members.emplace_back("reason", text.substr(1, end - 1));
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    if (!text.empty())
        members.emplace_back("message", text);
    return Value::map(members);
}

/// \p value with its short conditions written out.
inline Value expanded(const Value &value, std::string_view key = {})
{
    if (value.isList()) {
        std::vector<Value> items;
        for (const Value &item : value.items()) {
            const bool isShort = key == "conditions" && item.stringOr().find('=') != std::string_view::npos;
            items.push_back(isShort ? conditionOf(item.stringOr()) : expanded(item));
        }
        return Value::list(items);
    }
    if (!value.isMap())
        return value;
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[name, member] : value.entries())
        members.emplace_back(name, expanded(member, name));
    return Value::map(members);
}

/// \p text with $KIND replaced.
inline std::string withKind(std::string text, std::string_view kind)
{
    const std::size_t at = text.find("$KIND");
    return at == std::string::npos ? text : text.replace(at, 5, kind);
}

/// One object and what its kind's rule says of it.
struct KindCase
{
    std::string place;
    object::Object object;
    std::string status;
    std::string message;
};

/// All cases in \p file.
inline std::vector<KindCase> casesIn(const std::filesystem::path &file)
{
    std::vector<KindCase> cases;
    std::ifstream stream(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    const Expected<Value> groups = object::parseYaml(text);
    if (!groups)
        throw std::runtime_error(file.string() + ": " + groups.error().text());
    for (const Value &group : groups->items()) {
        const Value kinds = group["kinds"];
        const Value rows = group["cases"];
        for (const Value &name : kinds.items()) {
            const std::string_view words = name.stringOr();
            const std::size_t space = words.find(' ');
            const std::string_view kind = words.substr(space + 1);
            for (const Value &row : rows.items()) {
                const Value object = expanded(row.at(2)).with("apiVersion", words.substr(0, space)).with("kind", kind);
                const Value metadata = object["metadata"].isNull() ? Value::map({}) : object["metadata"];
                cases.push_back({file.filename().string() + ": " + std::string(words),
                                 object::Object(object.with("metadata", metadata)), std::string(row.at(0).stringOr()),
                                 withKind(std::string(row.at(1).stringOr()), kind)});
            }
        }
    }
    return cases;
}

/// All cases in the files of \p directory (tests/data/health/kinds).
inline std::vector<KindCase> kindCases(const std::filesystem::path &directory)
{
    std::vector<KindCase> cases;
    for (const auto &entry : std::filesystem::directory_iterator(directory)) {
        const std::vector<KindCase> more = casesIn(entry.path());
        cases.insert(cases.end(), more.begin(), more.end());
    }
    return cases;
}

} // namespace tiphys::test
