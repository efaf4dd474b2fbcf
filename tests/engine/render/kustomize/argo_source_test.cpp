// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/argo_source.h"
#include "render/source_type.h"
#include "support/fetched_content.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;
using object::Value;

namespace {

std::shared_ptr<const FileTree> shop(const std::string &kustomization = {})
{
    return memoryTree(
        {{"app/kustomization.yaml", "resources: [d.yaml]\n" + kustomization},
         {"app/d.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: "
                        "{containers: [{name: c, image: 'nginx:1'}]}}}\n"}});
}

Expected<Rendered> built(const std::string &options, const std::string &kustomization = {})
{
    return renderKustomizeSource(*object::parseYaml(options), *shop(kustomization), "app", {});
}

Value firstOf(const Expected<Rendered> &rendered)
{
    return rendered && !rendered->objects.empty() ? rendered->objects[0].object.value() : Value();
}

} // namespace

TEST(KustomizeSource, SetsNamesNamespaceImagesAndReplicas)
{
    const Value object = firstOf(built("{namePrefix: a-, nameSuffix: -z, namespace: prod, images: ['nginx=my:2'], "
                                       "replicas: [{name: web, count: '3'}]}"));
    EXPECT_EQ(object.path({"metadata", "name"}).stringOr(), "a-web-z");
    EXPECT_EQ(object.path({"metadata", "namespace"}).stringOr(), "prod");
    EXPECT_EQ(object.path({"spec", "replicas"}).intOr(0), 3);
    EXPECT_EQ(object.path({"spec", "template", "spec", "containers"}).at(0)["image"].stringOr(), "my:2");
}

TEST(KustomizeSource, EndsAPatchOfWhatIsNestedTooDeep)
{
    const auto nested = [](int depth) {
        std::string open;
        for (int i = 0; i < depth; ++i)
            open += R"({"k":)";
        return open + "{}" + std::string(static_cast<std::size_t>(depth), '}');
    };
    std::string bottom = "/data";
    for (int i = 0; i < 900; ++i)
        bottom += "/k";
    const auto files = memoryTree(
        {{"app/c.yaml", "apiVersion: example.com/v1\nkind: Deep\nmetadata: {name: a}\ndata: " + nested(900) + "\n"},
         {"app/kustomization.yaml",
          "resources: [c.yaml]\npatches:\n"
          "- target: {kind: Deep}\n  patch: '[{\"op\":\"add\",\"path\":\""
              + bottom + "/more\",\"value\":" + nested(300)
              + "}]'\n"
                "- patch: '{apiVersion: example.com/v1, kind: Deep, metadata: {name: a}, other: 1}'\n"}});
    const auto refused = renderKustomizeSource(Value::map({}), *files, "app", {});
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().text().contains("nested too deep")) << refused.error().text();
}

TEST(KustomizeSource, RefusesLabelsThatAreThereUnlessForced)
{
    const auto refused = built("{commonLabels: {a: b}}", "commonLabels: {a: x}\n");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text(), "label a already in kustomization file. Use --force to override.");
    const Value object = firstOf(built("{commonLabels: {a: b}, forceCommonLabels: true}", "commonLabels: {a: x}\n"));
    EXPECT_EQ(object.path({"spec", "selector", "matchLabels", "a"}).stringOr(), "b");
}

TEST(KustomizeSource, LeavesSelectorsAloneWhenAskedTo)
{
    const Value object =
        firstOf(built("{commonLabels: {a: b}, labelWithoutSelector: true, labelIncludeTemplates: true}"));
    EXPECT_EQ(object.path({"spec", "template", "metadata", "labels", "a"}).stringOr(), "b");
    EXPECT_TRUE(object.path({"spec", "selector"}).isNull());
}

TEST(KustomizeSource, SkipsMissingComponentsOnlyWhenAskedTo)
{
    EXPECT_FALSE(built("{components: [nope]}"));
    EXPECT_TRUE(built("{components: [nope], ignoreMissingComponents: true}"));
}

TEST(KustomizeSource, AppendsPatches)
{
    const Value object = firstOf(built("{patches: [{target: {kind: Deployment}, patch: '[{\"op\": \"add\", \"path\": "
                                       "\"/spec/x\", \"value\": 1}]'}]}"));
    EXPECT_EQ(object.path({"spec", "x"}).intOr(0), 1);
}

