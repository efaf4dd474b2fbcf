// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "render/directory.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;

namespace {

constexpr std::string_view kMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
constexpr std::string_view kJson = R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j"}})";

std::string yaml(std::string_view more)
{
    return std::string(kMap) + std::string(more);
}

std::string json(std::string_view more)
{
    return std::string(kJson) + std::string(more);
}

/// The names of the objects, or the error and its place.
std::string read(std::string_view text, std::string_view file = "app/x.yaml")
{
    const auto objects = manifestsIn(text, file);
    if (!objects)
        return objects.error().text() + " @" + objects.error().reason();
    std::string names;
    for (const object::Object &object : *objects)
        names += (names.empty() ? "" : " ") + std::string(object.name());
    return names;
}

/// The error of an object in a file, without the part that all have.
std::string refused(std::string_view text)
{
    constexpr std::string_view start = "Failed to unmarshal \"x.yaml\": failed to unmarshal manifest: ";
    const std::string said = read(text);
    return said.starts_with(start) ? said.substr(start.size()) : "not refused: " + said;
}

} // namespace

// What each of these gives was seen with Kubernetes' decoder as Argo CD 3.5.1 uses it.

TEST(ManifestStream, EndsTheLastLine)
{
    for (const std::string_view end : {"", "\n"}) {
        const auto objects = manifestsIn(yaml("data:\n  k: |\n    x" + std::string(end)), "x.yaml");
        ASSERT_TRUE(objects);
        EXPECT_EQ(objects->front().path({"data", "k"}).stringOr(), "x\n");
    }
    const auto printed = printedManifests(yaml("data:\n  k: |\n    x"));
    ASSERT_TRUE(printed);
    EXPECT_EQ(printed->front().path({"data", "k"}).stringOr(), "x\n");
}

TEST(ManifestStream, CutsAtSeparators)
{
    EXPECT_EQ(read(yaml("--- # comment\n") + yaml("---   \r\n") + yaml("---")), "a a a");
    EXPECT_EQ(read("---\n---\n\n# nothing\n---\n"), "");
    EXPECT_EQ(read("--- #x"), "");
    EXPECT_EQ(read(yaml("...\n---\n") + yaml("")), "a a");
    EXPECT_EQ(read(yaml("...\n") + yaml("")), "a") << "only the first document of a piece";
}

TEST(ManifestStream, RefusesOtherSeparators)
{
    EXPECT_EQ(refused(yaml("---\n") + yaml("--- foo\n") + yaml("")),
              "invalid Yaml document separator: foo @app/x.yaml:8:1");
    EXPECT_EQ(refused(yaml("----\n")), "invalid Yaml document separator: - @app/x.yaml:4:1");
    EXPECT_EQ(refused("--- {apiVersion: v1, kind: A, metadata: {}}\n"),
              "invalid Yaml document separator: {apiVersion: v1, kind: A, metadata: {}} @app/x.yaml:1:1");
}

TEST(ManifestStream, RefusesWhatIsNoObject)
{
    const std::string decoding = "error unmarshaling JSON: while decoding JSON: ";
    for (const auto &[text, type] :
         {std::pair{"- 1\n", "array"}, {"5\n", "number"}, {"true\n", "bool"}, {"hello\n", "string"}})
        EXPECT_EQ(refused(yaml("---\n# c\n" + std::string(text))),
                  decoding + "json: cannot unmarshal " + type
                      + " into Go value of type map[string]interface {} @app/x.yaml:6:1");
    EXPECT_EQ(refused(yaml("---\n{z: '<b>', a: 1}\n")),
              decoding + "Object 'Kind' is missing in '{\"a\":1,\"z\":\"\\u003cb\\u003e\"}' @app/x.yaml:5:1");
    EXPECT_EQ(refused(yaml("---\n{kind: 5}\n")),
              decoding + "Object 'Kind' is missing in '{\"kind\":5}' @app/x.yaml:5:1");
    EXPECT_EQ(read("a: 1\n"), "") << "another kind of file";
}

TEST(ManifestStream, ReadsJsonBeforeYaml)
{
    EXPECT_EQ(read(json("\n") + json("")), "j j");
    EXPECT_EQ(read(json("\n---\n") + json("\n---\n") + yaml("")), "j j a");
    EXPECT_EQ(read(json("\n# comment\n")), "j");
    EXPECT_EQ(read("# comment\n" + json("")), "j");
    EXPECT_EQ(read("{apiVersion: v1, kind: ConfigMap, metadata: {name: a},}\n"), "a");
}

TEST(ManifestStream, LosesNothingBehindJson)
{
    EXPECT_EQ(refused(json("\nfoo: [\n")),
              "json: offset 65: invalid character 'o' in literal false (expecting 'a') @app/x.yaml:2:2");
    EXPECT_EQ(refused(json("\n") + json("\nfoo: [\n")),
              "invalid character 'o' in literal false (expecting 'a') @app/x.yaml:3:2");
    EXPECT_EQ(refused(json("\n") + json("\n---\n") + yaml("")),
              "invalid character '-' in numeric literal @app/x.yaml:3:2");
    EXPECT_EQ(refused(json(" {\"a\":1}\n")), "Object 'Kind' is missing in '{\"a\":1}' @app/x.yaml:1:64");
    EXPECT_EQ(refused("{\"a\":1}\n---\n" + yaml("")), "Object 'Kind' is missing in '{\"a\":1}' @app/x.yaml:1:1");
    EXPECT_EQ(refused(json("{")), "unexpected EOF @app/x.yaml:1:64");
}

