// SPDX-License-Identifier: GPL-3.0-or-later
#include "schema/schema.h"

#include <gtest/gtest.h>

using namespace tiphys::schema;

namespace {

TEST(Schema, KnowsTheMergeKeysOfContainers)
{
    const Type *deployment = typeOf({"apps", "v1", "Deployment"});
    ASSERT_NE(deployment, nullptr);
    const Type &pod = deployment->exactField("spec")->type().exactField("template")->type().exactField("spec")->type();
    const Field *containers = pod.exactField("containers");
    ASSERT_NE(containers, nullptr);
    EXPECT_TRUE(containers->patchMerges());
    EXPECT_EQ(containers->mergeKey(), "name");
    EXPECT_EQ(containers->type().relation(), Relation::AssociativeMap);
    EXPECT_EQ(containers->type().keys(), std::vector<std::string_view>{"name"});
    const Field *ports = containers->type().element()->exactField("ports");
    EXPECT_EQ(ports->type().keys(), (std::vector<std::string_view>{"containerPort", "protocol"}));
    EXPECT_EQ(ports->type().element()->exactField("protocol")->keyDefault(), "TCP");
    EXPECT_TRUE(pod.exactField("volumes")->patchRetainsKeys());
    EXPECT_EQ(pod.exactField("tolerations")->type().relation(), Relation::Atomic);
}

TEST(Schema, TellsScopes)
{
    EXPECT_EQ(isNamespaced({"apps", "Deployment"}), true);
    EXPECT_EQ(isNamespaced({"node.k8s.io", "RuntimeClass"}), false);
    EXPECT_EQ(isNamespaced({"storage.k8s.io", "CSINode"}), false);
    EXPECT_EQ(isNamespaced({"", "Namespace"}), false);
    EXPECT_EQ(isNamespaced({"apiextensions.k8s.io", "CustomResourceDefinition"}), false);
    EXPECT_EQ(isNamespaced({"example.com", "Widget"}), std::nullopt);
    EXPECT_EQ(typeOf({"apiextensions.k8s.io", "v1", "CustomResourceDefinition"}), nullptr);
}

TEST(Schema, EveryKindHasItsMetadata)
{
    ASSERT_GT(knownKinds().size(), 100u);
    for (const KnownKind &kind : knownKinds()) {
        const Type *type = typeOf(kind.gvk);
        ASSERT_NE(type, nullptr) << kind.gvk.text();
        ASSERT_NE(type->exactField("metadata"), nullptr) << kind.gvk.text();
        EXPECT_EQ(type->exactField("metadata")->type().name(), "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    }
}

} // namespace
