#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The benchmarks, with the release preset.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev bench}"

usage() {
    cat <<'TEXT'
usage: ./dev bench [--list] [NAME...]

Builds the benchmarks of tests/bench with the release preset and runs them, or those named (yaml, ...). Each prints its
table with its peer beside it. Measure on a quiet machine.
TEXT
}

list=0 names=()
while [ $# -gt 0 ]; do
    case $1 in
        --list) list=1 ;;
        -h | --help) usage; exit 0 ;;
        -*) echo "dev bench: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
        *) names+=("$1") ;;
    esac
    shift
done
mapfile -t known < <(sed -nE 's/^ *add_bench\(([a-z_-]+).*/\1/p' tests/bench/*.cmake | sort)
if [ $list -eq 1 ]; then
    printf '%s\n' "${known[@]}"
    exit 0
fi
[ ${#names[@]} -gt 0 ] || names=("${known[@]}")
targets=()
for name in "${names[@]}"; do
    [[ " ${known[*]} " == *" $name "* ]] || { echo "dev bench: unknown benchmark '$name' (known: ${known[*]})" >&2; exit 2; }
    targets+=("tiphys_${name}_bench")
done
bash tools/dev/build.sh --preset release "${targets[@]}"
failed=0
for name in "${names[@]}"; do
    echo "== $name"
    "build/release/bench/tiphys_${name}_bench" || failed=1
done
exit $failed
