#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `app logs` against a real API server and what its pods write. Arguments: the parts wanted. TIPHYSCTL names the program
# (default: build/bin/tiphysctl). Exit code 77: skipped, with the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-pod-logs.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"

logs() { ctl app logs "$@"; }
lines() { logs "${@:2}" 2>&1 | tee "$work/lines" | wc -l | grep -qx "$1" || { cat "$work/lines"; return 1; }; } # COUNT ARGUMENTS…
write_line() { echo "$(date -u +%Y-%m-%dT%H:%M:%S.%NZ) stdout F $1" >>"$work/one/log/pod.log"; }

test_start() {
    check "a cluster starts" cluster up || return
    ctl admin install-crds >/dev/null
    check "the type is served" eventually 20 k get applications -A
    k create namespace argocd >/dev/null 2>&1
    k apply -f "$TIPHYS_ROOT/tests/cluster/argocd.yaml" >/dev/null
    repository web
    { deployment web "" "" 2; pair; configmap note; } | manifest web all
    commit web
    create_app web >/dev/null
    check "its pods run" sync_app web
    check "all of them" eventually 20 is '{.items[*].status.phase}' 'Running Running Running' pods -n team-a
}

# A pod with two containers.
pair() {
    cat <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: pair}
spec: {containers: [{name: main, image: example.test/web:1}, {name: side, image: example.test/side:1}]}
---
YAML
}

test_reading() {
    check "every container of every pod, two lines each" lines 8 web
    check "with its name before each line" grep -Eq '^web-[a-z0-9-]+ main: listening on :8080$' "$work/lines"
    check "the second container too" grep -qx 'pair side: ready' "$work/lines"
    check "one container alone" lines 2 web --resource :Pod:pair -c side
    check "which needs no name before it" grep -qx 'ready' "$work/lines"
    check "the last line of those below a Deployment" lines 2 web --resource apps:Deployment:web --tail 1
    check "with times" grep -Eq '^pair side: 20[0-9-]+T[0-9:.]+Z ready$' <(logs web --timestamps)
    check "those before the last restart" grep -q 'cannot go on' <(logs web -p -c main)
    check "nothing is older than what is asked for" lines 0 web --since 1s
    check "a container that no pod has" says 1 "container nowhere is not valid for pod" "no log of application 'web' could be read" -- \
        logs web -c nowhere
    check "a container that only one pod has" says 0 "pair side: " "container side is not valid for pod" -- logs web -c side
}

test_following() {
    KUBECONFIG=$work/one/kubeconfig/admin.yaml XDG_CACHE_HOME=$work/cache "$TIPHYSCTL" app logs web -f \
        --resource apps:Deployment:web --tail 1 >"$work/followed" 2>"$work/trouble" &
    local follower=$! result
    background+=("$follower")
    check "the last lines come at once" eventually 20 both_say ready
    write_line 'a request came'
    check "what is written later comes too, of both pods" eventually 20 both_say 'a request came'
    k scale deployment web -n team-a --replicas 3 >/dev/null
    check "a pod that comes later is followed too" eventually 30 three_pods
    kill -INT "$follower"
    wait "$follower"
    result=$?
    check "Ctrl+C ends it well" test $result = 0
    check "without a complaint" test ! -s "$work/trouble"
}

both_say() { [ "$(grep -c " main: $1\$" "$work/followed")" = 2 ]; }

three_pods() { [ "$(cut -d' ' -f1 "$work/followed" | sort -u | wc -l)" = 3 ]; }

test_refused() {
    check "who may not read logs is told so" says 1 "forbidden" -- ctl_as none app logs argocd/web
}

need kubernetes etcd kwok
run_parts "reading following refused" "$@"
