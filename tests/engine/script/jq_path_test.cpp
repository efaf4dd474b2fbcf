// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/jq_path.h"

#include "object/json.h"

#include <gtest/gtest.h>

using namespace tiphys;
using script::JqPath;

namespace {

constexpr std::string_view kInput =
    R"({"a":{"b":1,"c":[{"name":"x","v":1},{"name":"y","v":2}]},"d-e":"t","list":[1,2,3],"n":null})";

std::string deleted(std::string_view program)
{
    const auto path = JqPath::compiled(program);
    if (!path)
        return "not simple";
    const auto result = path->deletedFrom(object::parseJson(kInput).value());
    return result ? object::toJson(*result) : "error";
}

struct PathCase
{
    std::string name, program, expected;
};
class SimplePath : public testing::TestWithParam<PathCase>
{
};

TEST_P(SimplePath, DeletesWhatJqWould)
{
    EXPECT_EQ(deleted(GetParam().program), GetParam().expected);
}

const std::string &all()
{
    static const std::string text(kInput);
    return text;
}

INSTANTIATE_TEST_SUITE_P(
    Script, SimplePath,
    testing::Values(
        PathCase{"Member", ".a", R"({"d-e":"t","list":[1,2,3],"n":null})"},
        PathCase{"QuotedMember", R"(."d-e", .a)", R"({"list":[1,2,3],"n":null})"}, PathCase{"Missing", ".x.y", all()},
        PathCase{"EachMember", ".a.c[].v",
                 R"({"a":{"b":1,"c":[{"name":"x"},{"name":"y"}]},"d-e":"t","list":[1,2,3],"n":null})"},
        PathCase{"SelectByName", R"(.a.c[] | select(.name == "x"))",
                 R"({"a":{"b":1,"c":[{"name":"y","v":2}]},"d-e":"t","list":[1,2,3],"n":null})"},
        PathCase{"SelectWithSuffixIsNotSimple", R"(.a.c[]?|select(.name=="y" and .v != 3).v)", "not simple"},
        PathCase{"SelectPipeMember", R"(.a.c[]? | select(.name=="y" and .v != 3) | .v)",
                 R"({"a":{"b":1,"c":[{"name":"x","v":1},{"name":"y"}]},"d-e":"t","list":[1,2,3],"n":null})"},
        PathCase{"StartsWith", R"(.a.c[] | select(.name | startswith("y")))",
                 R"({"a":{"b":1,"c":[{"name":"x","v":1}]},"d-e":"t","list":[1,2,3],"n":null})"},
        PathCase{"SelectNot", R"(.a.c[] | select(.name == "x" | not))", "not simple"},
        PathCase{"Index", ".list[0], .list[2]",
                 R"({"a":{"b":1,"c":[{"name":"x","v":1},{"name":"y","v":2}]},"d-e":"t","list":[2],"n":null})"},
        PathCase{"NegativeIndex", ".list[-1]",
                 R"({"a":{"b":1,"c":[{"name":"x","v":1},{"name":"y","v":2}]},"d-e":"t","list":[1,2],"n":null})"},
        PathCase{"EachOfScalarFails", ".a.b[]", "error"}, PathCase{"EachOfScalarOptional", ".a.b[]?", all()},
        PathCase{"RecursionIsNotSimple", "..|.v?", "not simple"},
        PathCase{"FunctionIsNotSimple", "paths", "not simple"}, PathCase{"SliceIsNotSimple", ".list[1:]", "not simple"},
        PathCase{"EmptyIsNotSimple", "", "not simple"}),
    [](const auto &row) { return row.param.name; });

} // namespace
