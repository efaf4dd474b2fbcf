#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: paint_bench.sh BENCH TIPHYSCTL: from the start of the desktop program to the first painted list of the demo
# cluster's applications (BENCH is tiphys_paint_bench, drawn offscreen): as last seen, and live; beside `kubectl get` of
# the same list. The demo is another process. Medians of nine. Prints lines of a table.
set -euo pipefail
bench=$(realpath "$1")
tiphysctl=$(realpath "$2")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PATH=$("$root/dev" oracles --path kubernetes):$PATH
scratch=$(mktemp -d)
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/measure.sh"
"$tiphysctl" demo --port 0 >"$scratch/demo" &
demo=$!
trap 'kill $demo; rm -rf "$scratch"' EXIT
until grep -q kubeconfig "$scratch/demo"; do sleep 0.1; done
kubeconfig=$(sed -n 's/^kubeconfig: //p' "$scratch/demo")
export QT_QPA_PLATFORM=offscreen
measure 9 kubectl --kubeconfig "$kubeconfig" --cache-dir "$scratch/cache" get applications.argoproj.io -A
peer=("$ms" "$wall" "$mb")
mkdir "$scratch/program"
"$bench" "$kubeconfig" demo "$scratch/program" leave 2>/dev/null
for list in seen live; do
    code=0
    "$bench" "$kubeconfig" demo "$scratch/program" "$list" 2>/dev/null || code=$?
    [ "$code" = 0 ] || { echo "the list that was painted is not the one $list: $code" >&2; exit 1; }
    measure 9 "$bench" "$kubeconfig" demo "$scratch/program" "$list"
    row "first painted list ($list) of the demo's applications, beside kubectl get" "${peer[@]}" "$ms" "$wall" "$mb"
done
