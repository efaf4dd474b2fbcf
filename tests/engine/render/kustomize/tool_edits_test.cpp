// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/tool_edits.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::render {
namespace {

using object::Value;

KustomizeCall callWith(std::string_view options)
{
    return {.options = object::parseYaml(options).value(), .flags = {}, .substitute = [](std::string_view text) {
                return text == "$X" ? std::string("put-in") : std::string(text);
            }};
}

TEST(ToolEdits, AreCallsInTheOrderOfArgoCd)
{
    const auto files = memoryTree({{"k/kustomization.yaml", ""}, {"part/kustomization.yaml", ""}});
    const Expected<ToolEdits> edits = toolEditsOf(callWith("components: [../part, ../none]\nignoreMissingComponents: "
                                                           "true\nnamespace: shop\nreplicas: [{name: a, count: '3'}]\n"
                                                           "images: [$X]\nnamePrefix: -p\ncommonAnnotations: {a: "
                                                           "$X}\ncommonLabels: {l: $X}\nforceCommonLabels: true\n"),
                                                  *files, "k");

    ASSERT_TRUE(edits);
    const std::vector<std::vector<std::string>> commands{
        {"edit", "set", "nameprefix", "--", "-p"}, {"edit", "set", "image", "put-in"},
        {"edit", "set", "replicas", "a=3"},        {"edit", "add", "label", "--force", "l:put-in"},
        {"edit", "add", "annotation", "a:$X"},     {"edit", "set", "namespace", "--", "shop"}};
    EXPECT_EQ(edits->commands, commands);
    EXPECT_EQ(edits->lastCommand, (std::vector<std::string>{"edit", "add", "component", "../part"}));
    EXPECT_TRUE(edits->patches.isEmpty());
}

TEST(ToolEdits, AreNoneWithoutOptions)
{
    EXPECT_TRUE(toolEditsOf(callWith("{}"), *memoryTree({}), "")->isEmpty());
    EXPECT_EQ(toolEditsOf(callWith("replicas: [{name: a, count: many}]"), *memoryTree({}), "").error().text(),
              "expected integer value for count. Received: many");
}

TEST(ToolEdits, PutPatchesBehindThoseOfTheFile)
{
    const Value patches = object::parseYaml("[{path: b}]").value();

    EXPECT_EQ(withPatches("patches: [{path: a}]\nnamePrefix: p\n", patches),
              "namePrefix: p\npatches:\n- path: a\n- path: b\n");
    EXPECT_EQ(withPatches("namePrefix: p\n", patches), "namePrefix: p\npatches:\n- path: b\n");
    EXPECT_FALSE(withPatches("patches: a", patches));
    EXPECT_FALSE(withPatches("[]", patches));
}

} // namespace
} // namespace tiphys::render
