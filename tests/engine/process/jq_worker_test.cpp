// SPDX-License-Identifier: GPL-3.0-or-later
// jq programs in the real worker of the built tiphysctl.
#include "process/jq_worker.h"

#include "object/json.h"

#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <thread>
#include <vector>

using namespace tiphys;
using object::Value;
using process::JqWorker;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

Value json(std::string_view text)
{
    Expected<Value> value = object::parseJson(text);
    EXPECT_TRUE(value) << text;
    return value ? *value : Value();
}

/// The results as JSON, one after the other, or "error: …".
std::string resultsOf(JqWorker &jq, std::string_view program, const Value &input)
{
    const Expected<std::vector<Value>> results = jq.run(program, input);
    if (!results)
        return "error: " + results.error().text();
    std::string text;
    for (const Value &result : *results)
        text += (text.empty() ? "" : " ") + object::toJson(result);
    return text;
}

std::string resultsOf(std::string_view program, std::string_view input = "null")
{
    JqWorker jq(TIPHYS_CTL);
    return resultsOf(jq, program, json(input));
}

Error errorOf(JqWorker &jq, std::string_view program)
{
    const Expected<std::vector<Value>> results = jq.run(program, Value());
    EXPECT_FALSE(results) << program;
    return results ? Error(ErrorCode::Unknown, "no error") : results.error();
}

constexpr std::string_view kDeployment = R"({"kind":"Deployment","spec":{"replicas":3,"template":{"spec":{
    "containers":[
        {"name":"web","resources":{"limits":{"cpu":"1"}}},
        {"name":"istio-proxy","resources":{"limits":{"cpu":"2"}}}],
    "initContainers":[{"name":"istio-init","image":"i"},{"name":"mine"}]}}}})";

struct ProgramCase
{
    std::string name;
    std::string program;
    std::string input;
    std::string results;
};

class JqPrograms : public testing::TestWithParam<ProgramCase>
{
};

} // namespace

TEST_P(JqPrograms, GiveAllResults)
{
    const ProgramCase &row = GetParam();

    EXPECT_EQ(resultsOf(row.program, row.input), row.results);
}

INSTANTIATE_TEST_SUITE_P(
    Worker, JqPrograms,
    testing::Values(
        ProgramCase{"SelectByPattern",
                    R"(.spec.template.spec.containers[] | select(.name | test("^istio")) | .resources)",
                    std::string(kDeployment), R"({"limits":{"cpu":"2"}})"},
        ProgramCase{
            "DeleteSelected",
            R"(del(.spec.template.spec.initContainers[] | select(.name == "istio-init")) | .spec.template.spec.initContainers)",
            std::string(kDeployment), R"([{"name":"mine"}])"},
        ProgramCase{"DeleteNothing", R"(del(.a[]? | select(.b)))", R"({"x":1})", R"({"x":1})"},
        ProgramCase{"DeleteByKeyPattern", R"(del(.metadata.annotations | .[keys[] | select(startswith("x/"))]))",
                    R"({"metadata":{"annotations":{"a":"1","x/b":"2"}}})", R"({"metadata":{"annotations":{"a":"1"}}})"},
        ProgramCase{"DeleteAWalkOfPaths", R"(del(.. | .caBundle?))",
                    R"({"webhooks":[{"clientConfig":{"caBundle":"x","url":"u"}}]})",
                    R"({"webhooks":[{"clientConfig":{"url":"u"}}]})"},
        ProgramCase{"SeveralResults", ".[] | . * 2", "[1,2,3]", "2 4 6"}, ProgramCase{"NoResult", "empty", "{}", ""},
        ProgramCase{"GreatIntegersPass", ".", R"({"i":9223372036854775807,"u":18446744073709551615})",
                    R"({"i":9223372036854775807,"u":18446744073709551615})"},
        ProgramCase{"TextOfAllKinds", ".s", R"({"s":"a\"\\\n\u0000 é 漢 😀"})", R"("a\"\\\n\u0000 é 漢 😀")"},
        ProgramCase{"Halt", "1, halt, 2", "null", "1"}),
    [](const auto &row) { return row.param.name; });

TEST(JqWorker, SaysWhyAProgramCannotBeCompiled)
{
    JqWorker jq(TIPHYS_CTL);

    const Expected<void> good = jq.check("del(.a[] | select(.b))");
    const Expected<void> brackets = jq.check("del(.a[)");
    const Expected<void> unknown = jq.check(".a | frobnicate");

    EXPECT_TRUE(good) << good.error().text();
    ASSERT_FALSE(brackets);
    EXPECT_EQ(brackets.error().code(), ErrorCode::InvalidInput);
    EXPECT_THAT(brackets.error().text(), StartsWith("syntax error, unexpected "));
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().text(), "frobnicate/0 is not defined");
}

TEST(JqWorker, SaysWhyAProgramFails)
{
    JqWorker jq(TIPHYS_CTL);

    const Error error = errorOf(jq, R"(1, "x" | .a)");

    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    EXPECT_THAT(error.text(), StartsWith("the jq program failed: Cannot index number with "));
    EXPECT_THAT(errorOf(jq, R"("stop" | halt_error)").text(), HasSubstr("stop"));
}

