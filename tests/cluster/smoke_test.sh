#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The test cluster does what the tests that use it rely on. Arguments: the parts wanted (audit, api_restart need rights).
# Exit code 77: the real tools are not built.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-smoke.XXXXXX")
passed=0 failed=0

cluster() { "$TIPHYS_ROOT/dev" cluster --dir "$work/one" "$@"; }
second() { "$TIPHYS_ROOT/dev" cluster --dir "$work/two" "$@"; }
kubectl_as() { # IDENTITY ARGUMENTS…
    local identity=$1
    shift
    kubectl --kubeconfig "$work/one/kubeconfig/$identity.yaml" --cache-dir "$work/kubectl-cache" "$@"
}
k() { kubectl_as admin "$@"; }

finish() {
    cluster down >/dev/null 2>&1
    second down >/dev/null 2>&1
    [ "$failed" -gt 0 ] && [ -n "${TIPHYS_KEEP:-}" ] && echo "kept $work" || rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# check SENTENCE COMMAND…
check() {
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "ok      $sentence"
    else
        failed=$((failed + 1))
        echo "FAILED  $sentence"
        tail -n 20 <<<"$output" | sed 's/^/            /'
    fi
}

# eventually SECONDS COMMAND…: until it succeeds
eventually() {
    local end=$((SECONDS + $1)) output
    shift
    until output=$("$@" 2>&1); do
        [ $SECONDS -lt $end ] || { echo "$output"; return 1; }
        sleep 0.2
    done
}

not() { ! "$@"; }

# is FIELDS WANTED OBJECT…: what a jsonpath gives
is() {
    local value
    value=$(k get "${@:3}" -o "jsonpath=$1") || return 1
    [ "$value" = "$2" ] || { echo "$* is '$value', not '$2'"; return 1; }
}

forbidden() {
    local output
    output=$("$@" 2>&1) && { echo "allowed: $output"; return 1; }
    grep -qi forbidden <<<"$output" || { echo "$output"; return 1; }
}

# workload NAME ANNOTATION: a Deployment of one pod whose template carries tiphys.dev/pod
workload() {
    k apply -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1, namespace: team-a}
spec:
  replicas: ${3:-1}
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}, annotations: {tiphys.dev/pod: "$2"}}
    spec: {containers: [{name: main, image: example.test/web:1}]}
YAML
}

job() {
    k apply -f - <<YAML
apiVersion: batch/v1
kind: Job
metadata: {name: $1, namespace: team-a}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {tiphys.dev/pod: "$2"}}
    spec: {restartPolicy: Never, containers: [{name: main, image: example.test/job:1}]}
YAML
}

# The pattern comes by a file, so that grep does not find itself.
processes_of() { grep -lsF -f <(echo "$1/") /proc/[0-9]*/cmdline /proc/[0-9]*/environ; }

test_start() {
    check "up starts a cluster" cluster up || return
    check "up leaves a healthy cluster alone" grep -q "already up" <(cluster up)
    check "status of a healthy cluster succeeds" cluster status
    check "kubeconfig prints the admin's file" test "$(cluster kubeconfig)" = "$work/one/kubeconfig/admin.yaml"
    check "an unknown identity is refused" not cluster kubeconfig nobody
    check "namespaces argocd and team-a exist" k get namespace argocd team-a
}

test_workloads() {
    workload waits pending >/dev/null
    workload crashes crash >/dev/null
    workload late late >/dev/null
    workload web "" 3 >/dev/null
    job good "" >/dev/null
    job bad fail >/dev/null
    check "a Deployment of 3 becomes ready" eventually 30 is '{.status.readyReplicas}' 3 deployment web -n team-a
    check "a Job completes" k wait --for=condition=Complete job/good -n team-a --timeout=30s
    check "a Job whose pod fails has failed" k wait --for=condition=Failed job/bad -n team-a --timeout=30s
    check "a crashing pod waits in CrashLoopBackOff" eventually 20 is '{.items[0].status.containerStatuses[0].state.waiting.reason}' \
        CrashLoopBackOff pods -n team-a -l app=crashes
    check "a late pod becomes ready" eventually 30 is '{.status.readyReplicas}' 1 deployment late -n team-a
    check "it was not ready for some seconds after it started" was_late
    # Older than all of the above, with a node, and still not started.
    check "a pending pod has a node and stays pending" is '{.items[0].spec.nodeName} {.items[0].status.phase}' \
        "node-1 Pending" pods -n team-a -l app=waits
    check "a deleted Deployment takes its pods along" deleted_with_pods web
}

