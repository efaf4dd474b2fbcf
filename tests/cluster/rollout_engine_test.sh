#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The rollout engine against a real API server: it does what the Rollouts controller would do, with analysis,
# experiments and interruptions. Arguments: the parts wanted. TIPHYSCTL names the program (default:
# build/bin/tiphysctl). Exit code 77: skipped, with the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-rollouts.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"

ns=shop
kn() { k -n $ns "$@"; }

# --- what measurements are taken from

start_server() {
    cat >"$work/server.py" <<'PYTHON'
import http.server, json, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"value": {"/good": 1, "/bad": 100}.get(self.path, 0)}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
PYTHON
    python3 "$work/server.py" >"$work/port" 2>/dev/null &
    background+=("$!")
    eventually 10 test -s "$work/port" >/dev/null
    server=http://127.0.0.1:$(cat "$work/port")
}

# --- the engine, as a service account whose rights can be taken away

grant() { # VERBS
    k apply -f - >/dev/null <<YAML
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: rollout-engine}
rules:
- {apiGroups: ["*"], resources: ["*"], verbs: [$1]}
- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: ["*"]}
YAML
}

make_account() {
    grant '"*"'
    k create serviceaccount rollout-engine -n $ns >/dev/null
    k create clusterrolebinding rollout-engine --clusterrole rollout-engine --serviceaccount $ns:rollout-engine >/dev/null
    local token file=$work/one/kubeconfig/engine.yaml
    token=$(k create token rollout-engine -n $ns --duration 1h)
    cp "$work/one/kubeconfig/admin.yaml" "$file"
    kubectl --kubeconfig "$file" config set-credentials engine --token "$token" >/dev/null
    kubectl --kubeconfig "$file" config set-context --current --user engine >/dev/null
}

start_engine() { # LOG
    KUBECONFIG=$work/one/kubeconfig/engine.yaml XDG_CACHE_HOME=$work/cache "$TIPHYSCTL" engine run --rollouts >"$1" 2>&1 &
    engine=$!
    background+=("$engine")
}

# --- objects

rollout() { # NAME STRATEGY [REPLICAS]
    cat <<YAML
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: $1, namespace: $ns}
spec:
  replicas: ${3:-2}
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec: {containers: [{name: main, image: "example.test/web:1", ports: [{name: http, containerPort: 80}]}]}
  strategy: $2
---
YAML
}

service() { # NAME APP
    cat <<YAML
apiVersion: v1
kind: Service
metadata: {name: $1, namespace: $ns}
spec: {selector: {app: $2}, ports: [{port: 80}]}
---
YAML
}

template() { # NAME METRIC
    cat <<YAML
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: $1, namespace: $ns}
spec: {metrics: [$2]}
---
YAML
}

web() { # PATH [MORE FIELDS]
    echo "{name: value, successCondition: 'result < 10', ${2:-}provider: {web: {url: '$server/$1', jsonPath: '{\$.value}'}}}"
}

apply_all() {
    {
        rollout canary '{canary: {maxSurge: 1, maxUnavailable: 0, steps: [{setWeight: 50}, {pause: {}}]}}'
        rollout checked '{canary: {steps: [{setWeight: 50}, {analysis: {templates: [{templateName: bad}]}}, {pause: {}}]}}'
        rollout watched '{canary: {analysis: {templates: [{templateName: steady}]}, steps: [{setWeight: 50}, {pause: {}}]}}'
        rollout tried '{canary: {steps: [{experiment: {duration: 2s, scaleDownDelaySeconds: 0,
            templates: [{name: fresh, specRef: canary, replicas: 1, service: {}}],
            analyses: [{name: good, templateName: good}]}}]}}'
        rollout colours '{blueGreen: {activeService: active, previewService: preview, scaleDownDelaySeconds: 2,
            prePromotionAnalysis: {templates: [{templateName: job}]}}}'
        rollout killed '{canary: {steps: [{setWeight: 50}, {analysis: {templates: [{templateName: late}]}}]}}'
        service active colours
        service preview colours
        template good "$(web good)"
        template bad "$(web bad)"
        template steady "$(web good 'interval: 1s, ')"
        template job '{name: job, provider: {job: {spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never,
            containers: [{name: main, image: "example.test/job:1"}]}}}}}}'
        template late '{name: late, provider: {job: {spec: {backoffLimit: 0, template: {
            metadata: {annotations: {tiphys.dev/pod: pending}},
            spec: {restartPolicy: Never, containers: [{name: main, image: "example.test/job:1"}]}}}}}}'
    } | k apply -f - >/dev/null
}