TEST(JqWorker, KeepsItsProcess)
{
    JqWorker jq(TIPHYS_CTL);
    EXPECT_EQ(jq.processId(), -1);
    EXPECT_EQ(resultsOf(jq, ".a", json(R"({"a":1})")), "1");
    const int first = jq.processId();

    EXPECT_EQ(resultsOf(jq, ".a", json(R"({"a":2})")), "2");
    EXPECT_EQ(errorOf(jq, "error(\"no\")").code(), ErrorCode::InvalidInput);
    EXPECT_EQ(errorOf(jq, "(").code(), ErrorCode::InvalidInput);

    EXPECT_EQ(jq.processId(), first);
}

TEST(JqWorker, KillsAnEndlessProgramAndGoesOn)
{
    JqWorker jq(TIPHYS_CTL, 300);
    EXPECT_EQ(resultsOf(jq, "1", Value()), "1");
    const int first = jq.processId();

    const Error error = errorOf(jq, "def f: f; f");

    EXPECT_EQ(error.code(), ErrorCode::Timeout);
    EXPECT_THAT(error.text(), HasSubstr("300 ms"));
    EXPECT_EQ(kill(first, 0), -1) << "the endless program still runs";
    JqWorker patient(TIPHYS_CTL, 10'000);
    EXPECT_EQ(resultsOf(patient, "2", Value()), "2");
}

TEST(JqWorker, RefusesMuchMemory)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers need memory without limits";
#endif
    JqWorker jq(TIPHYS_CTL, 60'000);

    for (const char *program : {R"(reduce range(60) as $i ("x"; . + .))", "reduce range(60) as $i ([1]; . + .)"}) {
        const Error error = errorOf(jq, program);
        EXPECT_EQ(error.code(), ErrorCode::LimitExceeded);
        EXPECT_THAT(error.text(), HasSubstr("memory"));
    }
    EXPECT_EQ(resultsOf(jq, "3", Value()), "3");
}

TEST(JqWorker, RefusesManyResults)
{
    JqWorker jq(TIPHYS_CTL, 60'000);

    const Error many = errorOf(jq, "repeat(1)");
    const Error great = errorOf(jq, R"(("x" * 1000000) | repeat(.))");

    EXPECT_EQ(many.code(), ErrorCode::LimitExceeded);
    EXPECT_THAT(many.text(), HasSubstr("10000 results"));
    EXPECT_EQ(great.code(), ErrorCode::LimitExceeded);
    EXPECT_THAT(great.text(), HasSubstr("16 MiB"));
}

TEST(JqWorker, ShowsProgramsNoEnvironment)
{
    ASSERT_EQ(setenv("TIPHYS_TEST_SECRET", "hidden", 1), 0);

    EXPECT_EQ(resultsOf("$ENV"), "{}");
    EXPECT_EQ(resultsOf("env"), "{}");
}

TEST(JqWorker, ShowsProgramsNoFilesAndNoFurtherInput)
{
    EXPECT_THAT(resultsOf(R"(import "passwd" as $x {search: "/etc"}; $x)"), StartsWith("error: "));
    EXPECT_THAT(resultsOf(std::string(R"(import "a" as $x {search: ")") + TIPHYS_TEST_DATA + R"(/process"}; $x)"),
                StartsWith("error: "));
    EXPECT_THAT(resultsOf("input"), StartsWith("error: "));
    EXPECT_EQ(resultsOf("[inputs]"), "[]");
}

TEST(JqWorker, StartsAgainAfterSomebodyEndedIt)
{
    JqWorker jq(TIPHYS_CTL, 10'000);
    EXPECT_EQ(resultsOf(jq, "1", Value()), "1");
    const int first = jq.processId();
    ASSERT_GT(first, 0) << "-1 would mean all processes of this machine";
    ASSERT_EQ(kill(first, SIGKILL), 0);

    EXPECT_EQ(resultsOf(jq, "2", Value()), "2");

    EXPECT_NE(jq.processId(), first);
}

TEST(JqWorker, ServesSeveralThreads)
{
    JqWorker jq(TIPHYS_CTL, 60'000);
    std::vector<std::string> results(8);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < results.size(); ++i)
            threads.emplace_back(
                [&, i] { results[i] = resultsOf(jq, "[.[] | . + 1]", Value::list({Value(static_cast<int>(i))})); });
    }
    for (std::size_t i = 0; i < results.size(); ++i)
        EXPECT_EQ(results[i], "[" + std::to_string(i + 1) + "]");
}

TEST(JqWorker, TakesAGreatInput)
{
    JqWorker jq(TIPHYS_CTL, 60'000);
    const std::string text(2'000'000, 'x');

    EXPECT_EQ(resultsOf(jq, ".a | length", Value::map({{"a", Value(text)}})), "2000000");
}

TEST(JqWorker, IsUnavailableWithoutItsProgram)
{
    JqWorker missing("/nonexistent/tiphysctl");
    JqWorker other("/bin/true");

    EXPECT_EQ(errorOf(missing, ".").code(), ErrorCode::Unavailable);
    EXPECT_EQ(errorOf(other, ".").code(), ErrorCode::Unavailable);
}
