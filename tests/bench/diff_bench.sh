#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: diff_bench.sh TIPHYSCTL [SIZE…]: the offline difference of two commits of a made repository, beside
# `git archive` of both and `diff -ru`. SIZE: numbers of applications (a folder with a Deployment, a Service and a
# ConfigMap each). Prints lines of a table: processor / wall time and peak memory of the peer and of tiphysctl.
set -euo pipefail
tiphysctl=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- 125 250 500 1000
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/measure.sh"

# manifests FROM TO IMAGE LABEL: the applications of these numbers, in apps/.
manifests() {
    local n ns
    for ((n = $1; n < $2; n++)); do
        ns=team-$((n % 50))
        mkdir -p "$repo/apps/app-$n"
        cat >"$repo/apps/app-$n/deployment.yaml" <<YAML
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-$n
  namespace: $ns
  labels:
    app.kubernetes.io/name: app-$n
    release: "$4"
spec:
  replicas: $((n % 7 + 1))
  selector:
    matchLabels:
      app.kubernetes.io/name: app-$n
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-$n
    spec:
      containers:
      - name: main
        image: registry.example.com/shop/app-$n:$3
        args: ["--port=8080", "--log-level=info"]
        env:
        - name: REGION
          value: eu-central-1
        ports:
        - containerPort: 8080
          name: http
        resources:
          limits:
            memory: 512Mi
          requests:
            cpu: 100m
            memory: 256Mi
YAML
        cat >"$repo/apps/app-$n/service.yaml" <<YAML
apiVersion: v1
kind: Service
metadata:
  name: app-$n
  namespace: $ns
spec:
  selector:
    app.kubernetes.io/name: app-$n
  ports:
  - name: http
    port: 80
    targetPort: http
YAML
        cat >"$repo/apps/app-$n/config.yaml" <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: app-$n
  namespace: $ns
data:
  level: info
  number: "$n"
YAML
    done
}

# commit NAME: everything as a commit with this tag.
commit() {
    git -C "$repo" add -A
    git -C "$repo" -c user.name=bench -c user.email=bench@example.com commit -qm "$1"
    git -C "$repo" tag "$1"
}

# The peer: both trees on disk, then a text difference of all files.
peer() {
    rm -rf "$scratch/a" "$scratch/b"
    mkdir "$scratch/a" "$scratch/b"
    git -C "$repo" archive "$1" | tar -xC "$scratch/a"
    git -C "$repo" archive "$2" | tar -xC "$scratch/b"
    diff -ru "$scratch/a" "$scratch/b"
}
export -f peer
export scratch repo

echo "| difference of two commits | git archive, tar, diff -ru | tiphysctl diff | ratio |"
echo "|---|---|---|---|"
for size; do
    repo=$scratch/repo-$size
    git init -q "$repo"
    manifests 0 "$size" v1 old
    commit first
    manifests 0 20 v2 old
    commit some
    manifests 0 "$size" v2 new
    commit all
    git -C "$repo" gc -q
    for change in some all; do
        measure 3 bash -c "peer first $change"
        peer=("$ms" "$wall" "$mb")
        measure 5 "$tiphysctl" diff first "$change" --repo "$repo"
        changed=$([ "$change" = all ] && echo "$size" || echo 20)
        found=$(grep -cE "^\+ +image: " "$scratch/out" || true)
        [ "$found" = "$changed" ] || { echo "$found changed images instead of $changed" >&2; exit 1; }
        row "$size applications, $changed changed" "${peer[@]}" "$ms" "$wall" "$mb"
    done
done