# The kubelet's stand-in waits 5 seconds; times in the status are whole seconds.
was_late() {
    local started ready
    read -r started ready < <(k get pods -n team-a -l app=late \
        -o 'jsonpath={.items[0].status.startTime} {.items[0].status.conditions[?(@.type=="Ready")].lastTransitionTime}')
    echo "started $started, ready $ready"
    [ $(($(date -d "$ready" +%s) - $(date -d "$started" +%s))) -ge 4 ]
}

deleted_with_pods() {
    k delete deployment "$1" -n team-a --wait=false && eventually 30 is '{.items}' "[]" pods -n team-a -l "app=$1"
}

test_rights() {
    check "readonly reads every kind" kubectl_as readonly get nodes,secrets,customresourcedefinitions,deployments -A
    check "readonly cannot write" forbidden kubectl_as readonly create configmap no -n team-a
    check "none cannot read" forbidden kubectl_as none get pods -n team-a
    check "editor writes in team-a" kubectl_as editor create configmap mine -n team-a --from-literal=word=ahoy
    check "editor may have applications in team-a" kubectl_as editor auth can-i create applications.argoproj.io -n team-a
    check "editor cannot write in default" forbidden kubectl_as editor create configmap mine -n default
    check "editor cannot read in argocd" forbidden kubectl_as editor get configmaps -n argocd
    check "editor cannot read nodes" forbidden kubectl_as editor get nodes
}

audited() { grep -F '"username":"editor"' "$(cluster audit)" | grep -F '"verb":"create"' | grep -F '"word":"ahoy"'; }
audited_read() { grep -F '"username":"readonly"' "$(cluster audit)" | grep -F '"verb":"list"' | grep -F '"resource":"secrets"'; }
audited_refusal() { grep -F '"username":"none"' "$(cluster audit)" | grep -F '"code":403'; }

test_audit() {
    check "the audit log has a write with its body" audited
    check "the audit log has a read" audited_read
    check "the audit log has what was refused" audited_refusal
}

test_api_restart() {
    local before url
    before=$(cut -d' ' -f1 "$work/one/run/kube-apiserver.pid")
    url=$(k config view -o 'jsonpath={.clusters[0].cluster.server}')
    check "restart-api starts the API server again" cluster restart-api
    check "it is another process" test "$before" != "$(cut -d' ' -f1 "$work/one/run/kube-apiserver.pid")"
    check "it has the same address and state" kubectl_as admin --server "$url" get configmap mine -n team-a
    check "stop-api stops it" cluster stop-api
    check "status of a cluster without API server fails" not cluster status
    check "start-api starts it" cluster start-api
    check "status succeeds again" cluster status
    job after "" >/dev/null
    check "the controllers go on after it" k wait --for=condition=Complete job/after -n team-a --timeout=60s
}

# Three ways to say one Deployment: plain YAML, a Kustomize overlay of it, a Helm chart.
make_repository() {
    local repository=$work/repository
    git init -q -b main "$repository" && mkdir -p "$repository"/{web,overlay,chart/templates} || return
    cat >"$repository/web/web.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: from-git}
spec:
  replicas: 2
  selector: {matchLabels: {app: from-git}}
  template:
    metadata: {labels: {app: from-git}}
    spec: {containers: [{name: main, image: example.test/web:1}]}
YAML
    cp "$repository/web/web.yaml" "$repository/overlay/web.yaml"
    sed 's/from-git/{{ .Release.Name }}/' "$repository/web/web.yaml" >"$repository/chart/templates/web.yaml"
    printf '%s\n' "namePrefix: overlay-" "resources: [web.yaml]" >"$repository/overlay/kustomization.yaml"
    printf '%s\n' "apiVersion: v2" "name: chart" "version: 1.0.0" >"$repository/chart/Chart.yaml"
    git -C "$repository" add . && git -C "$repository" -c user.name=test -c user.email=test@example.test commit -qm "add web"
}