TEST(ManifestStream, TellsJsonsFaultWhereNeitherFits)
{
    EXPECT_EQ(refused("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}\n"),
              "json: offset 2: invalid character 'a' looking for beginning of object key string @app/x.yaml:1:2");
    EXPECT_EQ(refused("{{- if .x }}\n" + yaml("{{- end }}\n")),
              "json: offset 2: invalid character '{' looking for beginning of object key string @app/x.yaml:1:2");
}

TEST(ManifestStream, TellsThePlaceInTheFile)
{
    EXPECT_TRUE(refused(yaml("---\n") + yaml("data: x\n  bad: 1\n")).ends_with(" @app/x.yaml:9:6"));
    const std::string broken = "\xEF\xBB\xBF" + yaml("data:\n  k: caf\xE9 noir\n");
    EXPECT_TRUE(refused(broken).ends_with(" @app/x.yaml:5:9")) << refused(broken);
}

TEST(ManifestStream, WhatIsNoUtf8IsReplaced)
{
    // Seen with the reader of Argo CD (utfutil): each broken character becomes one U+FFFD, unless a mark says that all is UTF-8.
    const auto valueOf = [](const std::string &text) {
        const auto objects = manifestsIn(yaml("data: {k: \"" + text + "\"}\n"), "app/x.yaml");
        return objects && objects->size() == 1 ? std::string(objects->front().path({"data", "k"}).stringOr())
                                               : std::string("refused");
    };
    const std::string sign = "\xEF\xBF\xBD";
    EXPECT_EQ(valueOf("caf\xE9 noir"), "caf" + sign + " noir");
    EXPECT_EQ(valueOf("\xFF\xE9"
                      "b"),
              sign + sign + "b");
    EXPECT_EQ(valueOf("\xE2\x28\xA1"), sign + "(" + sign);
    EXPECT_EQ(valueOf("\xF0\x9F\x98x"), sign + "x");
    EXPECT_EQ(valueOf("\xF1\x80x"), sign + "x");
    EXPECT_EQ(valueOf("\xED\xA0\x80x"), sign + sign + sign + "x");
    EXPECT_EQ(valueOf("\xC3\xA9 \xC0\xAF"), "\xC3\xA9 " + sign + sign);
    EXPECT_EQ(valueOf("\xF4\x90\x80\x80"), sign + sign + sign + sign);
    EXPECT_EQ(valueOf("\xE0\x80\xAF"), sign + sign + sign);
}

TEST(ManifestStream, ReadsMarkedTexts)
{
    using namespace std::string_view_literals;
    EXPECT_EQ(read("\xEF\xBB\xBF" + yaml("---\n") + yaml("")), "a a");
    EXPECT_EQ(read("\xEF\xBB\xBF" + json(""), "x.json"), "j");
    for (const bool isLittle : {true, false}) {
        std::string wide(isLittle ? "\xFF\xFE"sv : "\xFE\xFF"sv);
        for (const char c : yaml("---\n") + yaml("data: {k: x}\n")) {
            const char zero = '\0';
            wide += isLittle ? c : zero;
            wide += isLittle ? zero : c;
        }
        EXPECT_EQ(read(wide), "a a");
    }
}

TEST(JsonManifest, IsOneObject)
{
    const auto said = [](std::string_view text) { return read(text, "app/x.json"); };
    EXPECT_EQ(said(json("\n")), "j");
    EXPECT_EQ(said(json("}")), "j") << "Go's decoder looks no further";
    EXPECT_EQ(said(json(" x")),
              "Found multiple objects in \"x.json\". Only single objects are allowed in JSON files. @");
    EXPECT_EQ(said(""), "Failed to unmarshal \"x.json\": EOF @app/x.json:1:1");
    EXPECT_EQ(said("{\"a\": 1"), "Failed to unmarshal \"x.json\": unexpected EOF @app/x.json:1:8");
    EXPECT_EQ(said("\n{'a': 1}"), "Failed to unmarshal \"x.json\": invalid character '\\'' looking for beginning of "
                                  "object key string @app/x.json:2:2");
    EXPECT_EQ(said("[{}]"), "Failed to unmarshal \"x.json\": json: cannot unmarshal array into Go value of type "
                            "map[string]interface {} @app/x.json:1:1");
    EXPECT_EQ(said("{\"kind\":5}"),
              "Failed to unmarshal \"x.json\": Object 'Kind' is missing in '{\"kind\":5}' @app/x.json:1:1");
    EXPECT_EQ(said("null"), "Failed to unmarshal \"x.json\": Object 'Kind' is missing in 'null' @app/x.json:1:1");
    EXPECT_EQ(said("{\"schemaVersion\":2,\"mediaType\":\"m\"}"), "");
}
