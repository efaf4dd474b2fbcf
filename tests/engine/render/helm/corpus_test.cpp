// SPDX-License-Identifier: GPL-3.0-or-later
#include "fidelity/helm_cases.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::fidelity;

namespace {

class HelmCorpus : public testing::TestWithParam<HelmCase>
{
};

} // namespace

TEST_P(HelmCorpus, IsRenderedAsByHelm)
{
    const HelmCase &helmCase = GetParam();
    const std::filesystem::path errorFile = helmCase.folder / "error.txt";
    const bool fails = std::filesystem::exists(errorFile);

    const Expected<object::Value> rendered = renderedByUs(helmCase);

    if (fails) {
        ASSERT_FALSE(rendered) << "Helm refuses this chart";
        EXPECT_TRUE(rendered.error().text().contains(trimmed(contentOf(errorFile))))
            << "Helm: " << contentOf(errorFile) << "\nours: " << rendered.error().text();
        return;
    }
    ASSERT_TRUE(rendered) << rendered.error().text();
    const Expected<object::Value> expected = object::parseJson(contentOf(helmCase.folder / "expected.json"));
    ASSERT_TRUE(expected) << expected.error().text();
    EXPECT_EQ(object::toJson(*rendered), object::toJson(*expected));
}

INSTANTIATE_TEST_SUITE_P(Render, HelmCorpus, testing::ValuesIn(helmCases()), [](const auto &row) {
    std::string name = row.param.name;
    std::ranges::replace(name, '-', '_');
    return name;
});
