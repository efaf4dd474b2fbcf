// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "offline/reach.h"

#include <gtest/gtest.h>

namespace tiphys::offline {
namespace {

std::shared_ptr<const render::FileTree> files()
{
    return render::memoryTree(
        {{"over/prod/kustomization.yaml", "resources: [../../base, sub]\npatches: [{path: ../patch.yaml}]\n"
                                          "configMapGenerator: [{name: c, files: [key=../../shared/file.txt]}]\n"},
         {"over/prod/sub/kustomization.yaml", "components: [../../../component]\n"},
         {"over/patch.yaml", "kind: A"},
         {"base/kustomization.yaml", "resources: [../deeper, own.yaml]\n"},
         {"base/own.yaml", ""},
         {"deeper/kustomization.yaml", "resources: [x.yaml, ../base]\n"},
         {"component/kustomization.yaml", "kind: Component\n"},
         {"shared/file.txt", ""},
         {"alone/kustomization.yaml", "resources: [a.yaml, 'https://x/../y']\nnamePrefix: over\n"},
         {"gone/kustomization.yaml", "resources: [../not-there]\n"},
         {"chart/Chart.yaml", "name: a\ndependencies: [{name: lib, repository: 'file://../library'}, {name: z, "
                              "repository: 'https://x'}]\n"},
         {"library/Chart.yaml", "name: lib\n"},
         {"values/prod.yaml", ""},
         {"plain/a.yaml", ""},
         {"json/a.jsonnet", "import '../shared/x'"},
         {"fixed/Chart.yaml", "name: a"},
         {"fixed/.argocd-source-shop.yaml", "helm: {valueFiles: [/values/prod.yaml]}"}});
}

struct Row
{
    std::string name;
    std::string source;
    std::set<std::string> places;
    bool isEverything = false;
};
class ReachOf : public testing::TestWithParam<Row>
{
};

TEST_P(ReachOf, TellsWhatASourceReads)
{
    const Reach reach = reachOf(*object::parseYaml(GetParam().source), *files(), "shop");
    EXPECT_EQ(reach.isEverything, GetParam().isEverything);
    if (!reach.isEverything) {
        EXPECT_EQ(reach.places, GetParam().places);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Offline, ReachOf,
    testing::Values(
        Row{"Overlay", "{path: over/prod}", {"base", "component", "deeper", "over/patch.yaml", "shared/file.txt"}},
        Row{"Alone", "{path: alone}", {}}, Row{"MissingBase", "{path: gone}", {}, true},
        Row{"ChartByPath", "{path: chart}", {"library"}},
        Row{"ValuesBeside", "{path: library, helm: {valueFiles: [../values/prod.yaml]}}", {"values/prod.yaml"}},
        Row{"ValuesFromRoot",
            "{path: library, helm: {valueFiles: [/values/prod.yaml, own.yaml]}}",
            {"values/prod.yaml"}},
        Row{"ValuesByPattern", "{path: library, helm: {valueFiles: ['../values/*.yaml']}}", {}, true},
        Row{"ValuesNotThere",
            "{path: library, helm: {valueFiles: [../values/new.yaml], ignoreMissingValueFiles: true}}",
            {},
            true},
        Row{"FileParameter",
            "{path: library, helm: {fileParameters: [{name: a, path: ../values/prod.yaml}]}}",
            {"values/prod.yaml"}},
        Row{"Directory", "{path: plain}", {}}, Row{"Imports", "{path: json}", {}, true},
        Row{"Libraries", "{path: plain, directory: {jsonnet: {libs: [shared]}}}", {"shared"}},
        Row{"Overrides", "{path: fixed}", {}, true},
        Row{"AddedComponent", "{path: alone, kustomize: {components: [../component]}}", {"component"}},
        Row{"Plugin", "{path: plain, plugin: {}}", {}, true}, Row{"Fetched", "{chart: x, repoURL: 'https://x'}", {}},
        Row{"NotThere", "{path: nowhere}", {}}),
    [](const auto &row) { return row.param.name; });

} // namespace
} // namespace tiphys::offline