TEST(KustomizeRemote, NamesEverythingThatIsNotHere)
{
    const auto tree = memoryTree({{"kustomization.yaml", "resources:\n- https://github.com/o/r//base?ref=v1\n"
                                                         "- github.com/o/q\n"}});
    std::vector<RemoteNeed> needs;
    KustomizeOptions options;
    options.needs = &needs;
    const auto rendered = renderKustomization(*tree, "", options);
    ASSERT_FALSE(rendered);
    EXPECT_EQ(rendered.error().code(), ErrorCode::Unavailable);
    ASSERT_EQ(needs.size(), 2u);
    EXPECT_EQ(needs[0].url, "https://github.com/o/r//base?ref=v1"); // an address may be a file: that is tried first
    EXPECT_FALSE(needs[0].repository);
    ASSERT_TRUE(needs[1].repository);
    EXPECT_EQ(needs[1].repository->cloneUrl(), "https://github.com/o/q");
}

TEST(KustomizeRemote, TakesAnAddressThatIsNoFileForARepository)
{
    const auto tree = memoryTree({{"kustomization.yaml", "resources:\n- https://github.com/o/r//base?ref=v1\n"}});
    tests::FetchedInMemory content;
    content.files["https://github.com/o/r//base?ref=v1"] = failure(ErrorCode::NotFound, "HTTP status 404");
    std::vector<RemoteNeed> needs;
    KustomizeOptions options;
    options.needs = &needs;
    options.remote = &content;
    ASSERT_FALSE(renderKustomization(*tree, "", options));
    ASSERT_EQ(needs.size(), 1u);
    ASSERT_TRUE(needs[0].repository);
    EXPECT_EQ(needs[0].repository->folder, "base");
    EXPECT_EQ(needs[0].repository->ref, "v1");
    content.repositories["https://github.com/o/r"] = memoryTree(
        {{"base/kustomization.yaml", "resources: [a.yaml]"}, {"base/a.yaml", "kind: A\nmetadata: {name: a}\n"}});
    const auto rendered = renderKustomization(*tree, "", options);
    ASSERT_TRUE(rendered) << rendered.error().text();
    EXPECT_EQ(rendered->objects.size(), 1u);
}

TEST(KustomizeCharts, ArePulledAndRendered)
{
    const auto tree =
        memoryTree({{"kustomization.yaml",
                     "helmCharts:\n- {name: web, repo: 'https://charts.test', version: 1.4.0, releaseName: one, "
                     "valuesInline: {size: 5}}\n"}});
    const Value source = Value::map({{"path", "."}});
    RenderContext context;
    std::vector<RemoteNeed> needs;
    context.needs = &needs;
    const auto refused = renderSource(source, *tree, "", context);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().text().ends_with("must specify --enable-helm")) << refused.error().text();
    context.kustomizeBuildOptions = "--enable-helm";
    context.kubeVersion = "v1.33.4-gke.1";
    ASSERT_FALSE(renderSource(source, *tree, "", context));
    ASSERT_EQ(needs.size(), 1u);
    auto content = std::make_shared<tests::FetchedInMemory>();
    content->charts[*needs[0].chart] = tests::chartArchive("web", "1.4.0");
    context.remote = content;
    const auto rendered = renderSource(source, *tree, "", context);
    ASSERT_TRUE(rendered) << rendered.error().text();
    const object::Object &object = rendered->objects.at(0).object;
    EXPECT_EQ(object.name(), "one-1.4.0");
    EXPECT_EQ(object.path({"data", "size"}).stringOr(), "5");
    EXPECT_EQ(object.path({"data", "kube"}).stringOr(), "v1.33.4");
}

TEST(KustomizeVersion, IsTheOneThatIsBuiltIn)
{
    const auto tree =
        memoryTree({{"kustomization.yaml", "resources: [a.yaml]"}, {"a.yaml", "kind: A\nmetadata: {name: a}\n"}});
    const auto versioned = [&](std::string_view version) {
        return renderSource(Value::map({{"path", "."}, {"kustomize", Value::map({{"version", version}})}}), *tree, "",
                            {});
    };
    EXPECT_TRUE(versioned("v5.8.1"));
    EXPECT_EQ(versioned("v4.5.7").error().text(), "kustomize version 'v4.5.7' is not supported: 5.8.1 is built in");
}

