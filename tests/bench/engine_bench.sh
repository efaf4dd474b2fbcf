#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: engine_bench.sh TIPHYSCTL [SIZE…]: one engine with SIZE Applications of one local repository (a Deployment, a
# Service and a ConfigMap each, 50 namespaces) on a real API server of its own. Measures four parts of its work: comparing
# all, syncing all, a minute with nothing to do, and a commit that changes 20. Prints lines of a table.
# TIPHYS_PEER=1 lets the real Argo CD do the same first, on the same machine and a cluster of its own.
# Seconds are until `kubectl` sees the result, looked for about every second, so they are not exact; processor time and memory are of the
# engine's process alone (for the peer: application controller and repository server); requests are those that the API
# server has in its audit log.
set -euo pipefail
tiphysctl=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- 125 250 500 1000
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools=(kubernetes etcd kwok)
[ -z "${TIPHYS_PEER:-}" ] || tools+=(argocd kustomize helm)
path=$("$root/dev" oracles --path "${tools[@]}")
PATH=$path:$PATH
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-scale.XXXXXX")
namespaces=50
changed=20
idle=${TIPHYS_IDLE_SECONDS:-60}
deadline=${TIPHYS_DEADLINE_SECONDS:-1800}
pids=()

cluster() { "$root/dev" cluster --dir "$scratch/cluster" "$@"; }
k() { kubectl --kubeconfig "$scratch/cluster/kubeconfig/admin.yaml" --cache-dir "$scratch/kubectl-cache" "$@"; }
stop_engine() {
    [ ${#pids[@]} -eq 0 ] || [ "$who" != tiphys ] || { kill "${pids[@]}" && wait "${pids[@]}" || true; } 2>/dev/null
    pids=()
}
finish() {
    stop_engine
    cluster down >/dev/null 2>&1 || true
    [ -n "${TIPHYS_KEEP:-}" ] && echo "kept $scratch" >&2 || rm -rf "$scratch"
}
who=none
trap finish EXIT
trap 'exit 1' INT TERM

# manifests FROM TO WORD: the files of these applications
manifests() {
    seq -f "$repository/app-%.0f" "$1" $(($2 - 1)) | xargs mkdir -p
    awk -v from="$1" -v to="$2" -v word="$3" -v folder="$repository" '
    BEGIN {
        for (n = from; n < to; n++) {
            name = "app-" n
            path = folder "/" name "/all.yaml"
            printf "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: %s\n  labels: {app: %s}\nspec:\n" \
                "  replicas: 1\n  selector: {matchLabels: {app: %s}}\n  template:\n    metadata: {labels: {app: %s}}\n" \
                "    spec:\n      containers:\n      - name: main\n        image: registry.example.com/shop/%s:v1\n" \
                "        ports: [{name: http, containerPort: 8080}]\n        resources:\n" \
                "          requests: {cpu: 10m, memory: 8Mi}\n---\n", name, name, name, name, name >path
            printf "apiVersion: v1\nkind: Service\nmetadata:\n  name: %s\nspec:\n  clusterIP: None\n  selector: {app: %s}\n" \
                "  ports: [{name: http, port: 80, targetPort: http}]\n---\n", name, name >path
            printf "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %s\ndata: {level: info, word: \"%s\"}\n", name, word >path
            close(path)
        }
    }'
}

commit() {
    git -C "$repository" add -A
    git -C "$repository" -c user.name=bench -c user.email=bench@example.com commit -qm change
}

# applications SIZE [WITH]: as JSON lines of a List
applications() {
    seq 0 $(($1 - 1)) | jq -n --arg url "file://$repository" --argjson spaces $namespaces --argjson more "${2:-null}" '
        {apiVersion: "v1", kind: "List", items: [inputs | . as $n | {
            apiVersion: "argoproj.io/v1alpha1", kind: "Application",
            metadata: {name: "app-\($n)", namespace: "argocd"},
            spec: {project: "default", source: {repoURL: $url, targetRevision: "main", path: "app-\($n)"},
                destination: {server: "https://kubernetes.default.svc", namespace: "team-\($n % $spaces)"}}}
            + ($more // {})]}'
}

# how_many FILTER: Applications for which it is so
how_many() { k get applications -n argocd -o json | jq "[.items[] | select($1)] | length"; }

# --- measuring

audit() { cluster audit; }
ticks() { # processor time of the engine so far, in milliseconds
    local pid sum=0 fields
    for pid in "${pids[@]}"; do
        fields=$(cat "/proc/$pid/stat") && fields=${fields##*) } && read -ra fields <<<"$fields"
        sum=$((sum + (fields[11] + fields[12]) * 1000 / $(getconf CLK_TCK)))
    done
    echo $sum
}
peak() { # memory in MB, the largest so far, of all its processes
    local pid sum=0
    for pid in "${pids[@]}"; do
        sum=$((sum + $(awk '/^VmHWM/ {print int($2 / 1024)}' "/proc/$pid/status")))
    done
    echo $sum
}
begin() {
    began=$(date +%s.%N)
    ticks_before=$1
    audit_before=$(wc -l <"$(audit)")
}
# end NAME: a line of the table
end() {
    local seconds milliseconds requests
    seconds=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN {printf "%.1f", b - a}')
    milliseconds=$(($(ticks) - ticks_before))
    requests=$(tail -n +$((audit_before + 1)) "$(audit)" | grep -cE "\"userAgent\":\"$agent" || true)
    echo "| $size | $1 | $who | $seconds s | $(awk -v m=$milliseconds 'BEGIN {printf "%.1f", m / 1000}') s | $(peak) MB | $requests |"
}
# wait_for COUNT FILTER
wait_for() {
    local until=$((SECONDS + deadline)) got=0
    until got=$(how_many "$2") && [ "$got" -ge "$1" ]; do
        [ $SECONDS -lt $until ] || { echo "only $got of $1 in $deadline s: $2" >&2; return 1; }
        sleep 1
    done
}

start_tiphys() {
    agent=tiphys
    KUBECONFIG=$scratch/cluster/kubeconfig/admin.yaml XDG_CACHE_HOME=$scratch/cache \
        "$tiphysctl" engine run 2>"$scratch/engine.log" &
    pids=($!)
}
start_argocd() {
    agent=argocd-
    cluster argocd up >/dev/null
    mapfile -t pids < <(cut -d' ' -f1 "$scratch"/cluster/run/argocd-{application-controller,repo-server}.pid)
}

# parts SIZE: all of it once
parts() {
    size=$1
    repository=$scratch/repository-$who-$size
    rm -rf "$scratch/cluster" "$scratch/cache"
    git init -q -b main "$repository"
    git -C "$repository" config gc.auto 0
    manifests 0 "$size" ahoy
    commit
    cluster up >/dev/null
    KUBECONFIG=$scratch/cluster/kubeconfig/admin.yaml "$tiphysctl" admin install-crds >/dev/null
    seq 0 $((namespaces - 1)) | jq -n '{apiVersion: "v1", kind: "List", items: [inputs |
        {apiVersion: "v1", kind: "Namespace", metadata: {name: "team-\(.)"}}]}' | k create -f - >/dev/null
    k create namespace argocd >/dev/null 2>&1 || true
    # The peer needs its settings before it starts, and gets the applications after; the engine reads them as it starts.
    if [ "$who" = argocd ]; then
        start_argocd
        begin "$(ticks)"
        applications "$size" | k create -f - >/dev/null
    else
        applications "$size" | k create -f - >/dev/null
        begin 0
        start_tiphys
    fi
    wait_for "$size" '.status.sync.status == "OutOfSync"'
    end "compare all"
    begin "$(ticks)"
    applications "$size" '{"operation": {"sync": {"revision": "main"}, "initiatedBy": {"username": "bench"}}}' |
        k apply --server-side --field-manager bench --force-conflicts -f - >/dev/null
    wait_for "$size" '.status.operationState.phase == "Succeeded" and .status.sync.status == "Synced"
        and .status.health.status == "Healthy" and .operation == null'
    end "sync all until healthy"
    begin "$(ticks)"
    sleep "$idle"
    end "nothing to do, $idle s"
    manifests 0 $changed yohoho
    commit
    begin "$(ticks)"
    k annotate applications --all -n argocd argocd.argoproj.io/refresh=normal >/dev/null
    wait_for $changed '.status.sync.status == "OutOfSync"'
    wait_for "$size" '.metadata.annotations["argocd.argoproj.io/refresh"] == null'
    end "a commit, $changed changed"
    stop_engine
    cluster down >/dev/null 2>&1 || true
}

echo "machine: $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "| applications | work | by | time | processor time | memory | requests |"
echo "|---|---|---|---|---|---|---|"
for size; do
    if [ -n "${TIPHYS_PEER:-}" ]; then
        who=argocd
        parts "$size"
    fi
    who=tiphys
    parts "$size"
done
