// SPDX-License-Identifier: GPL-3.0-or-later
// Lua scripts in the real worker of the built tiphysctl.
#include "process/lua_worker.h"

#include "action/configured_health.h"
#include "object/json.h"
#include "object/yaml.h"

#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace tiphys;
using object::Value;
using process::LuaWorker;
using script::LuaRequest;
using script::LuaReturn;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

std::string outcomeOf(const Expected<LuaReturn> &answer)
{
    if (!answer)
        return "error: " + answer.error().text();
    return answer->type == "table" ? object::toJson(answer->value) : answer->type;
}

std::string outcomeOf(LuaWorker &lua, std::string_view script, bool opensLibraries = false)
{
    return outcomeOf(lua.run({.script = script, .opensLibraries = opensLibraries, .object = Value::map({})}));
}

Value corpus(const std::string &name = "corpus.yaml")
{
    std::ifstream file(std::string(TIPHYS_TEST_DATA) + "/lua/" + name);
    std::ostringstream text;
    text << file.rdbuf();
    const Expected<Value> cases = object::parseYaml(text.str());
    EXPECT_TRUE(cases.has_value());
    return cases.value_or(Value());
}

// The thread sanitizer holds signals back until its own code runs again, and none of it is in a loop of the interpreter.
#if defined(__SANITIZE_THREAD__)
constexpr bool kIsTimerHeldBack = true;
#else
constexpr bool kIsTimerHeldBack = false;
#endif

TEST(LuaWorker, AnswersAsTheOriginalInterpreter)
{
    LuaWorker lua(TIPHYS_CTL);
    const Value cases = corpus();
    EXPECT_GE(cases.size(), 60U);
    int count = 0;
    for (const Value &test : cases.items()) {
        if (test["mode"].stringOr() == "health")
            continue;
        ++count;
        SCOPED_TRACE(std::string(test["name"].stringOr()));
        LuaRequest request{.script = test["script"].stringOr(),
                           .opensLibraries = test["opensLibraries"].boolOr(false),
                           .object = test.find("object").value_or(Value::map({}))};
        const Value parameters = test["parameters"];
        for (const auto &[name, text] : parameters.entries())
            request.parameters.emplace_back(name, text.stringOr());
        const Value expected = test.find("ours").value_or(test);
        const Expected<LuaReturn> answer = lua.run(request);
        if (const Value message = expected["error"]; message.isString()) {
            ASSERT_FALSE(answer.has_value()) << outcomeOf(answer);
            EXPECT_EQ(answer.error().message(), message.stringOr());
        } else {
            ASSERT_TRUE(answer.has_value()) << answer.error().text();
            if (answer->type == "table") {
                EXPECT_EQ(object::toJson(answer->value), object::toJson(expected["result"]));
            }
        }
    }
    EXPECT_GE(count, 60);
}

TEST(LuaWorker, JudgesHealthAsTheOriginalInterpreter)
{
    LuaWorker lua(TIPHYS_CTL);
    const Value cases = corpus();
    int count = 0;
    for (const Value &test : cases.items()) {
        if (test["mode"].stringOr() != "health")
            continue;
        ++count;
        SCOPED_TRACE(std::string(test["name"].stringOr()));
        compare::CompareSettings settings;
        settings.overrides.push_back({.key = "shop.io/Widget",
                                      .healthLua = std::string(test["script"].stringOr()),
                                      .usesOpenLibraries = test["opensLibraries"].boolOr(false)});
        const action::ConfiguredHealth scripts(settings, &lua);
        const Value object = test.find("object").value_or(Value::map({}));
        const std::optional<health::Health> health =
            health::healthOf(object::Object(object.with("apiVersion", "shop.io/v1").with("kind", "Widget")), &scripts);
        ASSERT_TRUE(health.has_value());
        if (const Value message = test["error"]; message.isString()) {
            EXPECT_EQ(health->status, health::HealthCode::Unknown);
            EXPECT_EQ(health->message, message.stringOr());
            continue;
        }
        EXPECT_EQ(crd::text(health->status), test["result"]["status"].stringOr());
        EXPECT_EQ(health->message, test["result"]["message"].stringOr());
    }
    EXPECT_GE(count, 10);
}