TEST(KustomizeLimits, RefusesAliasesThatGrowWithoutBound)
{
    std::string bomb = "apiVersion: v1\nkind: X\nmetadata: {name: a}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int k = 0; k < 9; ++k)
            bomb += ", " + last;
        bomb += "]\n";
    }
    const auto tree = memoryTree({{"kustomization.yaml", "resources: [a.yaml]"}, {"a.yaml", bomb}});
    const auto rendered = renderKustomization(*tree, "");
    ASSERT_FALSE(rendered);
    EXPECT_TRUE(rendered.error().text().contains("excessive aliasing"));
}

TEST(KustomizeCharts, TakeInlineValuesIntoThoseOfTheFile)
{
    const auto sizeOf = [](const std::string &values, const std::string &inlined) -> std::string {
        const auto tree =
            memoryTree({{"app/kustomization.yaml", "helmCharts: [{name: web, valuesInline: {" + inlined + "}}]\n"},
                        {"app/charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"},
                        {"app/charts/web/values.yaml", values},
                        {"app/charts/web/templates/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
                                                            "data: {v: {{ .Values | toJson | quote }}}\n"}});
        RenderContext context;
        context.kustomizeBuildOptions = "--enable-helm";
        const auto rendered = renderSource(Value::map({{"path", "app"}}), *tree, "shop", context);
        return rendered ? std::string(rendered->objects.at(0).object.path({"data", "v"}).stringOr())
                        : rendered.error().text();
    };
    EXPECT_EQ(sizeOf("ports: {a: 1}\n", "ports: {'8080': 2, 'true': 3}"), R"({"ports":{"8080":2,"a":1,"true":3}})");
    EXPECT_TRUE(sizeOf("# nothing\n", "a: 1").contains("could not parse values file into rnode: EOF"));
}

TEST(KustomizeSource, NamesReleasesByTheirTemplate)
{
    const auto nameOf = [](const std::string &nameTemplate) -> std::string {
        const auto tree =
            memoryTree({{"app/kustomization.yaml", "helmCharts: [{name: web, nameTemplate: '" + nameTemplate + "'}]\n"},
                        {"app/charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"},
                        {"app/charts/web/values.yaml", "{}\n"},
                        {"app/charts/web/templates/c.yaml",
                         "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\n"}});
        RenderContext context;
        context.kustomizeBuildOptions = "--enable-helm";
        const auto rendered = renderSource(Value::map({{"path", "app"}}), *tree, "shop", context);
        return rendered ? std::string(rendered->objects.at(0).object.name()) : rendered.error().text();
    };
    EXPECT_EQ(nameOf("plain"), "plain");
    EXPECT_EQ(nameOf("{{ \"WEB\" | lower }}-{{ add 1 2 }}"), "web-3");
    EXPECT_TRUE(nameOf("{{ nothing }}").contains("template: name-template:1: function \"nothing\" not defined"))
        << nameOf("{{ nothing }}");
    EXPECT_TRUE(nameOf("{{ fail \"no\" }}").contains("error calling fail: no")) << nameOf("{{ fail \"no\" }}");
}

TEST(KustomizeSource, AddsTheComponentsThatAPatternMatches)
{
    const auto component = [](const std::string &name) {
        return "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {" + name
               + ": 'on'}\n";
    };
    const auto files = memoryTree({{"app/kustomization.yaml", "resources: [c.yaml]\n"},
                                   {"app/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"},
                                   {"parts/one/kustomization.yaml", component("one")},
                                   {"parts/two/kustomization.yaml", component("two")},
                                   {"parts/.three/kustomization.yaml", component("three")}});
    const auto annotations = [&](const std::string &options) {
        const auto rendered = renderKustomizeSource(*object::parseYaml(options), *files, "app", {});
        return rendered ? object::toYaml(firstOf(rendered).path({"metadata", "annotations"})) : rendered.error().text();
    };
    EXPECT_EQ(annotations("{components: ['../parts/*']}"), "one: \"on\"\ntwo: \"on\"\n");
    EXPECT_EQ(annotations("{components: ['../parts/.*']}"), "three: \"on\"\n");
    EXPECT_EQ(
        annotations("{components: ['../parts/x*']}"),
        "../parts/x* has no match: must build at directory: not a valid directory: evalsymlink failure on 'parts/x*' : "
        "lstat parts/x*: no such file or directory");
    EXPECT_EQ(annotations("{components: ['../parts/*'], ignoreMissingComponents: true}"), "null\n");
}

