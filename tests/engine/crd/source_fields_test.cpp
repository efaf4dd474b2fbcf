// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/source_fields.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

ApplicationSource sourceFrom(std::string_view yaml)
{
    return sourceOf(object::parseYaml(yaml).value()).value();
}

std::string fieldText(const ApplicationSource &source, const std::string &name, std::string_view statusType = {})
{
    const Expected<std::vector<SourceField>> fields = sourceFields(source, statusType);
    for (const SourceField &field : fields.value_or(std::vector<SourceField>())) {
        if (field.name == name)
            return field.text;
    }
    return "(no such field)";
}

constexpr std::string_view kHelm = R"(
repoURL: https://example.org/r.git
path: chart
helm:
  releaseName: shop
  own: kept
  valuesObject: {replicas: 2}
  parameters:
    - {name: a, value: "1"}
    - {name: tag, value: "2", forceString: true}
    - {name: b, value: "3"}
)";

TEST(SourceFields, ReadParametersOfHelm)
{
    const ApplicationSource source = sourceFrom(kHelm);

    EXPECT_EQ(fieldText(source, "helm.parameters"), "a=1\nb=3");
    EXPECT_EQ(fieldText(source, "helm.parameters (forceString)"), "tag=2");
    EXPECT_EQ(fieldText(source, "helm.values"), "replicas: 2\n");
    EXPECT_EQ(fieldText(source, "helm.skipCrds"), "false");
    EXPECT_EQ(fieldText(source, "kustomize.images"), "(no such field)");
}

TEST(SourceFields, OfASourceThatSaysNothingFollowTheStatus)
{
    const ApplicationSource source = sourceFrom("{repoURL: r, path: p}");

    EXPECT_EQ(fieldText(source, "kustomize.images", "Kustomize"), "");
    EXPECT_EQ(fieldText(source, "directory.recurse", "Directory"), "false");
    EXPECT_EQ(fieldText(source, "helm.releaseName"), "(no such field)");
    EXPECT_EQ(fieldText(sourceFrom("{repoURL: r, chart: c}"), "helm.releaseName"), "");
}

TEST(SourceFields, UnchangedTextsChangeNothing)
{
    for (const std::string_view yaml : {kHelm, std::string_view("{repoURL: r, path: p}"),
                                        std::string_view("{repoURL: r, path: p, kustomize: {replicas: [{name: a, count: '2'}], commonLabels: {a: b}}}"),
                                        std::string_view("{repoURL: r, path: p, plugin: {name: x, env: [{name: A, value: ''}], parameters: [{name: p, array: []}]}}")}) {
        const ApplicationSource source = sourceFrom(yaml);
        std::vector<std::pair<std::string, std::string>> texts;
        for (const SourceField &field : sourceFields(source).value())
            texts.emplace_back(field.name, field.text);

        EXPECT_EQ(toValue(withFields(source, texts).value()), source.value) << yaml;
    }
}

TEST(SourceFields, ChangedParametersKeepTheirPlace)
{
    const ApplicationSource changed = withFields(sourceFrom(kHelm), {{"helm.parameters", "b=4\nc=5\n"}, {"helm.releaseName", ""}}).value();

    EXPECT_EQ(changed.helm->parameters, (std::vector<HelmParameter>{{"tag", "2", true}, {"b", "4", false}, {"c", "5", false}}));
    EXPECT_EQ(toValue(changed)["helm"]["own"].stringOr(), "kept");
    EXPECT_FALSE(toValue(changed)["helm"].contains("releaseName"));
}

TEST(SourceFields, AnEmptyBlockGoes)
{
    const ApplicationSource changed =
        withFields(sourceFrom("{repoURL: r, path: p, kustomize: {images: ['a:1']}}"), {{"kustomize.images", ""}}).value();

    EXPECT_FALSE(toValue(changed).contains("kustomize"));
}

TEST(SourceFields, ValuesBecomeAnObject)
{
    const ApplicationSource changed = withFields(sourceFrom("{repoURL: r, path: p, helm: {values: 'a: 1'}}"), {{"helm.values", "a: 2\n"}}).value();

    EXPECT_EQ(toValue(changed)["helm"], object::parseYaml("valuesObject: {a: 2}").value());
}

TEST(SourceFields, SayWhatIsWrong)
{
    const ApplicationSource source = sourceFrom(kHelm);

    EXPECT_EQ(withFields(source, {{"helm.parameters", "novalue"}}).error().text(), "helm.parameters: 'novalue' must have the form name=value");
    EXPECT_FALSE(withFields(source, {{"helm.values", "- a"}}));
    EXPECT_FALSE(withFields(source, {{"helm.skipCrds", "maybe"}}));
    EXPECT_FALSE(withFields(source, {{"kustomize.replicas", "web=many"}}));
    EXPECT_FALSE(withFields(source, {{"helm.nonsense", "x"}}));
}

} // namespace
} // namespace tiphys::crd
