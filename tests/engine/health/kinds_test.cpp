// SPDX-License-Identifier: GPL-3.0-or-later
// tests/data/health/kinds/*.yaml: for lists of kinds, objects with the expected status and message. A text in a list
// `conditions` stands for a condition: "Type=Status (Reason) message"; $KIND in a message for the kind.
#include "health/checks.h"
#include "health/kind_table.h"
#include "object/yaml.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace tiphys::health {
namespace {

using object::Value;

Value conditionOf(std::string_view text)
{
    const std::size_t equals = text.find('=');
    const std::size_t space = std::min(text.find(' '), text.size());
    std::vector<std::pair<std::string, Value>> members{
        {"type", text.substr(0, equals)}, {"status", text.substr(equals + 1, space - equals - 1)}};
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
Value expanded(const Value &value, std::string_view key = {})
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

std::string withKind(std::string text, std::string_view kind)
{
    const std::size_t at = text.find("$KIND");
    return at == std::string::npos ? text : text.replace(at, 5, kind);
}

struct KindCase
{
    std::string place;
    object::Object object;
    std::string status;
    std::string message;
};

/// All cases in \p file.
std::vector<KindCase> casesIn(const std::filesystem::path &file)
{
    std::vector<KindCase> cases;
    std::ifstream stream(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    const Expected<Value> groups = object::parseYaml(text);
    EXPECT_TRUE(groups) << file << (groups ? "" : groups.error().text());
    if (!groups)
        return cases;
    for (const Value &group : groups->items()) {
        const Value kinds = group["kinds"];
        const Value rows = group["cases"];
        for (const Value &name : kinds.items()) {
            const std::string_view words = name.stringOr();
            const std::size_t space = words.find(' ');
            const std::string_view kind = words.substr(space + 1);
            for (const Value &row : rows.items()) {
                const Value object =
                    expanded(row.at(2)).with("apiVersion", words.substr(0, space)).with("kind", kind);
                const Value metadata = object["metadata"].isNull() ? Value::map({}) : object["metadata"];
                cases.push_back({file.filename().string() + ": " + std::string(words),
                                 object::Object(object.with("metadata", metadata)), std::string(row.at(0).stringOr()),
                                 withKind(std::string(row.at(1).stringOr()), kind)});
            }
        }
    }
    return cases;
}

std::vector<KindCase> allCases()
{
    std::vector<KindCase> cases;
    for (const auto &entry : std::filesystem::directory_iterator(TIPHYS_TEST_DATA "/health/kinds")) {
        const std::vector<KindCase> more = casesIn(entry.path());
        cases.insert(cases.end(), more.begin(), more.end());
    }
    return cases;
}

TEST(Kinds, SayWhatIsExpected)
{
    for (const KindCase &one : allCases()) {
        const std::optional<Health> health = builtinHealth(one.object);
        ASSERT_TRUE(health) << one.place;
        EXPECT_EQ(text(health->status), one.status) << one.place << ": " << health->message;
        EXPECT_EQ(health->message, one.message) << one.place;
    }
}

TEST(Kinds, HaveACaseForEveryStatusThatTheirRuleNames)
{
    std::map<const kinds::KindRule *, std::set<std::string>> seen;
    for (const KindCase &one : allCases())
        seen[kinds::ruleOf(one.object.group(), one.object.kind())].insert(one.status);
    for (const kinds::KindRule *rule : kinds::allRules()) {
        const std::string words = kinds::wordsOf(*rule);
        EXPECT_FALSE(seen[rule].empty()) << "no case: " << rule->group << "/" << rule->kind;
        for (const std::string status : {"Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown"}) {
            if (words.find("**" + status + "**") != std::string::npos) {
                EXPECT_TRUE(seen[rule].contains(status)) << rule->group << "/" << rule->kind << ": " << status;
            }
        }
    }
}

} // namespace
} // namespace tiphys::health
