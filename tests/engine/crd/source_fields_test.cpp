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

using Rows = std::vector<std::vector<std::string>>;

std::optional<SourceField> fieldOf(const ApplicationSource &source, const std::string &name,
                                   std::string_view statusType = {})
{
    const Expected<std::vector<SourceField>> fields = sourceFields(source, statusType);
    for (const SourceField &field : fields.value_or(std::vector<SourceField>())) {
        if (field.name == name)
            return field;
    }
    return std::nullopt;
}

std::string fieldText(const ApplicationSource &source, const std::string &name, std::string_view statusType = {})
{
    const std::optional<SourceField> field = fieldOf(source, name, statusType);
    return field ? field->text : "(no such field)";
}

Rows fieldRows(const ApplicationSource &source, const std::string &name)
{
    return fieldOf(source, name).value_or(SourceField{}).rows;
}

SourceField textOf(std::string name, std::string text)
{
    SourceField field;
    field.name = std::move(name);
    field.text = std::move(text);
    return field;
}

SourceField rowsOf(std::string name, Rows rows)
{
    SourceField field;
    field.name = std::move(name);
    field.rows = std::move(rows);
    return field;
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

    EXPECT_EQ(fieldRows(source, "helm.parameters"),
              (Rows{{"a", "1", "false"}, {"tag", "2", "true"}, {"b", "3", "false"}}));
    EXPECT_EQ(fieldText(source, "helm.values"), "replicas: 2\n");
    EXPECT_EQ(fieldText(source, "helm.skipCrds"), "false");
    EXPECT_EQ(fieldText(source, "kustomize.images"), "(no such field)");
}

TEST(SourceFields, OfASourceThatSaysNothingFollowTheStatus)
{
    const ApplicationSource source = sourceFrom("{repoURL: r, path: p}");

    EXPECT_TRUE(fieldOf(source, "kustomize.images", "Kustomize"));
    EXPECT_EQ(fieldText(source, "directory.recurse", "Directory"), "false");
    EXPECT_EQ(fieldText(source, "helm.releaseName"), "(no such field)");
    EXPECT_EQ(fieldText(sourceFrom("{repoURL: r, chart: c}"), "helm.releaseName"), "");
}

TEST(SourceFields, UnchangedFieldsChangeNothing)
{
    for (const std::string_view yaml :
         {kHelm, std::string_view("{repoURL: r, path: p}"),
          std::string_view("{repoURL: r, path: p, helm: {parameters: [{name: a, value: ''}], values: \"a: |\\n  x\"}}"),
          std::string_view(
              "{repoURL: r, path: p, kustomize: {replicas: [{name: a, count: '2'}], commonLabels: {a: b}}}"),
          std::string_view("{repoURL: r, path: p, plugin: {name: x, env: [{name: A, value: ''}], parameters: [{name: "
                           "p, array: []}]}}")}) {
        const ApplicationSource source = sourceFrom(yaml);

        EXPECT_EQ(withFields(source, sourceFields(source).value()).value().value, source.value) << yaml;
    }
}

TEST(SourceFields, RowsKeepTheirOrder)
{
    const ApplicationSource changed =
        withFields(
            sourceFrom(kHelm),
            {rowsOf("helm.parameters", {{"tag", "2", "true"}, {"b", "4", "false"}, {"", "", "false"}, {"c", "5"}}),
             textOf("helm.releaseName", "")})
            .value();

    EXPECT_EQ(changed.helm->parameters,
              (std::vector<HelmParameter>{{"tag", "2", true}, {"b", "4", false}, {"c", "5", false}}));
    EXPECT_EQ(toValue(changed)["helm"]["own"].stringOr(), "kept");
    EXPECT_FALSE(toValue(changed)["helm"].contains("releaseName"));
}

