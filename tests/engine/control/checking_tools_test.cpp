// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/checking_tools.h"

#include "control/rendering.h"
#include "object/yaml.h"
#include "render/helm/helm_render.h"

#include <gtest/gtest.h>

namespace tiphys::control {
namespace {

/// Tools that give what they were told.
class FakeTools final : public render::ExternalTools
{
public:
    bool areChosenFor(const std::string &application) const override { return application == chosen; }
    Expected<render::Rendered> chart(const render::FileTree &, const std::string &,
                                     const render::HelmOptions &) override
    {
        return answer;
    }
    Expected<render::Rendered> kustomization(const render::FileTree &, const std::string &,
                                             const render::KustomizeCall &) override
    {
        return answer;
    }

    Expected<render::Rendered> answer;
    std::string chosen;
};

constexpr const char *kConfig = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: \"1\"\n";

std::shared_ptr<const render::FileTree> files()
{
    return render::memoryTree({{"web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"},
                               {"web/templates/config.yaml", kConfig},
                               {"overlay/kustomization.yaml", "resources: [config.yaml]\n"},
                               {"overlay/config.yaml", kConfig}});
}

render::Rendered rendered(const std::string &yaml)
{
    render::Rendered result;
    result.objects.push_back({object::Object(object::parseYaml(yaml).value()), {}});
    return result;
}

std::vector<ToolCheck> checksWith(const Expected<render::Rendered> &answer)
{
    FakeTools fake;
    fake.answer = answer;
    CheckingTools tools(fake, {});
    EXPECT_EQ(tools.chart(*files(), "web", {})->objects.size(), 1U);
    EXPECT_EQ(tools.kustomization(*files(), "overlay", {.options = {}, .flags = {}})->objects.size(), 1U);
    EXPECT_EQ(tools.chart(*files(), "web", {})->objects.size(), 1U);
    return tools.checks();
}

TEST(CheckingTools, TellWhatAgrees)
{
    EXPECT_EQ(checksWith(rendered(kConfig)),
              (std::vector<ToolCheck>{{"overlay", "kustomize", 1, "", ""}, {"web", "helm", 1, "", ""}}));
}

TEST(CheckingTools, TellWhereTheyDiffer)
{
    EXPECT_EQ(checksWith(rendered("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: \"2\"\n"))
                  .front()
                  .difference,
              "ConfigMap a has other content");
    EXPECT_NE(checksWith(render::Rendered{}).front().difference, "");
    EXPECT_NE(checksWith(failure(ErrorCode::InvalidInput, "helm: no")).front().difference, "");
}

TEST(CheckingTools, TellWhichToolIsMissing)
{
    const std::vector<ToolCheck> checks = checksWith(failure(ErrorCode::NotFound, "no helm in PATH"));

    ASSERT_EQ(checks.size(), 2U);
    EXPECT_EQ(checks[1].problem, "no helm in PATH");
    EXPECT_EQ(checks[1].difference, "");
}

TEST(RenderingOfAnApplication, IsTheToolsWhereTheyAreChosen)
{
    const Expected<crd::Application> parsed =
        crd::applicationOf(object::Object(object::parseYaml(R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  project: p
  destination: {server: 'https://kubernetes.default.svc', namespace: shop}
  source: {repoURL: r, path: web}
)")
                                              .value()));
    ASSERT_TRUE(parsed) << parsed.error().text();
    const crd::Application &app = *parsed;
    const std::vector<SourceFiles> sources{
        {.source = *app.spec.source, .revision = "1", .files = files(), .error = {}}};
    const std::vector<std::string> manifests;
    FakeTools fake;
    fake.answer = render::Rendered{.type = render::SourceType::Helm, .objects = {}, .warnings = {}};
    RenderCache cache;
    std::string instance = "shop";
    const auto count = [&] {
        RenderInput input{.app = app,
                          .instance = instance,
                          .sources = sources,
                          .hasMultipleSources = false,
                          .manifests = manifests,
                          .discovery = nullptr,
                          .tracking = {},
                          .settings = {}};
        input.settings.tools = &fake;
        return renderingOf(input, &cache).targets.objects.size();
    };

    EXPECT_EQ(count(), 1U);
    fake.chosen = "shop";
    EXPECT_EQ(count(), 0U) << "what this program rendered before does not count";
    fake.chosen.clear();
    EXPECT_EQ(count(), 1U);
    EXPECT_EQ(cache.counts().rendered, 2U);
    instance = "team_shop";
    fake.chosen = "shop";
    EXPECT_EQ(count(), 0U) << "an Application of another namespace is chosen by its name";
}

} // namespace
} // namespace tiphys::control
