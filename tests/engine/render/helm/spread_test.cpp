// SPDX-License-Identifier: GPL-3.0-or-later
// Charts that are large enough to be spread: what comes out is that of rendering in turn.
#include "support/spread.h"

#include "object/json.h"
#include "render/helm/helm_render.h"
#include "render/helm/template_cache.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace tiphys;
using namespace tiphys::render;

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

std::string &at(Files &files, const std::string &path)
{
    return std::ranges::find(files, path, &Files::value_type::first)->second;
}

std::string large(std::string text, std::size_t bytes)
{
    while (text.size() < bytes)
        text += "  field" + std::to_string(text.size()) + ": {type: string, description: what it is for}\n";
    return text;
}

/// A chart with twenty definitions of 20 KB, subcharts with large templates, and a library that each carries.
Files largeChart()
{
    Files files{{"Chart.yaml", "apiVersion: v2\nname: top\nversion: 1.0.0\n"},
                {"templates/top.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: top}\n"}};
    for (int i = 0; i < 20; ++i) {
        const std::string number = std::to_string(i);
        files.emplace_back("crds/crd-" + number + ".yaml",
                           large("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: "
                                 "{name: a"
                                     + number + "}\nspec:\n",
                                 20'000));
        const std::string part = "charts/part-" + number + "/";
        files.emplace_back(part + "Chart.yaml", "apiVersion: v2\nname: part-" + number + "\nversion: 1.0.0\n");
        files.emplace_back(part + "values.yaml", "size: " + number + "\n");
        files.emplace_back(part + "templates/_own.tpl",
                           "{{ define \"own." + number + "\" }}own{{ include \"common.name\" . }}{{ end }}");
        files.emplace_back(part + "templates/config.yaml",
                           large("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ include \"own." + number
                                     + "\" . }}}\ndata:\n  size: {{ .Values.size | quote }}\n",
                                 20'000));
        files.emplace_back(part + "charts/common/Chart.yaml",
                           "apiVersion: v2\nname: common\ntype: library\nversion: 1.0.0\n");
        files.emplace_back(part + "charts/common/templates/_names.tpl",
                           "{{ define \"common.name\" }}{{ .Chart.Name }}{{ end }}");
    }
    return files;
}

std::string textOf(const Expected<Rendered> &rendered)
{
    if (!rendered)
        return "error: " + rendered.error().text();
    std::string text;
    for (const RenderedObject &object : rendered->objects)
        text += object.file + " " + object::toJson(object.object.value()) + "\n";
    return text;
}

std::string renderedWith(const Files &files, const ForEach &forEach)
{
    TemplateCache cache;
    HelmOptions options;
    options.forEach = forEach;
    return textOf(renderChartFolder(*memoryTree(files), "", options, nullptr, cache));
}

/// What the chart gives, if it is the same however it is spread.
std::string renderedAlike(const Files &files)
{
    const std::string inTurn = renderedWith(files, {});
    for (const ForEach &forEach : {test::lastFirst(), test::allAtOnce()}) {
        std::size_t jobs = 0;
        EXPECT_EQ(renderedWith(files, test::counted(forEach, jobs)), inTurn);
        EXPECT_GT(jobs, 1u) << "nothing was spread";
    }
    return inTurn;
}

} // namespace

TEST(SpreadChart, GivesTheSameObjectsInTheSameOrder)
{
    const std::string rendered = renderedAlike(largeChart());
    EXPECT_EQ(std::ranges::count(rendered, '\n'), 41);
    EXPECT_TRUE(rendered.contains(R"("name":"ownpart-7")")) << rendered.substr(0, 300);
}

TEST(SpreadChart, TellsTheFirstBrokenDefinitionThoughALaterOneWasFoundBefore)
{
    Files files = largeChart();
    at(files, "crds/crd-3.yaml") += "a: [1\n";
    at(files, "crds/crd-9.yaml") += "a: 'b\n";
    EXPECT_TRUE(renderedAlike(files).starts_with("error: top/crds/crd-3.yaml: ")) << renderedAlike(files);

    // One that is no object comes before one that is no YAML.
    at(files, "crds/crd-2.yaml") = "- a\n";
    EXPECT_TRUE(renderedAlike(files).starts_with("error: top/crds/crd-2.yaml: "));
}

TEST(SpreadChart, TellsTheFirstBrokenDocumentOfATemplate)
{
    Files files = largeChart();
    at(files, "charts/part-3/templates/config.yaml") += "a: [1\n";
    at(files, "charts/part-9/templates/config.yaml") += "a: 'b\n";
    const std::string text = renderedAlike(files);
    EXPECT_TRUE(text.contains("YAML parse error on top/charts/part-3/templates/config.yaml")) << text;
}

TEST(SpreadChart, TellsTheFirstBrokenSubchart)
{
    Files files = largeChart();
    at(files, "charts/part-4/values.yaml") = "a: [1\n";
    at(files, "charts/part-8/Chart.yaml") = "name: [\n";
    EXPECT_TRUE(renderedAlike(files).contains("part-4"));
}

TEST(SpreadChart, TellsTheBrokenTemplateThatIsReadFirst)
{
    Files files = largeChart();
    at(files, "charts/part-4/templates/config.yaml") = "{{ if }}";
    at(files, "charts/part-8/templates/_own.tpl") = "{{ define }}";
    const std::string text = renderedAlike(files);
    EXPECT_TRUE(text.contains("part-8/templates/_own.tpl")) << text;
}

TEST(SpreadChart, AnIgnoredOrNestedFileStaysWhatItIs)
{
    Files files = largeChart();
    files.emplace_back(".helmignore", "charts/part-5/\n");
    const std::string rendered = renderedAlike(files);
    EXPECT_EQ(std::ranges::count(rendered, '\n'), 40);
    EXPECT_FALSE(rendered.contains("part-5/"));
}
