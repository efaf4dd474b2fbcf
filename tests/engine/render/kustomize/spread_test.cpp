// SPDX-License-Identifier: GPL-3.0-or-later
// Kustomizations with many resources, parts of which are built aside: what comes out is that of building them in turn.
#include "support/spread.h"

#include "object/json.h"
#include "render/kustomize/kustomize.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace tiphys;
using namespace tiphys::render;

namespace {

constexpr int kOverlays = 60;

using Files = std::vector<std::pair<std::string, std::string>>;

std::string overlayOf(int number, const std::string &more = {})
{
    return "resources: [../base]\nnamePrefix: p" + std::to_string(number)
           + "-\nnamespace: live\nlabels:\n- pairs: {env: live}\n  includeSelectors: true\npatches:\n- path: "
             "patch.yaml\n"
           + more;
}

std::string &at(Files &files, const std::string &path)
{
    return std::ranges::find(files, path, &Files::value_type::first)->second;
}

/// all/ has 60 overlays of one base, each with a patch, and a name that refers to another.
Files manyOverlays()
{
    Files files{{"base/kustomization.yaml", "resources: [deployment.yaml, config.yaml]\n"},
                {"base/deployment.yaml",
                 "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: "
                 "web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - name: "
                 "main\n        image: web:v1\n        envFrom: [{configMapRef: {name: web}}]\n"},
                {"base/config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n"}};
    std::string all = "resources:\n";
    for (int i = 0; i < kOverlays; ++i) {
        const std::string folder = "overlay-" + std::to_string(i);
        all += "- ../" + folder + "\n";
        files.emplace_back(folder + "/kustomization.yaml", overlayOf(i));
        files.emplace_back(folder + "/patch.yaml",
                           "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: "
                               + std::to_string(i) + "}\n");
    }
    files.emplace_back("all/kustomization.yaml", all);
    return files;
}

std::string textOf(const Expected<Rendered> &rendered)
{
    if (!rendered)
        return "error: " + rendered.error().text();
    std::string text;
    for (const RenderedObject &object : rendered->objects)
        text += object::toJson(object.object.value()) + "\n";
    for (const std::string &warning : rendered->warnings)
        text += "warning: " + warning + "\n";
    return text;
}

/// What "all" gives, if it is the same however it is spread.
std::string builtAlike(const Files &files, const KustomizeOptions &options = {})
{
    const auto tree = memoryTree(files);
    const std::string inTurn = textOf(renderKustomization(*tree, "all", options));
    for (const ForEach &forEach : {test::lastFirst(), test::allAtOnce()}) {
        std::size_t jobs = 0;
        KustomizeOptions spread = options;
        spread.forEach = test::counted(forEach, jobs);
        EXPECT_EQ(textOf(renderKustomization(*tree, "all", spread)), inTurn);
        EXPECT_GT(jobs, 1u) << "nothing was spread";
    }
    return inTurn;
}

} // namespace

TEST(SpreadKustomization, GivesTheSameObjectsInTheSameOrder)
{
    const std::string built = builtAlike(manyOverlays());
    EXPECT_EQ(std::ranges::count(built, '\n'), 2 * kOverlays);
    EXPECT_TRUE(built.contains(R"("configMapRef":{"name":"p59-web"})")) << built;
}

TEST(SpreadKustomization, PlainFilesAreSpreadToo)
{
    Files files;
    std::string all = "resources:\n";
    for (int i = 0; i < 300; ++i) {
        const std::string name = "c" + std::to_string(i);
        all += "- " + name + ".yaml\n";
        files.emplace_back("all/" + name + ".yaml",
                           "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n");
    }
    files.emplace_back("all/kustomization.yaml", all);
    EXPECT_EQ(std::ranges::count(builtAlike(files), '\n'), 300);
}

TEST(SpreadKustomization, TellsTheFirstErrorThoughALaterPartFailedBefore)
{
    Files files = manyOverlays();
    at(files, "overlay-20/patch.yaml") = "a: [1\n";
    at(files, "overlay-55/kustomization.yaml") = "resources: [../nowhere]\n";
    EXPECT_TRUE(builtAlike(files).contains("overlay-20"));

    at(files, "overlay-20/patch.yaml") = "";
    EXPECT_TRUE(builtAlike(files).contains("error: ")) << "an empty patch";

    files = manyOverlays();
    at(files, "overlay-55/kustomization.yaml") = "resources: [../nowhere]\n";
    EXPECT_TRUE(builtAlike(files).contains("nowhere"));
}

