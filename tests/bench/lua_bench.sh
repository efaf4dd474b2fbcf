#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: lua_bench.sh BENCH [TIMES]: scripts of users in a kept interpreter (BENCH is tiphys_lua_bench), and the same in the
# interpreter that Argo CD uses, which starts anew for each. Prints lines of a table.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
# The peer is small and built here: it is no tool that other tests use.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$root/tests/oracles/lua" && go build -o "$scratch/lua" .)
"$1"
"$1" --requests | "$scratch/lua" -bench "${2:-2000}" | while read -r line; do
    nanoseconds=${line//[!0-9]/}
    awk -v n="$nanoseconds" 'BEGIN { printf "| the same, gopher-lua | %.1f us |\n", n / 1000 }'
done
