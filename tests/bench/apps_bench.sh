#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: apps_bench.sh TIPHYSCTL: the offline difference of two commits of 1,000 applications (700 kustomizations, 200
# charts, 100 folders of manifests): 20 of them changed, then all. The peer renders what changed with the real kustomize
# and helm at both commits and compares the texts with `diff`. TIPHYS_PEER_ALL=1 lets it do all 1,000 too (minutes).
# Prints lines of a table. Wants ./dev oracles and the program "time".
set -euo pipefail
tiphysctl=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
path=$("$root/dev" oracles --path helm kustomize)
PATH=$path:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck source-path=SCRIPTDIR
. "$root/tests/bench/measure.sh"
# shellcheck source-path=SCRIPTDIR
. "$root/tests/bench/render_workloads.sh"

repo=$scratch/repo
git init -q "$repo"
git -C "$repo" config gc.auto 0
kustomize_base "$scratch/kustomization/base"
kustomize_overlay "$scratch/kustomization/live" ../base live- patch
chart "$scratch/chart" web 20
mkdir -p "$scratch/plain" "$repo/apps"
deployment_text web >"$scratch/plain/deployment.yaml"
for ((i = 0; i < 1000; i++)); do
    if ((i < 700)); then cp -r "$scratch/kustomization" "$repo/apps/app-$i"
    elif ((i < 900)); then cp -r "$scratch/chart" "$repo/apps/app-$i"
    else cp -r "$scratch/plain" "$repo/apps/app-$i"; fi
done
# source_of N: where the application's source stands below its folder
source_of() { (($1 < 700)) && echo "/live" || true; }
applications() {
    local i
    for ((i = 0; i < 1000; i++)); do
        echo ---
        printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app-%s, namespace: argocd}\nspec:\n  project: default\n  source: {repoURL: "file://%s", path: apps/app-%s%s, targetRevision: HEAD}\n  destination: {server: "https://kubernetes.default.svc", namespace: live}\n' \
            "$i" "$repo" "$i" "$(source_of "$i")"
    done
}
applications >"$repo/applications.yaml"
commit() {
    git -C "$repo" add -A
    git -C "$repo" -c user.name=bench -c user.email=bench@example.com commit -qm "$1"
    git -C "$repo" tag "$1"
}
# change N: one file of the application gets another value
change() {
    if (($1 < 700)); then sed -i "s/replicas: 5/replicas: 6/" "$repo/apps/app-$1/live/patch.yaml"
    elif (($1 < 900)); then sed -i "s/replicaCount: 2/replicaCount: 3/" "$repo/apps/app-$1/values.yaml"
    else sed -i "s/replicas: 2/replicas: 3/" "$repo/apps/app-$1/deployment.yaml"; fi
}
some=$(seq 0 50 999)
all=$(seq 0 999)
commit first
for i in $some; do change "$i"; done
commit some
for i in $all; do change "$i"; done
commit all
git -C "$repo" gc -q

render_one() { # CHECKOUT N
    if (($2 < 700)); then kustomize build "$1/apps/app-$2/live"
    elif (($2 < 900)); then helm template "app-$2" "$1/apps/app-$2" -n live
    else cat "$1/apps/app-$2/deployment.yaml"; fi
}
peer() { # NEW NUMBERS…
    local new=$1 i
    shift
    rm -rf "$scratch/a" "$scratch/b"
    mkdir "$scratch/a" "$scratch/b"
    git -C "$repo" archive first | tar -xC "$scratch/a"
    git -C "$repo" archive "$new" | tar -xC "$scratch/b"
    for i; do
        diff -u <(render_one "$scratch/a" "$i") <(render_one "$scratch/b" "$i") || true
    done
}
export -f peer render_one
export scratch repo

echo "| 1,000 applications | kustomize, helm, diff -u | tiphysctl diff | ratio |"
echo "|---|---|---|---|"
for case in some all; do
    numbers=$some
    [ $case = some ] || numbers=$all
    count=$(wc -w <<<"$numbers")
    peer=(0 0 0)
    if [ $case = some ] || [ -n "${TIPHYS_PEER_ALL:-}" ]; then
        # shellcheck disable=SC2086
        measure 1 bash -c 'peer "$@"' - $case $numbers
        peer=("$ms" "$wall" "$mb")
    fi
    measure 5 "$tiphysctl" diff first $case --repo "$repo"
    found=$(grep -cE '^\+ +replicas: ' "$scratch/out" || true)
    [ "$found" -ge "$count" ] || { echo "$found changed Deployments instead of $count" >&2; exit 1; }
    row "$count changed" "${peer[@]}" "$ms" "$wall" "$mb"
done
