#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: start_bench.sh TIPHYSCTL [PEER…]: how long short commands take, each the median of 3 rounds of
# STARTS starts (environment, default 100). PEER: other programs, as "kustomize version". Prints lines of a table,
# in milliseconds a start.
set -euo pipefail
tiphysctl=$(realpath "$1")
shift
count=${STARTS:-100}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/measure.sh"

# starts COMMAND: a line for this command, started that many times a round.
starts() {
    measure 3 bash -c "for ((i = 0; i < $count; i++)); do $1 >/dev/null 2>&1; done; true"
    local cpu=$ms real=$wall
    measure 1 bash -c "exec $1"
    awk -v name="${1##*/}" -v cpu="$cpu" -v real="$real" -v mb="$mb" -v n="$count" \
        'BEGIN { printf "| %s | %.1f | %.1f | %s |\n", name, cpu / n, real / n, mb }'
}

echo "| command | processor ms | wall ms | MB |"
echo "|---|---|---|---|"
starts /bin/true
starts "$tiphysctl --version"
starts "$tiphysctl --help"
for peer; do
    starts "$peer"
done