make_application() { # NAME, which is also its path in the repository
    k create -f - <<YAML
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: $1, namespace: argocd}
spec:
  project: default
  source: {repoURL: "file://$work/repository", targetRevision: main, path: $1}
  destination: {server: "https://kubernetes.default.svc", namespace: team-a}
  syncPolicy: {automated: {}}
YAML
}

becomes_healthy() {
    eventually 90 is '{.status.sync.status} {.status.health.status} {.status.operationState.phase}' \
        "Synced Healthy Succeeded" application "$1" -n argocd
}

test_argocd() {
    check "crds makes the kinds of Argo CD known" cluster crds
    check "an Application can be listed" k get applications -A
    check "argocd up starts Argo CD" cluster argocd up
    check "argocd up leaves a running one alone" grep -q "already up" <(cluster argocd up)
    check "a Git repository is made" make_repository
    local application
    for application in web overlay chart; do
        check "Application $application is created" make_application $application
    done
    for application in web overlay chart; do
        check "Application $application is synced, healthy and its operation succeeded" becomes_healthy $application
    done
    for application in from-git overlay-from-git chart; do
        check "its Deployment $application is ready" is '{.status.readyReplicas}' 2 deployment $application -n team-a
    done
    check "status knows Argo CD" grep -q argocd-repo-server <(cluster status)
    check "argocd down stops it" cluster argocd down
    check "nothing of it is left" not grep -q argocd <(cluster status)
}

test_second_cluster() {
    check "a second cluster of API server alone starts beside the first" second up --only-api
    check "it is healthy" second status
    check "it has the namespaces" second kubectl get namespace team-a argocd
    check "it has no node" test -z "$(second kubectl get nodes -o name)"
    check "down ends it" second down
    check "no process of it is left" test -z "$(processes_of "$work/two")"
    check "the first is still healthy" cluster status
}

test_stale_state() {
    # What a restart of the machine leaves: the files, none of the processes, their numbers given to others.
    local pid bystander
    for pid in $(cut -d' ' -f1 "$work"/one/run/*.pid); do kill -9 "$pid"; done
    (exec sleep 1000) &
    bystander=$!
    sed -i "s/^[0-9]*/$bystander/" "$work/one/run/etcd.pid"
    check "status sees that all has ended" not cluster status
    check "up starts afresh over what is left" cluster up
    check "a process that took over a number was left alone" kill -0 $bystander
    kill $bystander
    check "the new cluster is healthy" cluster status
    check "it has none of the old state" not k get configmap mine -n team-a
    check "a folder that is not a cluster's is refused" refuses_foreign_folder
}

refuses_foreign_folder() {
    mkdir "$work/three" && touch "$work/three/precious"
    not "$TIPHYS_ROOT/dev" cluster --dir "$work/three" up && [ -e "$work/three/precious" ]
}

test_end() {
    check "down ends the cluster" cluster down
    check "no process is left" test -z "$(processes_of "$work/one")"
    check "status of a cluster that is down fails" not cluster status
    check "down twice is no error" cluster down
}

parts=(workloads rights audit api_restart argocd second_cluster stale_state)
[ $# -eq 0 ] || parts=("$@")
tools=(kubernetes etcd kwok)
[[ " ${parts[*]} " != *" argocd "* ]] || tools+=(argocd kustomize helm)
if ! path=$("$TIPHYS_ROOT/dev" oracles --path "${tools[@]}"); then
    echo "skipped: the real tools are not built (./dev oracles)"
    exit 77
fi
command -v redis-server >/dev/null || { echo "skipped: redis-server is not installed"; exit 77; }
PATH=$path:$PATH

test_start
if [ $failed -eq 0 ]; then
    for part in "${parts[@]}"; do
        "test_$part"
    done
    test_end
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
