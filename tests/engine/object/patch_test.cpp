// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/json_patch.h"
#include "object/merge_patch.h"
#include "object/pointer.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::object;

namespace {

Value json(std::string_view text)
{
    return parseJson(text).value();
}

TEST(Pointer, EncodesSlashesAndTildes)
{
    const Expected<Pointer> pointer = Pointer::parse("/metadata/annotations/a~1b~0c/");
    ASSERT_TRUE(pointer);
    EXPECT_EQ(pointer->parts(), (std::vector<std::string>{"metadata", "annotations", "a/b~c", ""}));
    EXPECT_EQ(pointer->text(), "/metadata/annotations/a~1b~0c/");
    EXPECT_FALSE(Pointer::parse("metadata"));
}

TEST(Pointer, FindsMembersAndItems)
{
    const Value value = json(R"({"a":[{"b":1},null]})");
    EXPECT_EQ(Pointer::parse("/a/0/b")->find(value), Value(1));
    EXPECT_EQ(Pointer::parse("/a/-1")->find(value), Value());
    EXPECT_EQ(Pointer::parse("")->find(value), value);
    EXPECT_EQ(Pointer::parse("/a/2")->find(value), std::nullopt);
    EXPECT_EQ(Pointer::parse("/x/y")->find(value), std::nullopt);
}

struct PatchCase
{
    std::string name;
    std::string before;
    std::string patch;
    std::string after; ///< or the start of the error
};
std::string nameOf(const testing::TestParamInfo<PatchCase> &row)
{
    return row.param.name;
}

class ApplyMergePatch : public testing::TestWithParam<PatchCase>
{
};
TEST_P(ApplyMergePatch, FollowsRfc7386)
{
    EXPECT_EQ(toJson(applyMergePatch(json(GetParam().before), json(GetParam().patch))), GetParam().after);
}
INSTANTIATE_TEST_SUITE_P(
    Object, ApplyMergePatch,
    testing::Values(PatchCase{"Sets", R"({"a":"b"})", R"({"a":"c","b":1})", R"({"a":"c","b":1})"},
                    PatchCase{"Removes", R"({"a":"b","b":1})", R"({"a":null})", R"({"b":1})"},
                    PatchCase{"ReplacesLists", R"({"a":[1,2]})", R"({"a":[3]})", R"({"a":[3]})"},
                    PatchCase{"Merges", R"({"a":{"b":1,"c":2}})", R"({"a":{"b":null,"d":3}})",
                              R"({"a":{"c":2,"d":3}})"},
                    PatchCase{"ReplacesScalarByMap", R"({"a":1})", R"({"a":{"b":null,"c":2}})", R"({"a":{"c":2}})"},
                    PatchCase{"DropsNullsOfNewMembers", R"({})", R"({"a":{"b":null,"c":[null,{"d":null}]}})",
                              R"({"a":{"c":[null,{}]}})"},
                    PatchCase{"KeepsPresentNull", R"({"e":null})", R"({"a":1})", R"({"a":1,"e":null})"},
                    PatchCase{"ReplacesRoot", R"([1])", R"({"a":1})", R"({"a":1})"}),
    nameOf);

class MergePatchOf : public testing::TestWithParam<PatchCase>
{
};
TEST_P(MergePatchOf, HoldsWhatDiffersAndLeadsBack)
{
    const Value before = json(GetParam().before);
    const Value after = json(GetParam().after);
    const Value patch = mergePatchOf(before, after);
    EXPECT_EQ(toJson(patch), GetParam().patch);
    EXPECT_EQ(applyMergePatch(before, patch), after);
}
INSTANTIATE_TEST_SUITE_P(Object, MergePatchOf,
                         testing::Values(PatchCase{"Nothing", R"({"a":{"b":[1]}})", "{}", R"({"a":{"b":[1]}})"},
                                         PatchCase{"Nested", R"({"a":{"b":1,"c":2},"d":3})", R"({"a":{"b":5}})",
                                                   R"({"a":{"b":5,"c":2},"d":3})"},
                                         PatchCase{"Removed", R"({"a":1,"b":2})", R"({"a":null})", R"({"b":2})"},
                                         PatchCase{"TypeChanged", R"({"a":{"b":1}})", R"({"a":[1]})", R"({"a":[1]})"},
                                         PatchCase{"ListChanged", R"({"a":[1,2]})", R"({"a":[2,1]})",
                                                   R"({"a":[2,1]})"}),
                         nameOf);

TEST(MergePatchOfDeep, TakesNoMoreStackThanADocumentMayNeed)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers make frames larger";
#endif
    const auto nested = [](std::string_view innermost) {
        std::string text;
        for (int i = 0; i < 8'500; ++i)
            text += R"({"a":)";
        text += innermost;
        return json(text + std::string(8'500, '}'));
    };
    const Value after = nested("2");
    EXPECT_EQ(mergePatchOf(nested("1"), after), after);
}

std::string patched(const PatchCase &row, JsonPatchRules rules)
{
    const Expected<Value> value = applyJsonPatch(json(row.before), json(row.patch), rules);
    return value ? toJson(*value) : std::string(codeName(value.error().code())) + ": " + value.error().text();
}

class ApplyJsonPatch : public testing::TestWithParam<PatchCase>
{
};
TEST_P(ApplyJsonPatch, FollowsRfc6902)
{
    EXPECT_EQ(patched(GetParam(), JsonPatchRules::Version4), GetParam().after);
}
INSTANTIATE_TEST_SUITE_P(
    Object, ApplyJsonPatch,
    testing::Values(
        PatchCase{"Add", R"({"a":{}})", R"([{"op":"add","path":"/a/b","value":1}])", R"({"a":{"b":1}})"},
        PatchCase{"Insert", R"({"a":[1,3]})", R"([{"op":"add","path":"/a/1","value":2}])", R"({"a":[1,2,3]})"},
        PatchCase{"Append", R"({"a":[1]})", R"([{"op":"add","path":"/a/-","value":2}])", R"({"a":[1,2]})"},
        PatchCase{"Remove", R"({"a":[1,2],"b":1})", R"([{"op":"remove","path":"/a/0"},{"op":"remove","path":"/b"}])",
                  R"({"a":[2]})"},
        PatchCase{"Replace", R"({"a":1})", R"([{"op":"replace","path":"/a","value":{"b":2}}])", R"({"a":{"b":2}})"},
        PatchCase{"Move", R"({"a":{"b":1},"c":{}})", R"([{"op":"move","from":"/a/b","path":"/c/d"}])",
                  R"({"a":{},"c":{"d":1}})"},
        PatchCase{"Copy", R"({"a":[1]})", R"([{"op":"copy","from":"/a","path":"/b"}])", R"({"a":[1],"b":[1]})"},
        PatchCase{"TestHolds", R"({"a":{"b":1}})", R"([{"op":"test","path":"/a","value":{"b":1.0}}])",
                  R"({"a":{"b":1}})"},
        PatchCase{"TestFails", R"({"a":1})",
                  R"([{"op":"add","path":"/b","value":1},{"op":"test","path":"/a","value":2}])",
                  "conflict: testing value /a failed: test failed"},
        PatchCase{"MissingParent", R"({})", R"([{"op":"add","path":"/a/b","value":1}])",
                  "notFound: add operation does not apply: doc is missing path: \"/a/b\": missing value"},
        PatchCase{"MissingKey", R"({"a":{}})", R"([{"op":"remove","path":"/a/b"}])",
                  "notFound: error in remove for path: '/a/b': Unable to remove nonexistent key: b: missing value"},
        PatchCase{
            "BadIndex", R"({"a":[1]})", R"([{"op":"add","path":"/a/5","value":1}])",
            "invalidInput: error in add for path: '/a/5': Unable to access invalid index: 5: invalid index referenced"},
        PatchCase{"Unknown", R"({})", R"([{"op":"x","path":"/a"}])", "invalidInput: Unexpected kind: x"}),
    nameOf);

TEST(ApplyJsonPatch, ReplacesAbsentMembersByTheRulesAsked)
{
    const PatchCase row{"", R"({})", R"([{"op":"replace","path":"/a","value":1}])", ""};
    EXPECT_EQ(patched(row, JsonPatchRules::Version4), R"({"a":1})");
    EXPECT_EQ(patched(row, JsonPatchRules::Version5),
              "notFound: replace operation does not apply: doc is missing key: /a: missing value");
}

} // namespace