TEST(SourceFields, AParameterMayHoldSeveralLinesAndCommas)
{
    const ApplicationSource changed =
        withFields(sourceFrom(kHelm), {rowsOf("helm.parameters", {{"a", "x\ny,z=1", "false"}})}).value();

    EXPECT_EQ(changed.helm->parameters, (std::vector<HelmParameter>{{"a", "x\ny,z=1", false}}));
}

TEST(SourceFields, AnEmptyBlockGoes)
{
    const ApplicationSource changed =
        withFields(sourceFrom("{repoURL: r, path: p, kustomize: {images: ['a:1']}}"), {rowsOf("kustomize.images", {})})
            .value();

    EXPECT_FALSE(toValue(changed).contains("kustomize"));
}

TEST(SourceFields, AnImageIsSetInItsParts)
{
    const ApplicationSource source = sourceFrom("{repoURL: r, path: p, kustomize: {images: ['a=a:1', 'redis:7']}}");

    EXPECT_EQ(fieldRows(source, "kustomize.images"), (Rows{{"a", "a", "1", ""}, {"redis", "", "7", ""}}));

    const ApplicationSource changed =
        withFields(source,
                   {rowsOf("kustomize.images", {{"a", "a", "1", ""}, {"redis", "registry:5000/redis", "8", ""}})})
            .value();

    EXPECT_EQ(changed.kustomize->images, (std::vector<std::string>{"a=a:1", "redis=registry:5000/redis:8"}));
}

struct ImageCase
{
    std::string name;
    std::string text;
    KustomizeImageParts parts;
};

class ImageParts : public testing::TestWithParam<ImageCase>
{
};

TEST_P(ImageParts, ReadAndWrite)
{
    EXPECT_EQ(imagePartsOf(GetParam().text), GetParam().parts);
    EXPECT_EQ(imageText(GetParam().parts), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    SourceFields, ImageParts,
    testing::Values(ImageCase{"Tag", "node:8", {"node", "", "8", ""}},
                    ImageCase{"Port", "host:5000/node", {"host:5000/node", "", "", ""}},
                    ImageCase{"PortAndTag", "host:5000/node:8", {"host:5000/node", "", "8", ""}},
                    ImageCase{"NewName", "node=host:5000/my/node:8", {"node", "host:5000/my/node", "8", ""}},
                    ImageCase{"Digest", "node=alpine@sha256:ab", {"node", "alpine", "", "sha256:ab"}},
                    ImageCase{"TagAndDigest", "node:8@sha256:ab", {"node", "", "8", "sha256:ab"}}),
    [](const auto &row) { return row.param.name; });

TEST(SourceFields, ValuesBecomeAnObject)
{
    const ApplicationSource changed =
        withFields(sourceFrom("{repoURL: r, path: p, helm: {values: 'a: 1'}}"), {textOf("helm.values", "a: 2\n")})
            .value();

    EXPECT_EQ(toValue(changed)["helm"], object::parseYaml("valuesObject: {a: 2}").value());
}

TEST(SourceFields, SayWhatIsWrong)
{
    const ApplicationSource source = sourceFrom(kHelm);

    EXPECT_EQ(withFields(source, {rowsOf("helm.parameters", {{"", "5", "false"}})}).error().text(),
              "helm.parameters: the value '5' has no name");
    EXPECT_FALSE(withFields(source, {textOf("helm.values", "- a")}));
    EXPECT_FALSE(withFields(source, {textOf("helm.skipCrds", "maybe")}));
    EXPECT_FALSE(withFields(source, {rowsOf("kustomize.replicas", {{"web", "many"}})}));
    EXPECT_FALSE(withFields(source, {textOf("kustomize.namePrefix", "x-")}));
    EXPECT_EQ(withFields(sourceFrom("{repoURL: r, path: p}"), {rowsOf("kustomize.images", {{"nginx"}})}).error().text(),
              "kustomize.images: 'nginx' needs a new name, a tag or a digest");
    EXPECT_FALSE(withFields(source, {textOf("helm.nonsense", "x")}));
}

} // namespace
} // namespace tiphys::crd
