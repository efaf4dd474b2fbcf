// SPDX-License-Identifier: GPL-3.0-or-later

// Decisions a second: 10,000 Rollouts (20 of them, 500 times each), each taken through ten steps on a virtual clock. Objects are decoded beforehand, as
// the engine keeps them by resource version; what is measured is reconcile alone. What it takes to read a version of the
// Rollout that an update makes is measured beside it.
#include "bench/measure.h"
#include "object/yaml.h"
#include "rollout/reconcile.h"
#include "rollout/simulate/virtual_cluster.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using tiphys::object::Object;
using tiphys::object::Value;
using namespace tiphys::rollout;

/// Rollouts; an argument of the program says otherwise.
int rolloutCount = 10'000;

Object parsed(const std::string &yaml)
{
    return Object(*tiphys::object::parseYaml(yaml));
}

/// A state of a Rollout, and the moment it is looked at.
struct State
{
    Observed observed;
    Moment now;
    bool isIdle = false;
};

std::string steps()
{
    std::string text;
    for (int weight = 10; weight <= 50; weight += 10)
        text += "{setWeight: " + std::to_string(weight) + "}, {pause: {duration: 60}}, ";
    return "[" + text + "]";
}

/// All states that an update goes through, in order.
std::vector<State> statesOf(const std::string &name, bool isRouted)
{
    VirtualCluster cluster{VirtualBehaviour()};
    Moment now = Moment::ofSeconds(1'700'000'000);
    const std::string routing =
        isRouted ? "stableService: s, canaryService: c, trafficRouting: {nginx: {stableIngress: i}}, " : "";
    for (const char *service : {"s", "c"})
        cluster.put(parsed(std::string("apiVersion: v1\nkind: Service\nmetadata: {name: ") + service
                           + ", namespace: shop}\nspec: {selector: {app: demo}}\n"),
                    now);
    cluster.put(
        parsed("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, namespace: shop}\nspec: {rules: "
               "[{http: {paths: [{backend: {service: {name: s}}}]}}]}\n"),
        now);
    cluster.put(parsed("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: " + name
                       + ", namespace: shop, uid: u}\nspec:\n  replicas: 10\n  selector: {matchLabels: {app: demo}}\n"
                         "  template:\n    metadata: {labels: {app: demo}}\n"
                         "    spec: {containers: [{name: a, image: 'x:1', resources: {requests: {cpu: 100m}}}]}\n"
                         "  strategy: {canary: {"
                       + routing + "steps: " + steps() + "}}\n"),
                now);
    std::vector<State> states;
    const auto settle = [&](bool isKept) {
        for (int pass = 0; pass < 1000; ++pass) {
            const bool isChanged = cluster.runControllers(now);
            State state{.observed = cluster.observe(name), .now = now};
            const Decision decision = reconcile(state.observed, Options(), now);
            state.isIdle = decision.isIdle();
            if (isKept)
                states.push_back(state);
            if (!cluster.apply(decision, now))
                std::abort();
            if (!decision.acts.empty() || isChanged)
                continue;
            std::optional<Moment> next = cluster.nextEvent(now);
            if (decision.lookAgain && (!next || *decision.lookAgain < *next))
                next = decision.lookAgain;
            // What is left then is the deadline of the old pods.
            if (!next)
                return;
            now = *next;
        }
    };
    settle(false);
    cluster.mergePatch({"argoproj.io", "Rollout", "shop", name},
                       *tiphys::object::parseYaml("spec: {template: {metadata: {annotations: {v: '2'}}}}"), now);
    settle(true);
    return states;
}

struct Rate
{
    std::size_t decisions = 0;
    double milliseconds = 0;

    double perSecond() const { return static_cast<double>(decisions) / (milliseconds / 1000); }
};

void report(const char *kind, const char *what, const Rate &rate)
{
    std::printf("| %s | %s | %zu | %.0f | %.2f |\n", kind, what, rate.decisions, rate.perSecond(),
                rate.milliseconds * 1000 / static_cast<double>(rate.decisions));
}

void measure(const char *kind, bool isRouted)
{
    std::vector<std::vector<State>> ways;
    for (int i = 0; i < 20; ++i)
        ways.push_back(statesOf("demo-" + std::to_string(i), isRouted));
    Rate all;
    Rate resting;
    Rate moving;
    const Options options;
    std::size_t acts = 0;
    for (std::size_t index = 0; index < ways.front().size(); ++index) {
        const double start = tiphys::bench::processorMilliseconds();
        for (int i = 0; i < rolloutCount; ++i) {
            const State &state = ways[static_cast<std::size_t>(i) % ways.size()][index];
            acts += reconcile(state.observed, options, state.now).acts.size();
        }
        const double taken = tiphys::bench::processorMilliseconds() - start;
        for (Rate *rate : {&all, ways.front()[index].isIdle ? &resting : &moving}) {
            rate->decisions += static_cast<std::size_t>(rolloutCount);
            rate->milliseconds += taken;
        }
    }
    report(kind, "all states of an update", all);
    report(kind, "waiting", resting);
    report(kind, "with something to do", moving);
    std::fprintf(stderr, "%zu acts, %zu states\n", acts, ways.front().size());
    std::fflush(stdout);
}

/// Reads the versions of a Rollout that an update makes, each in storage of its own as it comes from a server.
void measureReading(const char *kind, bool isRouted)
{
    std::vector<Object> versions;
    for (const State &state : statesOf("demo-0", isRouted)) {
        const Object &object = state.observed.rollout.object;
        if (versions.empty() || versions.back().resourceVersion() != object.resourceVersion())
            versions.emplace_back(object.value().compacted());
    }
    const int turns = std::max(1, rolloutCount / 10);
    std::size_t found = 0;
    const auto timed = [&](const char *what, auto read) {
        Rate rate;
        const double start = tiphys::bench::processorMilliseconds();
        for (int turn = 0; turn < turns; ++turn) {
            Rollout before = readRollout(versions.front());
            for (std::size_t i = 1; i < versions.size(); ++i) {
                before = read(versions[i], before);
                found += before.labels.size();
            }
            rate.decisions += versions.size();
        }
        rate.milliseconds = tiphys::bench::processorMilliseconds() - start;
        report(kind, what, rate);
    };
    timed("reading the whole Rollout", [](const Object &object, const Rollout &) { return readRollout(object); });
    timed("reading it beside the version before", readAgain);
    std::fprintf(stderr, "%zu labels\n", found);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc > 1)
        rolloutCount = std::atoi(argv[1]);
    std::printf("| Rollouts of ten steps | states | decisions | a second | us each |\n|---|---|---|---|---|\n");
    measure("canary", false);
    measure("canary with NGINX", true);
    measureReading("canary", false);
    measureReading("canary with NGINX", true);
}
