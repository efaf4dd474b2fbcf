// SPDX-License-Identifier: GPL-3.0-or-later
// Health scripts of users: processor time of one run in an interpreter that is kept, as in the worker process.
// With --requests prints the same scripts and objects for the interpreter that Argo CD uses (tests/oracles/lua -bench N).
#include "bench/measure.h"
#include "object/json.h"
#include "object/yaml.h"
#include "process/lua_interpreter.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

using namespace tiphys;

namespace {

constexpr int kRounds = 5000;

struct Case
{
    const char *name;
    std::string script;
    object::Value object;
};

object::Value yaml(const char *text)
{
    return object::parseYaml(text).value();
}

object::Value certificate()
{
    return yaml(R"(
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop, generation: 2}
spec: {secretName: web-tls, dnsNames: [a.example.com, b.example.com], issuerRef: {name: ca, kind: Issuer}}
status:
  observedGeneration: 2
  notAfter: "2030-01-01T00:00:00Z"
  conditions:
    - {type: Issuing, status: "False", reason: Issued, message: done}
    - {type: Ready, status: "True", reason: Ready, message: Certificate is up to date and has not expired}
)");
}

object::Value deployment()
{
    return yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: a-b-c, resourceVersion: "12", generation: 3, labels: {app: web}}
spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}}
status:
  observedGeneration: 3
  replicas: 3
  updatedReplicas: 3
  readyReplicas: 3
  availableReplicas: 3
  conditions:
    - {type: Available, status: "True", reason: MinimumReplicasAvailable, message: Deployment has minimum availability.}
    - {type: Progressing, status: "True", reason: NewReplicaSetAvailable, message: ReplicaSet has successfully progressed.}
)");
}

std::vector<Case> cases()
{
    return {{"conditions of a Certificate", R"(hs = {}
if obj.status ~= nil then
  if obj.status.conditions ~= nil then
    for i, condition in ipairs(obj.status.conditions) do
      if condition.type == "Issuing" and condition.status == "True" then
        hs.status = "Progressing"
        hs.message = condition.message
        return hs
      end
    end
    for i, condition in ipairs(obj.status.conditions) do
      if condition.type == "Ready" and condition.status == "False" then
        hs.status = "Degraded"
        hs.message = condition.message
        return hs
      end
      if condition.type == "Ready" and condition.status == "True" then
        hs.status = "Healthy"
        hs.message = condition.message
        return hs
      end
    end
  end
end
hs.status = "Progressing"
hs.message = "Waiting for certificate"
return hs
)",
             certificate()},
            {"replicas of a Deployment", R"(local hs = {}
local s = obj.status or {}
if obj.metadata.generation ~= s.observedGeneration then
  return {status = "Progressing", message = "not observed"}
end
local missing = obj.spec.replicas - (s.availableReplicas or 0)
if missing > 0 then
  hs.status = "Progressing"
  hs.message = missing .. " of " .. obj.spec.replicas .. " are missing"
else
  hs.status = "Healthy"
  hs.message = table.concat({s.availableReplicas, obj.spec.replicas}, "/")
end
return hs
)",
             deployment()}};
}

void printRequests()
{
    for (const Case &one : cases()) {
        const object::Value request =
            object::Value::map({{"mode", "health"}, {"script", one.script}, {"openLibs", false}, {"obj", one.object}});
        std::puts(object::toJson(request).c_str());
    }
}

/// Microseconds of processor time of one run, the best of five.
double microseconds(const Case &one)
{
    process::LuaInterpreter interpreter(process::LuaLibraries::Few);
    const process::LuaRun run{
        .script = &one.script, .isKept = true, .object = one.object, .parameters = {}, .now = std::nullopt};
    double best = 1e9;
    for (int attempt = 0; attempt < 5; ++attempt) {
        const double start = bench::processorMilliseconds();
        for (int i = 0; i < kRounds; ++i) {
            const auto outcome = interpreter.run(run);
            if (!outcome || outcome->json.empty()) {
                std::fprintf(stderr, "%s\n", outcome ? "no table" : outcome.error().text().c_str());
                std::exit(1);
            }
        }
        best = std::min(best, (bench::processorMilliseconds() - start) * 1000 / kRounds);
    }
    return best;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 2 && std::strcmp(argv[1], "--requests") == 0) {
        printRequests();
        return 0;
    }
    for (const Case &one : cases())
        std::printf("| a user's script: %s | %.1f us |\n", one.name, microseconds(one));
    return 0;
}
