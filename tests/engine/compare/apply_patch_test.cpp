// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/apply_patch.h"
#include "object/json.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::compare;
using object::Object;

namespace {

Object objectOf(std::string_view json)
{
    return Object(object::parseJson(json).value());
}

TEST(ApplyPatch, LastAppliedTextIsWhatKubectlWrites)
{
    const Object target =
        objectOf(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"k":"<a>"}})");
    EXPECT_EQ(lastAppliedText(target), "{\"apiVersion\":\"v1\",\"data\":{\"k\":\"\\u003ca\\u003e\"},\"kind\":"
                                       "\"ConfigMap\",\"metadata\":{\"annotations\":{},\"name\":\"c\"}}\n");
    EXPECT_EQ(lastAppliedText(withLastApplied(target)), lastAppliedText(target));
}

TEST(ApplyPatch, RemovesAContainerThatIsGoneFromTheTarget)
{
    const Object before = objectOf(
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}})");
    const Object after = objectOf(
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"z"}]}})");
    const Patch patch = threeWayApplyPatch(before, after, before).value();
    EXPECT_EQ(patch.type, PatchType::StrategicMerge);
    EXPECT_EQ(
        object::toJson(patch.body),
        R"({"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"image":"z","name":"a"},{"$patch":"delete","name":"b"}]}})");
    EXPECT_EQ(applyStrategicMergePatch(before, patch.body).value(), after);
}

TEST(ApplyPatch, CustomResourcesGetAMergePatchThatKeepsTheirName)
{
    const Object live =
        objectOf(R"({"apiVersion":"e.com/v1","kind":"W","metadata":{"name":"w","uid":"u"},"spec":{"a":1,"b":2}})");
    const Object target = objectOf(R"({"apiVersion":"e.com/v1","kind":"W","metadata":{"name":"w"},"spec":{"a":1}})");
    const Object applied =
        objectOf(R"({"apiVersion":"e.com/v1","kind":"W","metadata":{"name":"w"},"spec":{"a":1,"b":2}})");
    const Patch patch = threeWayApplyPatch(applied, target, live).value();
    EXPECT_EQ(patch.type, PatchType::Merge);
    EXPECT_EQ(object::toJson(patch.body), R"({"spec":{"b":null}})");
    const Object renamed = objectOf(R"({"apiVersion":"e.com/v1","kind":"W","metadata":{"name":"v"}})");
    EXPECT_EQ(threeWayApplyPatch(applied, renamed, live).error().code(), ErrorCode::Conflict);
}

TEST(ApplyPatch, NothingToDoIsAnEmptyPatch)
{
    const Object same = objectOf(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"k":"v"}})");
    EXPECT_TRUE(threeWayApplyPatch(same, same, same).value().isEmpty());
    EXPECT_EQ(applyStrategicMergePatch(objectOf(R"({"apiVersion":"e.com/v1","kind":"W"})"), object::Value::map({}))
                  .error()
                  .code(),
              ErrorCode::Unsupported);
}

} // namespace
