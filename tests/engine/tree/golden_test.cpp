// SPDX-License-Identifier: GPL-3.0-or-later
// tests/data/tree/shop: live objects and the tree of an Application that manages some of them.
#include "object/json.h"
#include "object/yaml.h"
#include "support/yaml_objects.h"
#include "tree/tree_value.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace tiphys::tree {
namespace {

std::string contentOf(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(TreeGolden, OfAShop)
{
    const std::string folder = TIPHYS_TEST_DATA "/tree/shop/";
    const std::string documents = contentOf(folder + "objects.yaml");
    std::vector<object::Object> objects;
    for (const std::string_view document : object::splitYamlDocuments(documents))
        objects.push_back(test::objectOf(document));
    const LiveGraph live(objects);
    TreeInput input;
    input.live = &live;
    input.managed = {{{"apps", "Deployment", "shop", "web"}, "v1", true},
                     {{"", "Service", "shop", "web"}, "v1", true},
                     {{"networking.k8s.io", "Ingress", "shop", "web"}, "v1", true},
                     {{"", "Secret", "shop", "gone"}, "v1", false}};
    input.destinationNamespace = "shop";
    input.orphanedResources = crd::OrphanedResources{};
    input.allows = [](const object::ObjectKey &) { return true; };
    input.belongsToAnother = [](const object::Object &) { return false; };

    const object::Value tree = toValue(applicationTree(input));

    const object::Value expected = object::parseJson(contentOf(folder + "tree.json")).value();
    EXPECT_EQ(tree, expected) << object::toJson(tree, {.style = object::JsonStyle::Indented});
}

} // namespace
} // namespace tiphys::tree
