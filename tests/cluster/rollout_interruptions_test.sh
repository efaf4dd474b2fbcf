#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Long ways of Rollouts whose engine is killed, and whose API server is restarted, after one write after the other: the same
# end as without. TIPHYS_DEEP=1 interrupts each copy after each of its writes; else the copies share them. TIPHYSCTL names
# the program. Exit code 77: skipped, with the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-interruptions.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"

need kubernetes etcd kwok
need_rollouts
command -v python3 >/dev/null || skip "python3 is missing"

interrupt() { # kill|api COPIES STRIDE
    KUBECONFIG=$work/one/kubeconfig/admin.yaml XDG_CACHE_HOME=$work/cache python3 "$TIPHYS_ROOT/tests/fidelity/rollouts/interruptions.py" "$1" \
        --kubeconfig "$work/one/kubeconfig/admin.yaml" --audit "$(cluster audit)" --log "$work/$1.log" \
        --restart-api "$TIPHYS_ROOT/dev cluster --dir $work/one restart-api" --copies "$2" --stride "$3" -- "$TIPHYSCTL" engine run --rollouts
}

check "a cluster starts" cluster up || exit 1
check "it gets the types" cluster crds || exit 1
deep=${TIPHYS_DEEP:-0}
# One run prints its own lines: what is known of each copy.
run() { # SENTENCE kill|api COPIES STRIDE
    echo "$1:"
    if interrupt "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
run "kill -9 of the engine" kill $([ "$deep" = 1 ] && echo "2 1" || echo "4 4")
run "restarts of the API server" api $([ "$deep" = 1 ] && echo "4 4" || echo "1 12")
closing
