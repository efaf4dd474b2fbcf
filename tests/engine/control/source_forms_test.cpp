// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/source_forms.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tiphys::control {
namespace {

using Defaults = std::vector<std::pair<std::string, std::string>>;

crd::Application appFrom(const std::string &spec, const std::string &status = "{}")
{
    return crd::applicationOf(object::Object(object::parseYaml("{apiVersion: argoproj.io/v1alpha1, kind: Application, "
                                                               "metadata: {name: shop, namespace: argocd}, spec: "
                                                               + spec + ", status: " + status + "}")
                                                 .value()))
        .value();
}

std::optional<service::ParameterField> fieldOf(const service::SourceForm &form, const std::string &name)
{
    const auto found = std::ranges::find(form.fields, name, &service::ParameterField::name);
    return found == form.fields.end() ? std::nullopt : std::optional(*found);
}

TEST(SourceForms, FollowTheTypeInTheStatus)
{
    const auto forms = sourceFormsOf(
        appFrom("{project: p, destination: {}, source: {repoURL: r, path: apps/shop}}", "{sourceType: Kustomize}"));

    ASSERT_EQ(forms.size(), 1U);
    EXPECT_EQ(forms[0].position, 0);
    EXPECT_EQ(forms[0].title, "apps/shop");
    EXPECT_EQ(forms[0].tool, "Kustomize");
    EXPECT_TRUE(fieldOf(forms[0], "kustomize.images"));
    EXPECT_FALSE(fieldOf(forms[0], "helm.parameters"));
}

TEST(SourceForms, NameEachOfSeveralSources)
{
    const auto forms =
        sourceFormsOf(appFrom("{project: p, destination: {}, sources: [{repoURL: r, chart: web, targetRevision: 1.0.0, "
                              "helm: {parameters: [{name: a, value: b}]}}, {repoURL: r, ref: values}]}",
                              "{sourceTypes: [Helm, '']}"));

    ASSERT_EQ(forms.size(), 2U);
    EXPECT_EQ(forms[0].position, 1);
    EXPECT_EQ(forms[0].title, "web");
    EXPECT_EQ(fieldOf(forms[0], "helm.parameters")->rows, (std::vector<std::vector<std::string>>{{"a", "b", "false"}}));
    EXPECT_EQ(forms[1].title, "values");
    EXPECT_EQ(forms[1].tool, "");
}

TEST(SourceForms, SayWhyThereAreNoFields)
{
    const auto forms = sourceFormsOf(appFrom("{project: p, destination: {}, source: {repoURL: r, path: a, helm: "
                                             "{releaseName: x}, kustomize: {namePrefix: eu-}}}"));

    ASSERT_EQ(forms.size(), 1U);
    EXPECT_TRUE(forms[0].fields.empty());
    EXPECT_NE(forms[0].problem.find("several"), std::string::npos) << forms[0].problem;
}

TEST(SourceWarnings, NameWhoWritesTheSourceAgain)
{
    crd::Application app =
        appFrom("{project: p, destination: {}, source: {repoURL: r, path: a}, syncPolicy: {automated: {}}}");
    EXPECT_EQ(sourceWarnings(app).size(), 1U);

    app.object =
        app.object.withAnnotation("argocd.argoproj.io/tracking-id", "root:argoproj.io/Application:argocd/shop");
    ASSERT_EQ(sourceWarnings(app).size(), 2U);
    EXPECT_TRUE(sourceWarnings(app)[0].starts_with("application root keeps this one in Git"));

    app.object =
        app.object.withAnnotation("argocd.argoproj.io/tracking-id", "shop:argoproj.io/Application:argocd/shop");
    EXPECT_EQ(sourceWarnings(app).size(), 1U);
}

TEST(ChartDefaults, HaveTheNamesOfParameters)
{
    const auto files =
        render::memoryTree({{"web/Chart.yaml", "name: web\n"},
                            {"web/values.yaml", "image: {tag: '1.0', pull: true}\nhosts: [a, {name: b}]\nempty: "
                                                "{}\nnone:\nlabels: {app.kubernetes.io/name: x}\n"}});

    EXPECT_EQ(chartDefaultsIn(*files, "web").value(), (Defaults{{"empty", "{}"},
                                                                {"hosts[0]", "a"},
                                                                {"hosts[1].name", "b"},
                                                                {"image.pull", "true"},
                                                                {"image.tag", "1.0"},
                                                                {"labels.app\\.kubernetes\\.io/name", "x"},
                                                                {"none", ""}}));
}

TEST(ChartDefaults, AreNoneWithoutValuesAndAnErrorWithoutAChart)
{
    const auto files = render::memoryTree(
        {{"web/Chart.yaml", "name: web\n"}, {"bad/Chart.yaml", "name: bad\n"}, {"bad/values.yaml", "a: [\n"}});

    EXPECT_TRUE(chartDefaultsIn(*files, "web").value().empty());
    EXPECT_EQ(chartDefaultsIn(*files, "none").error().code(), ErrorCode::NotFound);
    EXPECT_FALSE(chartDefaultsIn(*files, "bad"));
}

} // namespace
} // namespace tiphys::control
