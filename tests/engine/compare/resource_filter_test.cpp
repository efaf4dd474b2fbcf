// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/settings.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

struct FilterCase
{
    std::string name;
    std::vector<ResourceFilterEntry> exclusions;
    std::vector<ResourceFilterEntry> inclusions;
    object::GroupKind kind;
    bool isExcluded;
};

class Filter : public testing::TestWithParam<FilterCase>
{
};

TEST_P(Filter, ExcludesByRules)
{
    CompareSettings settings;
    settings.exclusions = GetParam().exclusions;
    settings.inclusions = GetParam().inclusions;
    EXPECT_EQ(isExcluded(settings, GetParam().kind, "https://prod.example.org"), GetParam().isExcluded);
}

const ResourceFilterEntry kPods{{""}, {"Pod"}, {}};
const ResourceFilterEntry kEverything{{"*"}, {"*"}, {}};
const ResourceFilterEntry kPodsElsewhere{{""}, {"Pod"}, {"https://dev*"}};

INSTANTIATE_TEST_SUITE_P(
    Compare, Filter,
    testing::Values(FilterCase{"NoRules", {}, {}, {"", "Pod"}, false},
                    FilterCase{"CoreEvent", {}, {}, {"", "Event"}, true},
                    FilterCase{"NewEvent", {}, {}, {"events.k8s.io", "Event"}, true},
                    FilterCase{"EventOfAnotherGroup", {}, {}, {"example.org", "Event"}, false},
                    FilterCase{"Lease", {}, {}, {"coordination.k8s.io", "Lease"}, true},
                    FilterCase{"Metrics", {}, {}, {"metrics.k8s.io", "PodMetrics"}, true},
                    FilterCase{"Excluded", {kPods}, {}, {"", "Pod"}, true},
                    FilterCase{"OtherKind", {kPods}, {}, {"", "Service"}, false},
                    FilterCase{"Included", {}, {kPods}, {"", "Pod"}, false},
                    FilterCase{"NotIncluded", {}, {kPods}, {"", "Service"}, true},
                    FilterCase{"ExclusionWins", {kPods}, {kEverything}, {"", "Pod"}, true},
                    FilterCase{"RuleOfAnotherCluster", {kPodsElsewhere}, {}, {"", "Pod"}, false},
                    FilterCase{"InclusionOfAnotherCluster", {}, {kPodsElsewhere}, {"", "Service"}, false},
                    FilterCase{"GlobCrossesDots", {{{"*.example.org"}, {}, {}}}, {}, {"a.b.example.org", "X"}, true}),
    [](const auto &row) { return row.param.name; });

} // namespace
} // namespace tiphys::compare
