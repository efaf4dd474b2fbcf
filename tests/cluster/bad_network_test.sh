#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The local engine over a network that loses answers, refuses, and is slow: what is to be written is written once, and
# what was seen is told. Arguments: the parts wanted. Exit code 77: skipped, with the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-network.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"
finish() {
    local pid
    for pid in "${background[@]}" $(cat "$work"/*.pid 2>/dev/null); do
        kill -9 "$pid" 2>/dev/null
    done
    cluster down >/dev/null 2>&1
    [ "$failed" -gt 0 ] && [ -n "${TIPHYS_KEEP:-}" ] && echo "kept $work" || rm -rf "$work"
}

# network NAME ARGUMENTS…: a network to the API server, and net_NAME.yaml for those who go through it
network() {
    local name=$1 server
    shift
    server=$(kubectl_as admin config view -o 'jsonpath={.clusters[0].cluster.server}')
    python3 "$TIPHYS_ROOT/tests/support/bad_network.py" "$1" "${server##*:}" "${@:2}" >"$work/$name.port" 2>"$work/$name.errors" &
    echo $! >"$work/$name.pid" # `check` runs this in a subshell
    eventually 10 test -s "$work/$name.port" || return
    sed "s|server: .*|server: https://127.0.0.1:$(<"$work/$name.port")|" "$work/one/kubeconfig/admin.yaml" >"$work/net_$name.yaml"
}
over() { # NETWORK SECONDS ARGUMENTS…
    KUBECONFIG=$work/net_$1.yaml XDG_CACHE_HOME=$work/cache timeout "$2" "$TIPHYSCTL" "${@:3}"
}
# rules LINE…: what happens to requests from now on; the log starts anew
rules() {
    : >"$work/faults.log"
    printf '%s\n' "$@" >"$work/rules"
}
happened() { # COUNT ACTION: at least so often since the rules were made
    local got
    got=$(grep -c "^$2 " "$work/faults.log")
    [ "$got" -ge "$1" ] || { cat "$work/faults.log"; echo "$2 $got times, not $1"; return 1; }
}

test_start() {
    check "a cluster starts" cluster up || return
    check "install-crds adds the types" ctl admin install-crds
    check "the type is served" eventually 20 k get applications -A
    : >"$work/rules" && : >"$work/faults.log"
    check "a network that can fail stands" network faults faults --pki "$work/one/pki" --rules "$work/rules" --log "$work/faults.log"
    check "a slow network stands" network slow slow --delay 0.15 --loss 0.05
    check "nothing is wrong yet" over faults 30 app list
}

synced_app() { # NAME
    repository "$1"
    {
        hook "$1-before" PreSync
        deployment "$1" "$(wave 0)"
        configmap "$1" "$(wave 1)"
        hook "$1-after" PostSync
    } | manifest "$1" all
    commit "$1"
    create_app "$1" >/dev/null
    mark
}

written_once() { # NAME
    check "everything was written once" counted 1 "create jobs/$1-before"
    check "the Deployment too" counted 1 "create deployments/$1"
    check "the ConfigMap too" counted 1 "create configmaps/$1"
    check "the last hook too" counted 1 "create jobs/$1-after"
    check "in their order" in_order "create jobs/$1-before" "create deployments/$1" "create configmaps/$1" "create jobs/$1-after"
    check "the application is Synced" eventually 20 state_of "$1" "Synced Healthy Succeeded"
}

# --- answers that are lost after the server did the work

test_dropped() {
    synced_app dropped
    rules "drop 1 POST /jobs" "drop 1 POST /deployments" "drop 1 POST /configmaps" "drop 1 PATCH /deployments/" \
        "drop 1 PATCH /applications/dropped" "drop 1 PUT /applications/dropped" "cut 1 GET /applications" \
        "refuse 1 GET /apis/apps/v1"
    check "a sync whose answers are lost succeeds" says 0 Succeeded -- over faults 120 app sync dropped --local-engine --timeout 100
    check "answers were lost" happened 3 drop
    written_once dropped
}

test_refused() {
    synced_app limited
    rules "429 3 POST /jobs" "429 2 POST /deployments" "503 1 POST /configmaps" "500 2 GET /apis/apps/v1" "429 2 GET /applications" \
        "429 1 PATCH /applications"
    check "a sync beside a server that is busy succeeds" says 0 Succeeded -- over faults 120 app sync limited --local-engine --timeout 100
    check "it was told to wait" happened 3 429
    written_once limited
}

# --- watches that are too old

test_gone() {
    synced_app watched
    check "an application is synced" sync_app watched
    k patch application watched -n argocd --type merge -p '{"spec":{"syncPolicy":{"automated":{"selfHeal":true}}}}' >/dev/null
    rules "gone 200 GET watch="
    KUBECONFIG=$work/net_faults.yaml XDG_CACHE_HOME=$work/cache "$TIPHYSCTL" engine run --app watched >"$work/gone.log" 2>&1 &
    local engine=$!
    background+=("$engine")
    check "an engine starts whose watches all end with 410" eventually 40 grep -q "at work" "$work/gone.log"
    check "they do" eventually 40 happened 20 gone
    k patch configmap watched -n team-a --type merge -p '{"data":{"word":"drift"}}' >/dev/null
    check "drift is seen and healed all the same" eventually 60 is '{.data.word}' ahoy configmap watched -n team-a
    kill -TERM "$engine"
    wait "$engine" 2>/dev/null
}

# The rest of a long list that is too old: the list starts anew.
test_long_list() {
    repository many
    configmap many | manifest many all
    commit many
    create_app many >/dev/null
    seq 1 700 | sed 's/.*/---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: filler-&, namespace: team-a}/' | k create -f - >/dev/null
    rules "gone 1 GET configmaps.*continue=" "cut 1 GET configmaps.*limit="
    check "a list that breaks in the middle is read again" says 1 "kind: ConfigMap" -- over faults 60 app diff many
    check "it broke" happened 1 gone
    k delete configmap -n team-a --all --wait=false >/dev/null
}

