// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/text_place.h"
#include "object/yaml.h"
#include "object/yaml_fault.h"

#include <gtest/gtest.h>

#include <ostream>

using namespace tiphys;
using namespace tiphys::object;

namespace tiphys::object {

void PrintTo(const TextPlace &place, std::ostream *out)
{
    *out << place.line << ':' << place.column;
}

} // namespace tiphys::object

TEST(TextPlace, CountsCharacters)
{
    EXPECT_EQ(placeAt("ab\ncd", 0), (TextPlace{1, 1}));
    EXPECT_EQ(placeAt("ab\ncd", 4), (TextPlace{2, 2}));
    EXPECT_EQ(placeAt("ä\nöü!", 7), (TextPlace{2, 3}));
    EXPECT_EQ(placeAt("ab", 99), (TextPlace{1, 3}));
}

TEST(TextPlace, IsWhereYamlStops)
{
    EXPECT_EQ(yamlFaultPlace("a: 1\nb: [x, y]\n"), std::nullopt);
    EXPECT_EQ(yamlFaultPlace("a: [x\nb: 2\n"), (TextPlace{2, 2})) << "the colon";
    EXPECT_EQ(yamlFaultPlace("a: 1\n  b: 2\n"), (TextPlace{2, 4}));
    EXPECT_EQ(yamlFaultPlace("a:\n\tb: 2\n"), (TextPlace{2, 1}));
}

TEST(TextPlace, CountsFromTheBeginningOfTheStream)
{
    EXPECT_EQ(yamlFaultPlace("a: 1\n---\nb: 2\n---\nc: 1\n  d: 2\n"), (TextPlace{6, 4}));
    EXPECT_EQ(yamlFaultPlace("--- {a: 1}\n---\n- x\n- }\n"), (TextPlace{4, 3}));
}

TEST(TextPlace, IsWhereTextIsNoUtf8)
{
    EXPECT_EQ(yamlFaultPlace("a: 1\nb: caf\xE9\n"), (TextPlace{2, 7}));
    EXPECT_EQ(yamlFaultPlace("a: 1\n---\nb: 2\nc: caf\xE9 noir\n"), (TextPlace{4, 7}));
    EXPECT_EQ(yamlFaultPlace("a: 1\nb: \x01\n"), (TextPlace{2, 4})) << "a control character";
}

TEST(TextPlace, IsTheReasonOfAnError)
{
    const auto placed = [](std::string_view text, bool isJson) {
        const Expected<Value> value = isJson ? parseJson(text) : parseYaml(text);
        return value ? Error(ErrorCode::Internal, "it can be read")
                     : withPlace(value.error(), "app/x", text).in("outside");
    };
    const Error yaml = placed("a: 1\n  b: 2\n", false);
    EXPECT_EQ(yaml.reason(), "app/x:2:4");
    EXPECT_TRUE(textWithPlace(yaml).starts_with("outside: ")) << textWithPlace(yaml);
    EXPECT_TRUE(textWithPlace(yaml).ends_with(" (at app/x:2:4)")) << textWithPlace(yaml);
    EXPECT_EQ(placed("{\n \"a\": 1,\n \"b\" 2}", true).reason(), "app/x:3:6");
    const Error type = withPlace(Error(ErrorCode::InvalidInput, "of another kind"), "app/x", "a: 1");
    EXPECT_EQ(textWithPlace(type), "of another kind") << "what can be read has no such place";
}

TEST(YamlFault, IsThatOfTheFirstDocumentThatCannotBeRead)
{
    EXPECT_FALSE(yamlFault("", "a.yaml"));
    EXPECT_FALSE(yamlFault("a: 1\n---\nb: 2\n", "a.yaml"));
    EXPECT_FALSE(yamlFault("nothing of Kubernetes", "a.yaml"));
    const auto second = yamlFault("a: 1\n---\nspec: [\n", "app/a.yaml");
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->message().starts_with("yaml: line ")) << second->message();
    EXPECT_EQ(second->reason(), "app/a.yaml:4:1");
}