update() { # NAME VERSION
    ctl rollout set-image "$1" "main=example.test/web:$2" -n $ns
}
phase() { is '{.status.phase}' "$2" rollout "$1" -n $ns; } # NAME PHASE
settled() { is '{.status.phase}{.status.message}' Healthy rollout "$1" -n $ns && is '{.status.conditions[?(@.type=="Completed")].status}' True rollout "$1" -n $ns; }
hash_of() { kn get rollout "$1" -o "jsonpath={.status.$2}"; } # NAME FIELD
event() { # NAME REASON [WORDS]
    local found
    found=$(kn get events --field-selector "involvedObject.name=$1,reason=$2" -o 'jsonpath={.items[*].message}')
    [[ -n $found && $found == *"${3:-}"* ]] || { echo "no event $2 of $1 with '${3:-}': $found"; return 1; }
}
runs() { kn get analysisruns -o 'jsonpath={range .items[*]}{.metadata.name} {.status.phase}{"\n"}{end}' | grep "^$1-"; } # OF
run_is() { runs "$1" | grep -q " $2$" || { runs "$1"; return 1; }; } # OF PHASE
sizes() { # OF WANTED: sizes of its ReplicaSets, oldest first
    local found
    found=$(kn get replicasets -l "app=$1" --sort-by .metadata.creationTimestamp -o 'jsonpath={.items[*].spec.replicas}')
    [ "$found" = "$2" ] || { echo "sizes of $1: $found, not $2"; return 1; }
}

# --- parts

test_start() {
    check "a cluster starts" cluster up || return
    check "it gets the types" cluster crds || return
    k create namespace $ns >/dev/null
    make_account
    start_server
    apply_all
    start_engine "$work/engine.log"
    check "an engine starts" eventually 30 grep -q "at work" "$work/engine.log" || return
    local name
    for name in canary checked watched tried colours killed; do
        check "$name becomes healthy without its steps" eventually 30 settled $name
    done
    check "the first revision has its events" event canary RolloutCompleted "Initial deploy"
    check "a second engine is refused" not ctl engine run --rollouts
    for name in canary checked watched tried colours killed; do
        update $name 2 >/dev/null
    done
}

test_canary() {
    check "an update stops at its pause" eventually 20 phase canary Paused
    check "half of it is new" sizes canary "1 1"
    check "it says so in events" event canary RolloutStepCompleted "Rollout step 1/2 completed (setWeight: 50)"
    check "promote lets it go on" ctl rollout promote canary -n $ns
    check "then it is healthy" eventually 20 settled canary
    check "the old one is gone" eventually 10 sizes canary "0 2"
    update canary 3 >/dev/null
    check "another update stops as well" eventually 20 phase canary Paused
    check "abort takes it back" ctl rollout abort canary -n $ns
    check "it is degraded" eventually 20 phase canary Degraded
    check "it says why" has '{.status.message}' "RolloutAborted: Rollout aborted update to revision 3" rollout canary -n $ns
    check "the stable one is whole again" eventually 20 sizes canary "0 2 0"
    check "retry starts anew" ctl rollout retry canary -n $ns
    check "it comes to its pause again" eventually 20 phase canary Paused
    check "promote --full leaves the rest out" ctl rollout promote canary --full -n $ns
    check "it is healthy again" eventually 20 settled canary
    check "only the new one is left" eventually 10 sizes canary "0 0 2"
}

test_failing_analysis() {
    check "a bad measurement aborts the update" eventually 30 phase checked Degraded
    check "the run has failed" run_is checked Failed
    check "the message has the metric" has '{.status.message}' 'Metric "value" assessed Failed due to failed (1) > failureLimit (0)' \
        rollout checked -n $ns
    check "the stable one is whole" eventually 20 sizes checked "2 0"
    check "the run's own events are there" event "$(runs checked | cut -d' ' -f1)" AnalysisRunFailed "Analysis Completed. Result: Failed"
    check "those of its metric too" event "$(runs checked | cut -d' ' -f1)" MetricFailed "Metric 'value' Completed. Result: Failed"
    check "the Rollout's as well" event checked AnalysisRunFailed "Step Analysis Run"
    check "the measurement has its value" has '{.items[*].status.metricResults[*].measurements[*].value}' 100 analysisruns -n $ns
}

