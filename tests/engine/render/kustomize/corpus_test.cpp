// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/kustomize_corpus.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::test;

class KustomizeCorpus : public testing::TestWithParam<KustomizeCase>
{
};

TEST_P(KustomizeCorpus, IsBuiltAsKustomizeBuildsIt)
{
    static const auto tree = kustomizeTree();
    const KustomizeCase &row = GetParam();
    const auto rendered = render::renderKustomization(*tree, row.name);
    if (std::filesystem::exists(row.folder / "expected.yaml")) {
        ASSERT_TRUE(rendered) << rendered.error().text();
        EXPECT_EQ(objectsAsJson(*rendered), documentsAsJson(textOf(row.folder / "expected.yaml")));
        return;
    }
    ASSERT_FALSE(rendered) << objectsAsJson(*rendered);
    const std::string expected = textOf(row.folder / "expected.error");
    // The real tool ran inside of the folder.
    std::string ours = rendered.error().text();
    for (auto at = ours.find(row.name + "/"); at != std::string::npos; at = ours.find(row.name + "/"))
        ours.erase(at, row.name.size() + 1);
    // Paths inside of sentences differ by that; then the beginning must be the same.
    EXPECT_TRUE(expected.contains(keySentence(ours).substr(0, 25)) || expected.contains(ours.substr(0, 40)))
        << "ours: " << rendered.error().text() << "\nreal: " << expected;
}

INSTANTIATE_TEST_SUITE_P(Render, KustomizeCorpus, testing::ValuesIn(kustomizeCases()), [](const auto &row) {
    std::string name = row.param.name;
    std::ranges::replace(name, '-', '_');
    return name;
});
