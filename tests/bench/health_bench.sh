#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: health_bench.sh BENCH [SCRIPTS]: health checks (BENCH is tiphys_health_bench), and the same objects judged as Argo CD
# does, each by its script in a fresh gopher-lua. SCRIPTS is resource_customizations of a checkout of Argo CD; without it there
# is no peer. Prints lines of a table.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
kinds=$root/tests/data/health/kinds
"$1" "$kinds"
if [ -z "${2:-}" ]; then
    echo "health_bench: no scripts of Argo CD given, nothing beside" >&2
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$root/tests/oracles/luahealth" && go build -o "$scratch/luahealth" .)
"$1" "$kinds" --objects | "$scratch/luahealth" "$2" -bench | while read -r judged nanoseconds; do
    awk -v n="$nanoseconds" -v j="$judged" 'BEGIN { printf "| %d of them with a script, gopher-lua | %.1f us each | |\n", j, n / 1000 }'
done
