// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/source_edit.h"

#include "object/json_patch.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

using object::Value;

Value yaml(std::string_view text)
{
    return object::parseYaml(text).value();
}

struct EditCase
{
    std::string name;
    std::string before; ///< the source without repoURL and path
    std::string statusType;
    SourceEdit edit;
    std::string after;
};

class Edited : public testing::TestWithParam<EditCase>
{
};

Value whole(const std::string &blocks)
{
    Value source = Value::map({{"repoURL", "r"}, {"path", "p"}});
    const Value extra = yaml(blocks);
    for (const auto &[key, value] : extra.entries())
        source = source.with(key, value);
    return source;
}

TEST_P(Edited, IsStoredAsArgoCdStoresIt)
{
    const EditCase &row = GetParam();

    const Expected<ApplicationSource> result = edited(sourceOf(whole(row.before)).value(), row.edit, row.statusType);

    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(object::toYaml(toValue(*result)), object::toYaml(whole(row.after)));
}

INSTANTIATE_TEST_SUITE_P(
    Sources, Edited,
    testing::Values(
        EditCase{"ParameterOfHelm",
                 "{}",
                 "Helm",
                 {.parameters = {"image.tag=v2"}},
                 "{helm: {parameters: [{name: image.tag, value: v2}]}}"},
        EditCase{"ParameterOfUnknownTool",
                 "{}",
                 "",
                 {.parameters = {"a=1"}},
                 "{helm: {parameters: [{name: a, value: '1'}]}}"},
        EditCase{"ParameterReplaced",
                 "{helm: {parameters: [{name: a, value: '1', forceString: true}, {name: b, value: '2'}]}}",
                 "",
                 {.parameters = {"a=3"}},
                 "{helm: {parameters: [{name: a, value: '3'}, {name: b, value: '2'}]}}"},
        EditCase{"CommasAreEscaped",
                 "{}",
                 "Helm",
                 {.helmSets = {"a=x,y\\,z,,w"}},
                 "{helm: {parameters: [{name: a, value: 'x\\,y\\,z\\,,w'}]}}"},
        EditCase{"ForcedText",
                 "{}",
                 "",
                 {.helmSetStrings = {"a=1"}},
                 "{helm: {parameters: [{name: a, value: '1', forceString: true}]}}"},
        EditCase{"ValueFilesReplaceAll",
                 "{helm: {valueFiles: [old.yaml]}}",
                 "",
                 {.valueFiles = {"a.yaml", "b.yaml"}},
                 "{helm: {valueFiles: [a.yaml, b.yaml]}}"},
        EditCase{"ValuesBecomeAnObject",
                 "{helm: {values: 'a: 1'}}",
                 "",
                 {.values = "b: 2\n"},
                 "{helm: {valuesObject: {b: 2}}}"},
        EditCase{"EmptyHelmIsDropped", "{helm: {}}", "", {.targetRevision = "main"}, "{targetRevision: main}"},
        EditCase{"ImageOfTheSameName",
                 "{kustomize: {images: ['node:8', 'mysql=mariadb:1']}}",
                 "",
                 {.images = {"node:9", "mysql=maria:2", "redis:7"}},
                 "{kustomize: {images: ['node:9', 'mysql=maria:2', 'redis:7']}}"},
        EditCase{"ReplicasByName",
                 "{kustomize: {replicas: [{name: a, count: 1}]}}",
                 "",
                 {.replicas = {"a=3", "b=2"}},
                 "{kustomize: {replicas: [{name: a, count: 3}, {name: b, count: 2}]}}"},
        EditCase{"LabelsReplaceAll",
                 "{kustomize: {commonLabels: {a: b}}}",
                 "",
                 {.commonLabels = {"c=d"}},
                 "{kustomize: {commonLabels: {c: d}}}"},
        EditCase{"RecurseOffDropsTheDirectory", "{directory: {recurse: true}}", "", {.recurses = false}, "{}"},
        EditCase{"JsonnetVariables",
                 "{}",
                 "",
                 {.tlaStrings = {"a=1"}, .tlaCodes = {"b=2"}},
                 "{directory: {jsonnet: {tlas: [{name: a, value: '1'}, {name: b, value: '2', code: true}]}}}"},
        EditCase{"PluginEnvironment",
                 "{plugin: {name: x, env: [{name: A, value: '1'}]}}",
                 "",
                 {.pluginEnvironment = {"A=2", "B=3"}},
                 "{plugin: {name: x, env: [{name: A, value: '2'}, {name: B, value: '3'}]}}"}),
    [](const auto &row) { return row.param.name; });

TEST(EditedSource, RefusesWhatMakesNoSense)
{
    const ApplicationSource kustomize = sourceOf(whole("{kustomize: {namePrefix: a-}}")).value();

    EXPECT_EQ(edited(kustomize, {.parameters = {"a=1"}}).error().text(),
              "parameters can only be set where Helm renders, this is Kustomize");
    EXPECT_EQ(edited(kustomize, {.releaseName = "x"}).error().text(),
              "a source takes one tool, this one would have several: Kustomize, Helm");
    EXPECT_FALSE(edited(kustomize, {.replicas = {"web=many"}}));
    EXPECT_FALSE(edited(kustomize, {.helmSets = {"a"}}));
}