TEST(SpreadKustomization, TellsOfTwoResourcesWithOneId)
{
    // Of two parts, and of one.
    for (const int twin : {1, 58}) {
        Files files = manyOverlays();
        at(files, "overlay-" + std::to_string(twin) + "/kustomization.yaml") = overlayOf(59);
        EXPECT_TRUE(builtAlike(files).contains("may not add resource with an already registered id"));
    }
}

TEST(SpreadKustomization, TellsOfRings)
{
    Files files = manyOverlays();
    at(files, "overlay-50/kustomization.yaml") = "resources: [../all]\n";
    EXPECT_TRUE(builtAlike(files).contains("cycle detected"));
}

TEST(SpreadKustomization, KeepsWarningsInOrder)
{
    Files files = manyOverlays();
    for (const int i : {3, 31, 59})
        at(files, "overlay-" + std::to_string(i) + "/kustomization.yaml") =
            overlayOf(i, "commonLabels: {own: x" + std::to_string(i) + "}\n");
    EXPECT_TRUE(builtAlike(files).contains("warning: "));
}

TEST(SpreadKustomization, ASchemaThatOnePartChoosesHoldsForThoseBehind)
{
    // Merges containers by name no more: a list that is not known is replaced.
    const std::string schema = R"({"definitions": {}})";
    for (const int chooser : {0, 20, 59}) {
        Files files = manyOverlays();
        const std::string folder = "overlay-" + std::to_string(chooser);
        at(files, folder + "/kustomization.yaml") = overlayOf(chooser, "openapi: {path: schema.json}\n");
        files.emplace_back(folder + "/schema.json", schema);
        for (int i = 0; i < kOverlays; ++i)
            at(files, "overlay-" + std::to_string(i) + "/patch.yaml") =
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: "
                "[{name: main, args: [x]}]}}}\n";
        EXPECT_FALSE(builtAlike(files).contains("error: "));
    }
}

TEST(SpreadKustomization, VarsAndConfigurationsOfAPartCount)
{
    Files files = manyOverlays();
    at(files, "overlay-59/kustomization.yaml") =
        overlayOf(59, "vars:\n- name: NAME\n  objref: {apiVersion: v1, kind: ConfigMap, name: web}\nconfigurations: "
                      "[config.yaml]\n");
    files.emplace_back("overlay-59/config.yaml", "varReference:\n- path: spec/note\n  kind: Deployment\n");
    at(files, "overlay-59/patch.yaml") =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {note: $(NAME)}\n";
    EXPECT_TRUE(builtAlike(files).contains(R"("note":"p59-web")"));
}

TEST(SpreadKustomization, AsksForAllThatIsMissingInOneRound)
{
    Files files = manyOverlays();
    for (const int i : {2, 33, 58})
        at(files, "overlay-" + std::to_string(i) + "/kustomization.yaml") =
            "resources: [\"https://example.com/" + std::to_string(i) + ".yaml\"]\n";
    const auto tree = memoryTree(files);
    std::vector<std::vector<std::string>> asked;
    for (const ForEach &forEach : {ForEach(), test::lastFirst(), test::allAtOnce()}) {
        std::vector<RemoteNeed> needs;
        KustomizeOptions options;
        options.needs = &needs;
        options.forEach = forEach;
        const auto rendered = renderKustomization(*tree, "all", options);
        ASSERT_FALSE(rendered);
        EXPECT_EQ(rendered.error().code(), ErrorCode::Unavailable);
        std::vector<std::string> &texts = asked.emplace_back();
        for (const RemoteNeed &need : needs)
            texts.push_back(need.text());
    }
    EXPECT_EQ(asked[0].size(), 3u);
    EXPECT_EQ(asked[1], asked[0]);
    EXPECT_EQ(asked[2], asked[0]);
}

TEST(SpreadKustomization, OriginsAreToldInTurn)
{
    Files files = manyOverlays();
    at(files, "all/kustomization.yaml") += "buildMetadata: [originAnnotations]\n";
    const auto tree = memoryTree(files);
    KustomizeOptions options;
    options.forEach = test::allAtOnce();
    EXPECT_EQ(textOf(renderKustomization(*tree, "all", options)), textOf(renderKustomization(*tree, "all")));
}
