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

# manifests COUNT IMAGE LABEL: the applications 0 to COUNT - 1, in apps/. One process writes all of them: one for each file
# takes longer than everything that is measured.
manifests() {
    seq -f "$repo/apps/app-%.0f" 0 $(($1 - 1)) | xargs mkdir -p
    awk -v count="$1" -v image="$2" -v label="$3" -v repo="$repo" '
    function document(path, kind, version, name, ns, rest) {
        printf "apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n  namespace: %s\n%s", version, kind, name, ns, rest >path
        close(path)
    }
    BEGIN {
        for (n = 0; n < count; n++) {
            name = "app-" n
            ns = "team-" (n % 50)
            folder = repo "/apps/" name "/"
            named = "app.kubernetes.io/name: " name "\n"
            document(folder "deployment.yaml", "Deployment", "apps/v1", name, ns, \
                "  labels:\n    " named "    release: \"" label "\"\nspec:\n  replicas: " (n % 7 + 1) "\n  selector:\n" \
                "    matchLabels:\n      " named "  template:\n    metadata:\n      labels:\n        " named \
                "    spec:\n      containers:\n      - name: main\n        image: registry.example.com/shop/" name ":" image "\n" \
                "        args: [\"--port=8080\", \"--log-level=info\"]\n        env:\n        - name: REGION\n" \
                "          value: eu-central-1\n        ports:\n        - containerPort: 8080\n          name: http\n" \
                "        resources:\n          limits:\n            memory: 512Mi\n          requests:\n            cpu: 100m\n" \
                "            memory: 256Mi\n")
            document(folder "service.yaml", "Service", "v1", name, ns, \
                "spec:\n  selector:\n    " named "  ports:\n  - name: http\n    port: 80\n    targetPort: http\n")
            document(folder "config.yaml", "ConfigMap", "v1", name, ns, "data:\n  level: info\n  number: \"" n "\"\n")
        }
    }'
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
    # Else Git packs in the background, and in the middle of what is measured.
    git -C "$repo" config gc.auto 0
    manifests "$size" v1 old
    commit first
    manifests 20 v2 old
    commit some
    manifests "$size" v2 new
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