TEST(KustomizeBuildOptions, StandBetweenSpacesOfAnyKind)
{
    const auto options = kustomizeBuildOptions("--enable-helm\n--load-restrictor\tLoadRestrictionsNone\r\n");
    ASSERT_TRUE(options) << options.error().text();
    EXPECT_TRUE(options->enablesHelm);
    EXPECT_EQ(options->restriction, LoadRestriction::None);
    EXPECT_FALSE(kustomizeBuildOptions("--enable-helm --unknown"));
}

TEST(KustomizeSource, NamesTheFirstPartOfAPathThatIsAbsent)
{
    const auto problem = [](const std::string &kustomization) {
        const auto rendered = built("{}", kustomization);
        return rendered ? std::string() : rendered.error().text();
    };
    EXPECT_EQ(problem("configurations: [names/kinds/own.yaml]\n"),
              "evalsymlink failure on 'app/names/kinds/own.yaml' : lstat app/names: no such file or directory");
    EXPECT_EQ(problem("configurations: [own.yaml]\n"),
              "evalsymlink failure on 'app/own.yaml' : lstat app/own.yaml: no such file or directory");
    EXPECT_EQ(problem("configurations: [d.yaml/own.yaml]\n"),
              "evalsymlink failure on 'app/d.yaml/own.yaml' : not a directory");
}

TEST(KustomizeSource, ShowsThePatchThatCannotBeRead)
{
    const auto rendered = built("{patches: [{path: nope.yaml, target: {kind: Service, name: web}, options: "
                                "{allowNameChange: true}}]}");
    ASSERT_FALSE(rendered);
    EXPECT_EQ(rendered.error().text(),
              "trouble configuring builtin PatchTransformer with config: `\noptions:\n  allowNameChange: true\npath: "
              "nope.yaml\ntarget:\n  kind: Service\n  name: web\n`: failed to get the patch file from path(nope.yaml): "
              "evalsymlink failure on 'app/nope.yaml' : lstat app/nope.yaml: no such file or directory");
}

TEST(KustomizeSource, ShowsTheConfigurationOfWhatCannotBeRead)
{
    const auto problem = [](const std::string &kustomization) {
        const auto rendered = built("{}", kustomization);
        return rendered ? std::string() : rendered.error().text();
    };
    EXPECT_EQ(
        problem("namespace: shop\nhelmGlobals: {chartHome: ../charts}\nhelmCharts:\n- {name: web, version: 1.2.3, "
                "repo: 'https://example.com', valuesFile: v.yaml, additionalValuesFiles: [w.yaml], includeCRDs: "
                "true, valuesInline: {b: 1, a: [x]}, apiVersions: [a/v1]}\n"),
        "trouble configuring builtin HelmChartInflationGenerator with config: `\nadditionalValuesFiles:\n- "
        "w.yaml\napiVersions:\n- a/v1\nchartHome: ../charts\nincludeCRDs: true\nname: web\nnamespace: "
        "shop\nrepo: https://example.com\nvaluesFile: v.yaml\nvaluesInline:\n  a:\n  - x\n  b: 1\nversion: "
        "1.2.3\n`: must specify --enable-helm");
    EXPECT_EQ(problem("patchesStrategicMerge: [nope.yaml]\n"),
              "trouble configuring builtin PatchStrategicMergeTransformer with config: `\npaths:\n- nope.yaml\n`: "
              "evalsymlink failure on 'app/nope.yaml' : lstat app/nope.yaml: no such file or directory");
    EXPECT_EQ(problem("patchesJson6902: [{path: nope.yaml, target: {version: v1, kind: Service, name: web}}]\n"),
              "trouble configuring builtin PatchJson6902Transformer with config: `\npath: nope.yaml\ntarget:\n  kind: "
              "Service\n  name: web\n  version: v1\n`: evalsymlink failure on 'app/nope.yaml' : lstat app/nope.yaml: "
              "no such file or directory");
}