# --- many types

test_types() {
    seq 1 150 | sed 's/.*/---\n{apiVersion: apiextensions.k8s.io\/v1, kind: CustomResourceDefinition, metadata: {name: kind&s.many.test}, spec: {group: many.test, scope: Namespaced, names: {plural: kind&s, singular: kind&, kind: Kind&}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]}}/' |
        k create -f - >/dev/null
    check "150 more types are served" eventually 60 served 150
    repository types
    printf '%s\n' "apiVersion: many.test/v1" "kind: Kind150" "metadata: {name: last}" "spec: {word: ahoy}" | manifest types all
    commit types
    create_app types >/dev/null
    check "an application of the last one is synced" says 0 Succeeded -- sync_app types
    check "then there is no difference" code 0 ctl app diff types
}
served() { [ "$(k api-resources --api-group many.test -o name | wc -l)" -eq "$1" ]; }

# --- a long line that loses packets

test_slow() {
    synced_app slow
    check "one application is shown" says 0 argocd/slow Unknown -- over slow 60 app get slow
    check "a sync succeeds" says 0 Succeeded -- over slow 150 app sync slow --local-engine --timeout 140
    written_once slow
    check "the list comes" says 0 slow Synced -- over slow 60 app list
}

# --- a machine that slept: its connections are dead, and nobody said so

test_sleep() {
    check "a network that can forget stands" network forgetful slow --delay 0 --loss 0
    synced_app asleep
    check "an application is synced" sync_app asleep
    k patch application asleep -n argocd --type merge -p '{"spec":{"syncPolicy":{"automated":{"selfHeal":true}}}}' >/dev/null
    KUBECONFIG=$work/net_forgetful.yaml XDG_CACHE_HOME=$work/cache "$TIPHYSCTL" engine run --app asleep >"$work/sleep.log" 2>&1 &
    local engine=$!
    background+=("$engine")
    check "an engine starts" eventually 40 grep -q "at work" "$work/sleep.log"
    kill -STOP "$engine"
    sleep 50 # longer than the Lease holds
    kill -USR1 "$(<"$work/forgetful.pid")"
    kill -CONT "$engine"
    k patch configmap asleep -n team-a --type merge -p '{"data":{"word":"by hand"}}' >/dev/null
    check "what changed meanwhile is seen soon after it wakes" eventually 40 is '{.data.word}' ahoy configmap asleep -n team-a
    kill "$engine"
    wait "$engine"
}

need kubernetes etcd kwok
command -v python3 >/dev/null || skip "python3 is missing"
run_parts "dropped refused gone long_list slow sleep types" "$@"