TEST(LuaWorker, ReadsScriptsWithTheGrammarOfTheOriginal)
{
    LuaWorker lua(TIPHYS_CTL);
    const Value cases = corpus("syntax.yaml");
    EXPECT_GE(cases.size(), 50U);
    for (const Value &test : cases.items()) {
        SCOPED_TRACE(std::string(test["name"].stringOr()));
        const std::string outcome = outcomeOf(lua, test["script"].stringOr(), true);
        const Value error = test["error"];
        EXPECT_EQ(outcome,
                  error.isString() ? "error: " + std::string(error.stringOr()) : object::toJson(test["result"]));
        // The same inside of a script.
        if (error.isString()) {
            const std::string loads = "local f, message = loadstring(obj.script) return {f == nil, message}";
            EXPECT_EQ(outcomeOf(lua.run({.script = loads, .object = Value::map({{"script", test["script"]}})})),
                      object::toJson(Value::list({true, error})));
        }
    }
}

TEST(LuaWorker, TellsTheTimeItIsGiven)
{
    LuaWorker lua(TIPHYS_CTL);
    const LuaRequest request{.script = "local os = require('os') return {os.time(), os.date('!%Y-%m-%dT%XZ')}",
                             .now = 1'700'000'000};
    EXPECT_EQ(outcomeOf(lua.run(request)), R"([1700000000,"2023-11-14T22:13:20Z"])");
}

TEST(LuaWorker, GivesManyAnswersInOrder)
{
    LuaWorker lua(TIPHYS_CTL);
    std::vector<LuaRequest> requests;
    for (int number = 0; number < 1000; ++number)
        requests.push_back({.script = number % 3 == 0 ? "return obj.missing.x" : "return {obj.n}",
                            .object = Value::map({{"n", number}})});
    const std::vector<Expected<LuaReturn>> answers = lua.runAll(requests);
    ASSERT_EQ(answers.size(), 1000U);
    EXPECT_EQ(outcomeOf(answers[998]), "[998]");
    EXPECT_THAT(outcomeOf(answers[999]), HasSubstr("<string>:1: attempt to index a non-table object(nil)"));
}

TEST(LuaWorker, InterruptsAnEndlessLoopAndKeepsItsProcess)
{
    if (kIsTimerHeldBack)
        GTEST_SKIP() << "the thread sanitizer holds the signal of the timer back";
    LuaWorker lua(TIPHYS_CTL);
    ASSERT_EQ(outcomeOf(lua, "return {1}"), "[1]");
    const int process = lua.processId();
    const Expected<LuaReturn> answer = lua.run({.script = "local n = 0\nwhile true do n = n + 1 end"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code(), ErrorCode::Timeout);
    EXPECT_EQ(answer.error().message(), "<string>:2: context deadline exceeded");
    EXPECT_EQ(outcomeOf(lua, "return {2}"), "[2]");
    EXPECT_EQ(lua.processId(), process);
}

TEST(LuaWorker, InterruptsALoopThatCatchesErrors)
{
    if (kIsTimerHeldBack)
        GTEST_SKIP() << "the thread sanitizer holds the signal of the timer back";
    LuaWorker lua(TIPHYS_CTL);
    EXPECT_THAT(outcomeOf(lua, "while true do pcall(function() while true do end end) end"),
                HasSubstr("<string>:1: context deadline exceeded"));
}

TEST(LuaWorker, EndsWithAPatternThatTakesForEver)
{
    if (kIsTimerHeldBack)
        GTEST_SKIP() << "the thread sanitizer holds the signal of the timer back";
    LuaWorker lua(TIPHYS_CTL);
    const std::vector<LuaRequest> requests{
        {.script = "return {1}"},
        {.script = "local s = ('a'):rep(40000)\nreturn {s:find('.-.-.-.-.-b')}", .opensLibraries = true},
        {.script = "return {3}"}};
    const std::vector<Expected<LuaReturn>> answers = lua.runAll(requests);
    EXPECT_EQ(outcomeOf(answers[0]), "[1]");
    EXPECT_EQ(outcomeOf(answers[1]), "error: <string>:2: context deadline exceeded");
    EXPECT_EQ(outcomeOf(answers[2]), "[3]");
}

TEST(LuaWorker, RefusesMuchMemory)
{
    LuaWorker lua(TIPHYS_CTL);
    for (const std::string_view script :
         {"local s = 'x'\nwhile true do s = s .. s end", "local t = {}\nwhile true do t[#t + 1] = {#t} end",
          "local x = 1\nlocal s = ('x'):rep(1e9) return {#s}"}) {
        const Expected<LuaReturn> answer = lua.run({.script = script, .opensLibraries = true});
        ASSERT_FALSE(answer.has_value()) << script;
        EXPECT_EQ(answer.error().code(), ErrorCode::LimitExceeded);
        EXPECT_EQ(answer.error().message(), "<string>:2: the script needs more than 64 MiB of memory");
    }
    EXPECT_EQ(outcomeOf(lua, "return {1}"), "[1]");
}

TEST(LuaWorker, EndsDeepRecursion)
{
    LuaWorker lua(TIPHYS_CTL);
    EXPECT_EQ(outcomeOf(lua, "local function f(n) return 1 + f(n + 1) end\nreturn f(1)"),
              "error: <string>:1: stack overflow");
    EXPECT_THAT(outcomeOf(lua, "local t = {} for i = 1, 5000 do t = {t} end return t"), HasSubstr("nested too deeply"));
}

TEST(LuaWorker, InterruptsTailCalls)
{
    if (kIsTimerHeldBack)
        GTEST_SKIP() << "the thread sanitizer holds the signal of the timer back";
    LuaWorker lua(TIPHYS_CTL);
    EXPECT_THAT(outcomeOf(lua, "local function f() return f() end return f()"), HasSubstr("deadline"));
}

TEST(LuaWorker, ShowsScriptsNothingOfTheSystem)
{
    LuaWorker lua(TIPHYS_CTL);
    ASSERT_EQ(setenv("TIPHYS_TEST_SECRET", "hidden", 1), 0);
    for (const std::string_view name : {"io", "debug", "jit", "ffi", "bit", "package.loadlib", "os.execute", "os.exit",
                                        "os.remove", "os.rename", "os.tmpname", "string.dump", "newproxy",
                                        "os.getenv('TIPHYS_TEST_SECRET')", "package.loaders", "package.path"})
        EXPECT_EQ(outcomeOf(lua, "return {" + std::string(name) + " == nil}", true), "[true]") << name;
    for (const std::string_view script : {"local x = dofile('/etc/passwd')", "local x = loadfile('/etc/passwd')",
                                          "local x = require('ffi')", "local x = require('jit.opt')"})
        EXPECT_THAT(outcomeOf(lua, script, true), StartsWith("error: <string>:1: ")) << script;
}

TEST(LuaWorker, GivesNoWayToTheRealGlobals)
{
    LuaWorker lua(TIPHYS_CTL);
    EXPECT_EQ(outcomeOf(lua, "return {getfenv(print) == _G, getfenv(0) == _G, getfenv(1) == _G, "
                             "getfenv(pcall) == _G or getfenv(pcall).io == nil}"),
              "[true,true,true,true]");
    EXPECT_EQ(
        outcomeOf(lua, "return {getmetatable('') == nil, getmetatable(nil) == nil, getmetatable(print) == nil}", true),
        "[true,true,true]");
    EXPECT_THAT(outcomeOf(lua, "return {loadstring('\\27LJ\\2\\0\\0') == nil}"), HasSubstr("true"));
}

TEST(LuaWorker, KeepsNothingForTheNextScript)
{
    LuaWorker lua(TIPHYS_CTL);
    outcomeOf(lua,
              "leak = 1 table.insert = nil string.upper = nil pairs = nil getfenv(pcall).other = 2 "
              "getfenv(print).third = 3",
              true);
    EXPECT_EQ(outcomeOf(lua,
                        "return {leak == nil, table.insert ~= nil, string.upper ~= nil, pairs ~= nil, "
                        "third == nil, ('x'):upper()}",
                        true),
              R"([true,true,true,true,true,"X"])");
}

TEST(LuaWorker, StartsAgainAfterSomebodyEndedIt)
{
    LuaWorker lua(TIPHYS_CTL);
    ASSERT_EQ(outcomeOf(lua, "return {1}"), "[1]");
    ASSERT_GT(lua.processId(), 0) << "-1 would mean all processes of this machine";
    ASSERT_EQ(kill(lua.processId(), SIGKILL), 0);
    EXPECT_EQ(outcomeOf(lua, "return {1}"), "[1]");
}

TEST(LuaWorker, IsUnavailableWithoutItsProgram)
{
    LuaWorker lua("/nonexistent/tiphysctl");
    const Expected<LuaReturn> answer = lua.run({.script = "return 1"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code(), ErrorCode::Unavailable);
}

} // namespace
