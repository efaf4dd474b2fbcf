#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: render_bench.sh BUILD: rendering beside the real helm and kustomize, as processes that start, render and end, and
# inside of this program (tiphys_render_bench). BUILD is a build folder with the preset release. The outputs of both sides
# must hold the same number of objects. SIZES: numbers of objects of the large kustomizations (4800 takes the peer minutes). Prints lines of tables. Wants ./dev oracles, ./dev oracles helmengine and the program
# "time".
set -euo pipefail
build=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tiphysctl=$build/bin/tiphysctl
path=$("$root/dev" oracles --path helm kustomize helmengine)
PATH=$path:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck source-path=SCRIPTDIR
. "$root/tests/bench/measure.sh"
# shellcheck source-path=SCRIPTDIR
. "$root/tests/bench/render_workloads.sh"

# measure_starts RUNS COMMAND…: as measure, of one start out of RUNS in a row; the clock of one is too coarse
measure_starts() {
    local runs=$1
    shift
    # shellcheck disable=SC2016
    measure 3 bash -c 'runs=$1; shift; for ((i = 1; i < runs; i++)); do "$@" >/dev/null || exit 2; done; exec "$@"' - "$runs" "$@"
    ms=$(awk -v all="$ms" -v runs="$runs" 'BEGIN { printf "%.1f", all / runs }')
    wall=$(awk -v all="$wall" -v runs="$runs" 'BEGIN { printf "%.1f", all / runs }')
}
objects_in() { grep -c '^kind:' "$scratch/out" || true; }

# side NAME PEER_RUNS OUR_RUNS PEER… -- OURS…
side() {
    local name=$1 peer_runs=$2 our_runs=$3 peer=() wanted found
    shift 3
    while [ "$1" != -- ]; do
        peer+=("$1")
        shift
    done
    shift
    measure_starts "$peer_runs" "${peer[@]}"
    wanted=$(objects_in)
    peer=("$ms" "$wall" "$mb")
    measure_starts "$our_runs" "$@"
    found=$(objects_in)
    [ "$found" = "$wanted" ] || { echo "$name: $found objects instead of $wanted" >&2; exit 1; }
    row "$name, $found objects" "${peer[@]}" "$ms" "$wall" "$mb"
}
kustomization() { side "$1" "$3" "$4" kustomize build "$2" -- "$tiphysctl" render "$2"; } # NAME FOLDER RUNS RUNS
a_chart() { side "$1" "$3" "$4" helm template bench "$2" --include-crds -- "$tiphysctl" render "$2" --name bench; }

w=$scratch/w
kustomize_base "$w/small/base"
kustomize_overlay "$w/small/live" ../base live- patch
kustomize_base "$w/plain/base"
kustomize_overlay "$w/plain/live" ../base live- ""
kustomize_many "$w/many" 200
read -ra sizes <<<"${SIZES:-600 1200 2400 4800}"
for size in "${sizes[@]}"; do
    kustomize_large "$w/large-$size" "$size"
done
chart "$w/usual" usual 20
chart "$w/hundred" hundred 100
chart_crds "$w/crds" 4
chart_umbrella "$w/umbrella" 100
chart_umbrella_library "$w/library" 100
chart_umbrella_usual "$w/twenty" 100

echo "| one process | peer: processor / wall time, memory | tiphysctl render | ratio |"
echo "|---|---|---|---|"
kustomization "kustomize: an overlay with a strategic patch" "$w/small/live" 10 20
kustomization "kustomize: an overlay without" "$w/plain/live" 10 20
kustomization "kustomize: 200 overlays in one build" "$w/many/all" 1 5
for size in "${sizes[@]}"; do
    kustomization "kustomize: $size objects, prefix and label" "$w/large-$size" 1 5
done
a_chart "helm: 20 templates" "$w/usual" 10 20
a_chart "helm: 100 templates" "$w/hundred" 5 10
a_chart "helm: 4 MB of definitions" "$w/crds" 3 5
a_chart "helm: umbrella of 100 charts with tpl" "$w/umbrella" 1 5
a_chart "helm: umbrella of 100 charts that carry a library and render values with tpl" "$w/library" 1 5
a_chart "helm: umbrella of 100 charts of 20 templates that carry a library and render ten values of each object with tpl" "$w/twenty" 1 5
echo
"$build/bench/tiphys_render_bench" "$w/small" live "$w/many" all "$w/large-${sizes[-1]}" . "$w/usual" . "$w/hundred" . "$w/umbrella" . "$w/library" . "$w/twenty" .
echo
helmengine "$w/usual" "$w/hundred" "$w/umbrella" "$w/library" "$w/twenty"