test_background_analysis() {
    check "the update stops at its pause" eventually 20 phase watched Paused
    check "an analysis runs beside it" eventually 10 run_is watched Running
    check "it measures again and again" eventually 15 has '{.items[?(@.metadata.labels.rollout-type=="Background")].status.metricResults[0].count}' 3 \
        analysisruns -n $ns
    ctl rollout promote watched -n $ns >/dev/null
    check "then it is healthy" eventually 20 settled watched
    check "the analysis has ended with it" eventually 10 run_is watched Successful
}

test_experiment() {
    check "an experiment leads to the end" eventually 40 settled tried
    check "it has succeeded" is '{.items[*].status.phase}' Successful experiments -n $ns
    check "its run too" has '{.items[*].status.analysisRuns[*].phase}' Successful experiments -n $ns
    check "its pods are gone" eventually 10 is '{.items[?(@.metadata.annotations.experiment\.argoproj\.io/name)].spec.replicas}' 0 replicasets -n $ns
    local name
    name=$(kn get experiments -o 'jsonpath={.items[*].metadata.name}')
    check "its events tell the way" event "$name" ExperimentSuccessful "Experiment transitioned from Running -> Successful"
    check "its template's too" event "$name" TemplateRunning "Template 'fresh' transitioned from Progressing -> Running"
    check "the Rollout names it" event tried ExperimentCreated "$name"
}

test_blue_green() {
    check "the Job of its analysis lets it through" eventually 40 settled colours
    check "the run was of a Job" run_is colours Successful
    check "the active Service has the new hash" is '{.spec.selector.rollouts-pod-template-hash}' "$(hash_of colours currentPodHash)" \
        service active -n $ns
    check "the preview Service as well" is '{.spec.selector.rollouts-pod-template-hash}' "$(hash_of colours currentPodHash)" \
        service preview -n $ns
    check "the old one goes after its delay" eventually 20 sizes colours "0 2"
    check "the switch is an event" event colours SwitchService
}

test_kill() {
    check "an analysis by a Job is under way" eventually 20 run_is killed Running
    local job
    job=$(late_jobs)
    check "its Job is there" test -n "$job"
    kill -9 "$engine"
    wait "$engine" 2>/dev/null
    kn delete job "$job" --wait=false >/dev/null
    start_engine "$work/engine-2.log"
    check "another engine goes on" eventually 40 grep -q "at work" "$work/engine-2.log"
    check "what became of the Job is seen" eventually 20 has '{.items[*].status.metricResults[*].measurements[*].message}' "not found" \
        analysisruns -n $ns
    check "an error is measured again by another Job" eventually 25 another_job "$job"
    ctl rollout abort killed -n $ns >/dev/null
    check "an abort ends the run" eventually 20 run_is killed Successful
    check "and its Job" eventually 20 jobs_of_are_gone
    check "the stable one is whole" eventually 20 sizes killed "2 0"
}
late_jobs() { kn get jobs -o 'jsonpath={.items[?(@.metadata.annotations.analysisrun\.argoproj\.io/metric-name=="late")].metadata.name}'; }
another_job() { [[ -n $(late_jobs) && $(late_jobs) != *"$1"* ]]; }
jobs_of_are_gone() { [ -z "$(late_jobs)" ]; }

test_rights() {
    grant 'get, list, watch'
    sleep_until_denied
    update canary 4 >/dev/null
    check "without rights it says what is missing" eventually 20 grep -q "failed rollout=$ns/canary" "$work/engine-2.log"
    check "nothing of it was done" sizes canary "0 0 2"
    grant '"*"'
    check "with them it goes on by itself" eventually 40 phase canary Paused
    check "half of it is new" sizes canary "0 0 1 1"
}
sleep_until_denied() { eventually 10 not kubectl_as engine auth can-i patch rollouts -n $ns >/dev/null; }

need kubernetes etcd kwok
need_rollouts
run_parts "canary failing_analysis background_analysis experiment blue_green kill rights" "$@"
