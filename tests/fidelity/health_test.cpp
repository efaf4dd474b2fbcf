// SPDX-License-Identifier: GPL-3.0-or-later
// Compares our built-in health checks with those of gitops-engine on thousands of objects.
// --record FILE writes the first of them with the oracle's answers: tests/data/health/golden.jsonl.
#include "fidelity/health_objects.h"
#include "fidelity/health_oracle.h"
#include "health/health.h"
#include "object/json.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace tiphys;
using namespace tiphys::fidelity;

namespace {

constexpr int kSkipped = 77;
constexpr std::size_t kObjects = 20000;
constexpr unsigned kSeed = 20240601;
constexpr std::size_t kRecorded = 400;

/// Our answer in the oracle's form.
object::Value ours(const object::Object &object)
{
    const std::optional<health::Health> health = health::healthOf(object);
    if (!health)
        return {};
    std::vector<std::pair<std::string, object::Value>> members{{"status", text(health->status)},
                                                               {"message", health->message}};
    if (health->hasFailed)
        members.emplace_back("failed", true);
    return object::Value::map(members);
}

void record(const char *file, const std::vector<object::Object> &objects, const std::vector<object::Value> &answers)
{
    std::ofstream out(file, std::ios::binary);
    for (std::size_t i = 0; i < kRecorded; ++i)
        out << object::toJson(objects[i].value()) << '\n' << object::toJson(answers[i]) << '\n';
}

} // namespace

int main(int argc, char **argv)
{
    const std::string program = healthProgram();
    if (program.empty()) {
        std::puts("skipped: the health oracle is not built (./dev oracles health)");
        return kSkipped;
    }
    HealthObjects generator(kSeed);
    std::vector<object::Object> objects;
    for (std::size_t i = 0; i < kObjects; ++i)
        objects.push_back(generator.next());
    const std::filesystem::path directory = std::filesystem::path(TIPHYS_BINARY_DIR) / "fidelity-health";
    std::filesystem::create_directories(directory);
    const std::vector<object::Value> answers = askHealth(program, objects, directory);
    if (argc == 3 && std::string_view(argv[1]) == "--record")
        record(argv[2], objects, answers);
    std::size_t differences = 0;
    std::size_t assessed = 0;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        assessed += answers[i].isNull() ? 0 : 1;
        if (ours(objects[i]) == answers[i])
            continue;
        if (++differences <= 10)
            std::printf("differs: %s\n  ours:   %s\n  theirs: %s\n", object::toJson(objects[i].value()).c_str(),
                        object::toJson(ours(objects[i])).c_str(), object::toJson(answers[i]).c_str());
    }
    std::printf("%zu objects, %zu with health, %zu differences\n", objects.size(), assessed, differences);
    // Most kinds have a check: fewer answers mean that the oracle was not asked what was meant.
    return differences == 0 && assessed > kObjects / 2 ? 0 : 1;
}
