#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Rollouts side by side with the real controller. `run.sh replay [SCENARIO…]` runs our engine through the scenarios on a
# cluster of its own and compares with what the real controller did; `run.sh record [SCENARIO…]` runs the real one and
# writes that down; `run.sh live [SCENARIO…]` runs both at once, each on a cluster of its own, and compares what they do
# (of all kinds ten, when none is named). Exit code 77: skipped, with the reason.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$here/../../.." && pwd)}
TIPHYSCTL=${TIPHYSCTL:-$TIPHYS_ROOT/build/bin/tiphysctl}
mode=${1:-replay}
shift || true
# Which controllers are at work: `real`, `ours`.
case $mode in
    replay) sides=(ours) ;;
    record) sides=(real) ;;
    live)
        sides=(real ours)
        [ $# -gt 0 ] || set -- analysis-step-fails background-analysis blue-green-pre-promotion canary-abort-retry \
            canary-timed-pause experiment-step istio-weights nginx-weights rollback-window workload-reference
        ;;
    *) echo "run.sh: replay, record or live, not '$mode'" >&2; exit 2 ;;
esac
tools=(kubernetes etcd kwok)
[ "$mode" = replay ] || tools+=(rollouts)

command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
path=$("$TIPHYS_ROOT/dev" oracles --path "${tools[@]}") || { echo "skipped: the real tools are not built (./dev oracles)"; exit 77; }
"$TIPHYS_ROOT/dev" oracles --source rollouts >/dev/null 2>&1 || { echo "skipped: the source of Argo Rollouts is not there"; exit 77; }
[ "$mode" = record ] || [ -x "$TIPHYSCTL" ] || { echo "skipped: $TIPHYSCTL is not built"; exit 77; }
PATH=$path:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-rollouts.XXXXXX")
# cluster SIDE ARGUMENTS
cluster() { "$TIPHYS_ROOT/dev" cluster --dir "$work/$1" "${@:2}"; }
kubeconfig() { echo "$work/$1/kubeconfig/admin.yaml"; }
declare -A controllers=()
finish() {
    local side
    for side in "${sides[@]}"; do
        [ -z "${controllers[$side]:-}" ] || kill -9 "${controllers[$side]}" 2>/dev/null
        cluster "$side" down >/dev/null 2>&1
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# start SIDE: its cluster, with the definitions that scenarios need, and the controller on it
start() {
    local side=$1 log=$work/$1.log definitions=(-f "$here/router_crds.yaml" -f "$here/e2e_crds.yaml")
    cluster "$side" up && cluster "$side" crds || return 1
    kubectl --kubeconfig "$(kubeconfig "$side")" apply --server-side "${definitions[@]}" >"$log" 2>&1 &&
        kubectl --kubeconfig "$(kubeconfig "$side")" wait --for=condition=Established --timeout=60s "${definitions[@]}" >>"$log" 2>&1 ||
        { cat "$log"; return 1; }
    if [ "$side" = real ]; then
        # Quick enough for its events to be there when they are looked for.
        rollouts-controller --kubeconfig "$(kubeconfig real)" --leader-elect=false --metricsPort 0 --healthzPort 18491 \
            --qps 500 --burst 1000 --loglevel warn >"$log" 2>&1 &
    else
        KUBECONFIG=$(kubeconfig ours) XDG_CACHE_HOME=$work/cache "$TIPHYSCTL" engine run --rollouts >"$log" 2>&1 &
    fi
    controllers[$side]=$!
    for _ in $(seq 100); do
        grep -qE "at work|is running" "$log" && break
        sleep 0.2
    done
}

for side in "${sides[@]}"; do
    start "$side" || exit 1
done
arguments=(--kubeconfig "$(kubeconfig "${sides[-1]}")")
[ "$mode" != live ] || arguments+=(--real "$(kubeconfig real)")
python3 "$here/scenarios.py" "$mode" "${arguments[@]}" "$@"
status=$?
for side in "${sides[@]}"; do
    kill -0 "${controllers[$side]}" 2>/dev/null ||
        { echo "the controller ($side) has ended:"; tail -n 20 "$work/$side.log"; status=1; }
done
exit $status