TEST(WithoutParts, DropsThemAndEmptyBlocks)
{
    const ApplicationSource source =
        sourceOf(whole("{helm: {parameters: [{name: a, value: '1'}], valueFiles: [x.yaml]}}")).value();

    EXPECT_EQ(without(source, {.parameters = {"a"}}).value, whole("{helm: {valueFiles: [x.yaml]}}"));
    EXPECT_EQ(without(source, {.parameters = {"a"}, .valueFiles = {"x.yaml"}}).value, whole("{}"));
    EXPECT_EQ(without(source, {.parameters = {"none"}}).value, source.value);
}

TEST(SourceOfSeveral, KeepsTheBlockThatNamesItsTool)
{
    const ApplicationSource source = sourceOf(whole("{directory: {}}")).value();
    const ApplicationSource helm = sourceOf(whole("{helm: {valueFiles: [x.yaml]}}")).value();

    EXPECT_EQ(edited(source, {.targetRevision = "v2"}, {}, SourcePlace::OneOfSeveral).value().value["directory"],
              Value::map({}));
    EXPECT_TRUE(edited(source, {.targetRevision = "v2"}).value().value["directory"].isNull())
        << "a single source is normalized";
    EXPECT_EQ(without(sourceOf(whole("{helm: {}}")).value(), {.ref = true}, SourcePlace::OneOfSeveral).value["helm"],
              Value::map({}));
    EXPECT_TRUE(without(helm, {.valueFiles = {"x.yaml"}}, SourcePlace::OneOfSeveral).value["helm"].isNull())
        << "what the change emptied goes";
}

TEST(SourcePatch, TestsWhatWasSeen)
{
    const Value app = yaml(R"({apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a},
        spec: {sources: [{repoURL: r, path: a}, {repoURL: r, path: b}], destination: {}, project: p}})");
    const Application read = applicationOf(object::Object(app)).value();
    ApplicationSource changed = sourceAt(read.spec, 2).value();
    changed.targetRevision = "v2";

    const Value patch = sourcePatch(read.spec, 2, changed).value();

    const Value after = object::applyJsonPatch(app, patch).value();
    EXPECT_EQ(after.path({"spec", "sources"}).at(1)["targetRevision"].stringOr(), "v2");
    EXPECT_EQ(object::applyJsonPatch(after, patch).error().code(), ErrorCode::Conflict);
    EXPECT_EQ(sourcePatch(read.spec, 2, sourceAt(read.spec, 2).value()).value().size(), 0U);
    EXPECT_FALSE(sourceAt(read.spec, 0));
    EXPECT_FALSE(sourceAt(read.spec, 3));
}

TEST(SourcesOfAnApplication, TakeOneMoreAndLoseOne)
{
    const Value app = yaml(R"({apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a},
        spec: {sources: [{repoURL: r, path: a, own: 1}, {repoURL: r, path: b}], destination: {}, project: p}})");
    const Application read = applicationOf(object::Object(app)).value();
    const ApplicationSource added = edited(sourceOf(yaml("{repoURL: '', name: values}")).value(),
                                           {.repoUrl = "q", .ref = "values"}, {}, SourcePlace::OneOfSeveral)
                                        .value();

    const Value longer = object::applyJsonPatch(app, sourceAdditionPatch(read, added).value()).value();
    EXPECT_EQ(longer.path({"spec", "sources"}),
              yaml("[{repoURL: r, path: a, own: 1}, {repoURL: r, path: b}, {repoURL: q, name: values, ref: values}]"));
    EXPECT_EQ(object::applyJsonPatch(longer, sourceAdditionPatch(read, added).value()).error().code(),
              ErrorCode::Conflict);

    const Value shorter = object::applyJsonPatch(app, sourceRemovalPatch(read, 2).value()).value();
    EXPECT_EQ(shorter.path({"spec", "sources"}), yaml("[{repoURL: r, path: a, own: 1}]"));
    EXPECT_EQ(sourceRemovalPatch(read, 3).error().text(), "application does not have source at 3");
    const Application last = applicationOf(object::Object(shorter)).value();
    EXPECT_EQ(sourceRemovalPatch(last, 1).error().text(), "cannot remove the only source remaining in the app");
}

TEST(SourcesOfAnApplication, AreNoneWhereThereIsOneSource)
{
    const Application one =
        applicationOf(object::Object(yaml(R"({apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a},
        spec: {source: {repoURL: r, path: a}, destination: {}, project: p}})")))
            .value();

    EXPECT_EQ(sourceAdditionPatch(one, *one.spec.source).error().text(),
              "cannot add source: application a does not have spec.sources defined");
    EXPECT_EQ(sourceRemovalPatch(one, 1).error().text(), "application does not have multiple sources configured");
}

} // namespace
} // namespace tiphys::crd
