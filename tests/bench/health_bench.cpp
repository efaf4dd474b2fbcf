// SPDX-License-Identifier: GPL-3.0-or-later
// Health checks a second on one core: a Deployment, the slowest kinds, and 10,000 mixed objects.
// Argument: tests/data/health/kinds (the objects of the tests). With --objects it prints the mixed ones instead, as JSON, one a
// line, for another program to judge.
#include "bench/measure.h"
#include "health/health.h"
#include "object/json.h"
#include "object/yaml.h"
#include "support/kind_cases.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>

using namespace tiphys;

namespace {

constexpr int kRounds = 2000;
constexpr std::size_t kMixed = 10000;
constexpr std::size_t kSlowest = 5;

object::Object deployment()
{
    return object::Object(object::parseYaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: a-b-c, resourceVersion: "12", generation: 3, labels: {app: web}}
spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {}}
status:
  observedGeneration: 3
  replicas: 3
  updatedReplicas: 3
  readyReplicas: 3
  availableReplicas: 3
  conditions:
    - {type: Available, status: "True", reason: MinimumReplicasAvailable, message: Deployment has minimum availability., lastUpdateTime: "2024-01-01T00:00:00Z"}
    - {type: Progressing, status: "True", reason: NewReplicaSetAvailable, message: ReplicaSet has successfully progressed., lastUpdateTime: "2024-01-01T00:00:00Z"}
)")
                              .value());
}

std::vector<object::Object> objectsIn(const std::filesystem::path &directory)
{
    std::vector<object::Object> objects;
    for (const test::KindCase &one : test::kindCases(directory))
        objects.emplace_back(one.object.value().compacted());
    return objects;
}

/// Every second one a Deployment, the others of all kinds.
std::vector<object::Object> mixedOf(const std::vector<object::Object> &objects)
{
    std::vector<object::Object> mixed;
    for (std::size_t i = 0; i < kMixed; ++i)
        mixed.push_back(i % 2 == 0 ? deployment() : objects[i % objects.size()]);
    return mixed;
}

/// Nanoseconds of processor time for one check of \p objects, the best of five.
double nanoseconds(const std::vector<object::Object> &objects, int rounds)
{
    double best = 1e9;
    for (int attempt = 0; attempt < 5; ++attempt) {
        const double start = bench::processorMilliseconds();
        std::size_t checked = 0;
        for (int i = 0; i < rounds; ++i) {
            for (const object::Object &object : objects)
                checked += health::healthOf(object).has_value() ? 1 : 0;
        }
        const double spent = bench::processorMilliseconds() - start;
        best = std::min(best, spent * 1e6 / static_cast<double>(std::max<std::size_t>(checked, 1)));
    }
    return best;
}

} // namespace

int main(int argc, char **argv)
{
    const bool printsObjects = argc == 3 && std::string_view(argv[2]) == "--objects";
    if (argc != 2 && !printsObjects) {
        std::puts("usage: tiphys_health_bench tests/data/health/kinds [--objects]");
        return 2;
    }
    const std::vector<object::Object> objects = objectsIn(argv[1]);
    const std::vector<object::Object> mixed = mixedOf(objects);
    if (printsObjects) {
        for (const object::Object &object : mixed)
            std::puts(object::toJson(object.value()).c_str());
        return 0;
    }
    const double one = nanoseconds({deployment()}, kRounds * 200);
    std::printf("| Deployment | %.0f ns | %.1f million/s |\n", one, 1000 / one);
    std::map<std::string, double> slowest;
    for (const object::Object &object : objects) {
        double &known = slowest[std::string(object.group()) + "/" + std::string(object.kind())];
        known = std::max(known, nanoseconds({object}, kRounds));
    }
    std::vector<std::pair<double, std::string>> sorted;
    for (const auto &[kind, time] : slowest)
        sorted.emplace_back(time, kind);
    std::ranges::sort(sorted, std::greater());
    for (std::size_t i = 0; i < std::min(kSlowest, sorted.size()); ++i)
        std::printf("| slowest: %s | %.0f ns | |\n", sorted[i].second.c_str(), sorted[i].first);
    const double each = nanoseconds(mixed, 20);
    std::printf("| 10,000 mixed | %.0f ns each | %.1f million/s |\n", each, 1000 / each);
    return 0;
}
