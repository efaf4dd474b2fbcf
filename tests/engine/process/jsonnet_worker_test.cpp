// SPDX-License-Identifier: GPL-3.0-or-later
// Jsonnet files in the real worker of the built tiphysctl, beside what go-jsonnet 0.22 makes of them
// (tests/data/jsonnet: NAME.json is its output, NAME.fails stands where it refuses).
#include "process/jsonnet_worker.h"

#include "object/json.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tiphys;
using process::JsonnetWorker;
using script::JsonnetRequest;

namespace {

namespace fs = std::filesystem;

const fs::path kData = TIPHYS_JSONNET_DATA;

std::optional<std::string> fileAt(const std::string &path)
{
    std::ifstream file(kData / path, std::ios::binary);
    if (!file || !fs::is_regular_file(kData / path))
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

JsonnetRequest requestFor(std::string file)
{
    JsonnetRequest request;
    request.file = std::move(file);
    return request;
}

/// What a program of one file makes, or "error: …".
std::string made(const std::string &text, JsonnetRequest request = requestFor("main.jsonnet"))
{
    JsonnetWorker worker(TIPHYS_CTL);
    const Expected<std::string> output =
        worker.evaluate(request, [&](const std::string &path) -> std::optional<std::string> {
            if (path == request.file)
                return text;
            return std::nullopt;
        });
    if (!output)
        return "error: " + output.error().text();
    const Expected<object::Value> value = object::parseJson(*output);
    return value ? object::toJson(*value) : "no JSON: " + *output;
}

} // namespace

TEST(JsonnetWorker, MakesWhatGoJsonnetMakes)
{
    JsonnetWorker worker(TIPHYS_CTL);
    int cases = 0;
    for (const fs::directory_entry &entry : fs::directory_iterator(kData)) {
        if (entry.path().extension() != ".jsonnet")
            continue;
        ++cases;
        const std::string name = entry.path().stem().string();
        const Expected<std::string> output = worker.evaluate(requestFor(name + ".jsonnet"), fileAt);
        const std::optional<std::string> wanted = fileAt(name + ".json");
        ASSERT_EQ(output.has_value(), wanted.has_value()) << name << (output ? "" : ": " + output.error().text());
        if (!wanted)
            continue;
        const Expected<object::Value> got = object::parseJson(*output), expected = object::parseJson(*wanted);
        ASSERT_TRUE(got && expected) << name;
        EXPECT_EQ(object::toJson(*got), object::toJson(*expected)) << name;
    }
    EXPECT_GE(cases, 14);
}

TEST(JsonnetWorker, VariablesAndArgumentsAreTextsOrCode)
{
    JsonnetRequest request = requestFor("main.jsonnet");
    request.externals = {{"name", "web", false}, {"count", "1 + 2", true}};
    request.arguments = {{"x", "5", true}, {"y", "5", false}};
    EXPECT_EQ(made("function(x, y) [std.extVar('name'), std.extVar('count'), x, y]", request), R"(["web",3,5,"5"])");
}

TEST(JsonnetWorker, ErrorsNameFileAndLine)
{
    const std::string error = made("{\n  a: 1,\n  b: missing,\n}");
    EXPECT_TRUE(error.contains("main.jsonnet:3:6")) << error;
}

TEST(JsonnetWorker, LinesKeepTheirNumbersWhereAFunctionIsAdded)
{
    const std::string error = made("{\n  a: std.trim(' x '),\n  b: error 'here',\n}");
    EXPECT_TRUE(error.contains("main.jsonnet:3")) << error;
}

TEST(JsonnetWorker, AProgramWithoutAnEndIsEndedAndTheNextOneRuns)
{
    JsonnetWorker worker(TIPHYS_CTL, 1000);
    const auto read = [](const std::string &path) -> std::optional<std::string> {
        return path == "endless.jsonnet" ? "local f(n) = if n < 0 then n else f(n + 1) tailstrict; f(0)" : "1 + 1";
    };
    const Expected<std::string> endless = worker.evaluate(requestFor("endless.jsonnet"), read);
    ASSERT_FALSE(endless);
    EXPECT_TRUE(endless.error().code() == ErrorCode::Timeout || endless.error().code() == ErrorCode::LimitExceeded
                || endless.error().code() == ErrorCode::InvalidInput)
        << endless.error().text();
    const Expected<std::string> next = worker.evaluate(requestFor("next.jsonnet"), read);
    ASSERT_TRUE(next) << next.error().text();
}

TEST(JsonnetWorker, ImportsDoNotLeaveTheRepository)
{
    EXPECT_TRUE(made("import '../outside.jsonnet'").starts_with("error: "));
    EXPECT_TRUE(made("importstr '/etc/passwd'").starts_with("error: "));
}
