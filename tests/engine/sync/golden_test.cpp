// SPDX-License-Identifier: GPL-3.0-or-later
// Whole syncs as the list of their writes: tests/data/sync/<case>/input.yaml and expected.json.
// TIPHYS_UPDATE_GOLDEN=1 rewrites what is expected.
#include "build.h"
#include "object/json.h"
#include "simulation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace tiphys;
using namespace tiphys::sync::test;

namespace {

std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class SyncWrites : public testing::TestWithParam<std::string>
{
};

} // namespace

TEST_P(SyncWrites, AreThoseOfTheController)
{
    const std::filesystem::path folder = std::filesystem::path(TIPHYS_TEST_DATA) / "sync" / GetParam();
    const object::Value input = yaml(contentOf(folder / "input.yaml"));
    SimulatedSync sync(application());
    sync.recordsHooksFirst = false;
    const object::Value targets = input["targets"];
    for (const object::Value &target : targets.items())
        sync.targets.emplace_back(target);
    const object::Value live = input["live"];
    for (const object::Value &one : live.items())
        sync.cluster.put(object::Object(one));
    const object::Value health = input["health"];
    for (const auto &[name, code] : health.entries())
        sync.health[std::string(name)].status = crd::healthCodeOf(code.stringOr());
    sync.patchApp(object::Value::map({{"operation", input["operation"]}}));
    sync.run();
    const std::string written =
        object::toJson(object::Value::list(sync.trace), {.style = object::JsonStyle::Indented}) + '\n';
    const std::filesystem::path expected = folder / "expected.json";
    if (std::getenv("TIPHYS_UPDATE_GOLDEN"))
        std::ofstream(expected, std::ios::binary) << written;
    EXPECT_EQ(written, contentOf(expected));
}
INSTANTIATE_TEST_SUITE_P(Sync, SyncWrites, testing::Values("plain", "hooks-and-waves", "prune-server-side"),
                         [](const auto &row) {
                             std::string name = row.param;
                             std::erase(name, '-');
                             return name;
                         });
