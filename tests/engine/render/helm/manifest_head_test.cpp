// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/manifest_head.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::render;

namespace {

/// "kind hook", or the error.
std::string headOf(std::string_view document)
{
    const Expected<object::Value> value = object::parseYaml(document);
    const Expected<ManifestHead> head = manifestHeadOf(*value);
    return head ? head->kind + " " + head->hook.value_or("none") : head.error().text();
}

struct HeadCase
{
    std::string name;
    std::string document;
    std::string head;
};
class ManifestHeads : public testing::TestWithParam<HeadCase>
{
};

} // namespace

TEST_P(ManifestHeads, AreReadAsHelmDoes)
{
    EXPECT_EQ(headOf(GetParam().document), GetParam().head);
}

INSTANTIATE_TEST_SUITE_P(
    Helm, ManifestHeads,
    testing::Values(
        HeadCase{"Usual", "{apiVersion: v1, kind: Pod, metadata: {name: a}}", "Pod none"},
        HeadCase{"Hook", "{apiVersion: v1, kind: Job, metadata: {name: a, annotations: {helm.sh/hook: pre-install}}}",
                 "Job pre-install"},
        HeadCase{"NameInAnotherCase", "{apiVersion: v1, kind: Pod, Kind: Job, metadata: {name: a}}", "Pod none"},
        HeadCase{"OnlyInAnotherCase",
                 "{apiVersion: v1, KIND: Job, Metadata: {name: a, Annotations: {helm.sh/hook: test}}}", "Job test"},
        HeadCase{"NumbersAreText", "{apiVersion: 1, kind: 2, metadata: {name: 3}}", "2 none"},
        HeadCase{"HookThatIsNull",
                 "{apiVersion: v1, kind: Job, metadata: {name: a, annotations: {helm.sh/hook: null}}}", "Job "},
        HeadCase{"AnnotationOfTheWrongType",
                 "{apiVersion: v1, kind: Job, metadata: {name: a, annotations: {helm.sh/hook: test, a: [1]}}}",
                 "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field "
                 ".metadata.annotations of type string"}),
    [](const auto &row) { return row.param.name; });
