// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/source.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

using object::Value;

ApplicationSource sourceFrom(const Value &value)
{
    const Expected<ApplicationSource> source = sourceOf(value);
    EXPECT_TRUE(source) << source.error().text();
    return source.value_or(ApplicationSource{});
}

Value base()
{
    return Value::map({{"repoURL", "https://example.org/repo.git"}, {"path", "app"}});
}

TEST(SourceOf, ReadsHelmFields)
{
    const Value helm =
        Value::map({{"valueFiles", Value::list({"a.yaml", "b.yaml"})},
                    {"parameters", Value::list({Value::map({{"name", "x"}, {"value", "1"}, {"forceString", true}})})},
                    {"fileParameters", Value::list({Value::map({{"name", "f"}, {"path", "p"}})})},
                    {"valuesObject", Value::map({{"k", 1}})},
                    {"skipCrds", true},
                    {"namespace", "other"}});

    const ApplicationSource source = sourceFrom(base().with("helm", helm));

    ASSERT_TRUE(source.helm);
    EXPECT_EQ(source.helm->valueFiles, (std::vector<std::string>{"a.yaml", "b.yaml"}));
    EXPECT_EQ(source.helm->parameters, (std::vector<HelmParameter>{{"x", "1", true}}));
    EXPECT_EQ(source.helm->fileParameters, (std::vector<HelmFileParameter>{{"f", "p"}}));
    EXPECT_EQ(source.helm->valuesObject, Value::map({{"k", 1}}));
    EXPECT_TRUE(source.helm->skipCrds);
    EXPECT_EQ(source.helm->ns, "other");
}

TEST(SourceOf, NamesThePathOfAFieldOfAWrongType)
{
    const Value helm = Value::map({{"parameters", Value::list({Value::map({{"name", 5}})})}});
    const Expected<ApplicationSource> source = sourceOf(base().with("helm", helm), "spec.source");
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().message(), "spec.source.helm.parameters[0].name: must be text, is a number");
    EXPECT_EQ(source.error().code(), ErrorCode::InvalidInput);
}

struct EqualCase
{
    std::string name;
    Value a;
    Value b;
    bool isEqual;
};

class SourceEquality : public testing::TestWithParam<EqualCase>
{
};

TEST_P(SourceEquality, ComparesTypedFields)
{
    EXPECT_EQ(sourceFrom(GetParam().a) == sourceFrom(GetParam().b), GetParam().isEqual);
}

Value withHelm(const Value &helm)
{
    return base().with("helm", helm);
}

Value withParameter(const Value &parameter)
{
    return base().with("plugin", Value::map({{"parameters", Value::list({parameter})}}));
}

INSTANTIATE_TEST_SUITE_P(
    Crd, SourceEquality,
    testing::Values(
        EqualCase{"Same", base(), base(), true}, EqualCase{"OtherPath", base(), base().with("path", "b"), false},
        EqualCase{"UnknownFieldDoesNotMatter", base(), base().with("novelty", 1), true},
        EqualCase{"EmptyTextIsAbsent", base(), base().with("chart", ""), true},
        EqualCase{"PresentHelmIsNotAbsent", base(), withHelm(Value::map({})), false},
        EqualCase{"ValuesObjectOrderDoesNotMatter",
                  withHelm(Value::map({{"valuesObject", Value::map({{"a", 1}, {"b", 2}})}})),
                  withHelm(Value::map({{"valuesObject", Value::map({{"b", 2}, {"a", 1}})}})), true},
        EqualCase{"ValuesObjectContentMatters", withHelm(Value::map({{"valuesObject", Value::map({{"a", 1}})}})),
                  withHelm(Value::map({{"valuesObject", Value::map({{"a", 2}})}})), false},
        EqualCase{"EmptyPluginMapIsAbsent", withParameter(Value::map({{"name", "p"}, {"map", Value::map({})}})),
                  withParameter(Value::map({{"name", "p"}})), true},
        EqualCase{"EmptyPluginTextIsNot", withParameter(Value::map({{"name", "p"}, {"string", ""}})),
                  withParameter(Value::map({{"name", "p"}})), false},
        EqualCase{"TagPrefix", base(), base().with("tagPrefix", "v"), false}),
    [](const auto &row) { return row.param.name; });

struct NormalCase
{
    std::string name;
    std::string block;
    Value given;
    Value expected; ///< null: the block is gone
};

class NormalizedSource : public testing::TestWithParam<NormalCase>
{
};

TEST_P(NormalizedSource, DropsBlocksThatSayNothing)
{
    const ApplicationSource source = normalized(sourceFrom(base().with(GetParam().block, GetParam().given)));
    EXPECT_EQ(source.value.contains(GetParam().block), !GetParam().expected.isNull());
    EXPECT_EQ(source.value[GetParam().block], GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Crd, NormalizedSource,
    testing::Values(
        NormalCase{"EmptyHelm", "helm", Value::map({}), {}},
        NormalCase{"HelmWithEmptyList", "helm", Value::map({{"valueFiles", Value::list({})}}), {}},
        NormalCase{"HelmWithName", "helm", Value::map({{"releaseName", "r"}}), Value::map({{"releaseName", "r"}})},
        NormalCase{"EmptyKustomize", "kustomize", Value::map({}), {}},
        NormalCase{"KustomizeWithOnlyASwitch", "kustomize", Value::map({{"forceCommonLabels", true}}), {}},
        NormalCase{"KustomizeWithMissingComponents", "kustomize", Value::map({{"ignoreMissingComponents", true}}),
                   Value::map({{"ignoreMissingComponents", true}})},
        NormalCase{"EmptyDirectory", "directory", Value::map({{"jsonnet", Value::map({})}}), {}},
        NormalCase{"DirectoryWithInclude", "directory", Value::map({{"include", "*.yaml"}}),
                   Value::map({{"include", "*.yaml"}})},
        NormalCase{"EmptyPluginStays", "plugin", Value::map({}), Value::map({})}),
    [](const auto &row) { return row.param.name; });

TEST(SourceValue, KeepsUnknownFieldsAndTheDocumentWhenNothingChanged)
{
    const Value value =
        base()
            .with("novelty", Value::list({1, 2}))
            .with("chart", "")
            .with("helm", Value::map({{"valueFiles", Value::list({})}, {"newSwitch", true}, {"values", "a: 1"}}))
            .with("directory", Value::map({{"jsonnet", Value::map({{"tlas", Value::list({})}})}}));
    EXPECT_EQ(toValue(sourceFrom(value)), value);
}

TEST(SourceValue, WritesChangedFieldsOverTheRest)
{
    ApplicationSource source = sourceFrom(base().with("novelty", 1).with("targetRevision", "main"));
    source.targetRevision.clear();
    source.path = "other";
    EXPECT_EQ(toValue(source),
              Value::map({{"repoURL", "https://example.org/repo.git"}, {"path", "other"}, {"novelty", 1}}));
}

TEST(ApplicationSource, TellsItsKind)
{
    EXPECT_TRUE(sourceFrom(Value::map({{"repoURL", "oci://r/x"}})).isOci());
    EXPECT_TRUE(sourceFrom(Value::map({{"repoURL", "r"}, {"chart", "c"}})).isHelmChart());
    EXPECT_TRUE(sourceFrom(Value::map({{"repoURL", "r"}, {"ref", "v"}})).isRefOnly());
    EXPECT_FALSE(sourceFrom(Value::map({{"repoURL", "r"}, {"ref", "v"}, {"path", "p"}})).isRefOnly());
}

} // namespace
} // namespace tiphys::crd
