// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_syntax.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

using namespace tiphys;
using script::checkedLua;

namespace {

std::string outcomeOf(std::string_view text)
{
    const Expected<std::string> checked = checkedLua(text);
    return checked ? *checked : "error: " + checked.error().message();
}

std::string repeated(std::string_view text, int count)
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

} // namespace

TEST(LuaSyntax, RefusesInTheWordsOfTheOriginal)
{
    std::ifstream file(std::string(TIPHYS_TEST_DATA) + "/lua/syntax.yaml");
    std::ostringstream text;
    text << file.rdbuf();
    const Expected<object::Value> cases = object::parseYaml(text.str());
    ASSERT_TRUE(cases.has_value());
    int refused = 0;
    for (const object::Value &test : cases->items()) {
        SCOPED_TRACE(std::string(test["name"].stringOr()));
        const Expected<std::string> checked = checkedLua(test["script"].stringOr());
        const object::Value error = test["error"];
        ASSERT_EQ(checked.has_value(), !error.isString());
        if (checked)
            continue;
        ++refused;
        EXPECT_EQ(checked.error().message(), error.stringOr());
    }
    EXPECT_GE(refused, 30);
}

TEST(LuaSyntax, LeavesWhatBothReadAlike)
{
    constexpr std::string_view kScript =
        "hs = {}\nif obj.status ~= nil then\n  for i, c in ipairs(obj.status.conditions) do\n"
        "    if c.type == \"Ready\" then hs.message = c.message .. '\\n' end\n  end\nend\nreturn hs";
    EXPECT_EQ(outcomeOf(kScript), kScript);
}

TEST(LuaSyntax, ChangesWhatLuaJitWouldRefuseAndNoLine)
{
    EXPECT_EQ(outcomeOf("return '\\.'"), "return '.'");
    EXPECT_EQ(outcomeOf("return '\\300'"), "return '\\044'");
    EXPECT_EQ(outcomeOf("x = 1;;"), "x = 1; ");
    EXPECT_EQ(outcomeOf("return {1,,2}"), "return {1, 2}");
    EXPECT_EQ(outcomeOf("f() -- g\n(1)"), "f()( -- g\n 1)");
    EXPECT_EQ(outcomeOf("(f())"), "do local _ = (f()) end");
    EXPECT_EQ(outcomeOf("a = 3b = 4"), "a = 3 b = 4");
}

TEST(LuaSyntax, NamesTheSourceItIsGiven)
{
    const Expected<std::string> checked = checkedLua("x = ", "mine");
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().message(), "mine at EOF:   syntax error\n");
}

TEST(LuaSyntax, LeavesWhatIsBeyondItsLimitsToTheInterpreter)
{
    for (const std::string_view open : {"(", "{", "function() return ", "x["}) {
        const std::string script = "return " + repeated(open, 2'000);
        EXPECT_EQ(outcomeOf(script), script) << open;
    }
    for (const std::string_view open : {"do ", "if x then ", "while x do ", "repeat ", "function f() "}) {
        const std::string script = repeated(open, 2'000);
        EXPECT_EQ(outcomeOf(script), script) << open;
    }
    EXPECT_EQ(outcomeOf("return 1" + repeated(" + 1", 50'000)).size(), 8U + 200'000U);
    const std::string labels = repeated("goto x ", 2'000);
    EXPECT_EQ(outcomeOf(labels), labels);
}
