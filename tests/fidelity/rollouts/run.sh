#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Rollouts side by side with the real controller: `run.sh replay [SCENARIO…]` runs our engine through the scenarios on a
# cluster of its own and compares with what the real controller did; `run.sh record [SCENARIO…]` runs the real one and
# writes that down. Exit code 77: skipped, with the reason.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$here/../../.." && pwd)}
TIPHYSCTL=${TIPHYSCTL:-$TIPHYS_ROOT/build/bin/tiphysctl}
mode=${1:-replay}
shift || true
tools=(kubernetes etcd kwok)
[ "$mode" != record ] || tools+=(rollouts)

command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
path=$("$TIPHYS_ROOT/dev" oracles --path "${tools[@]}") || { echo "skipped: the real tools are not built (./dev oracles)"; exit 77; }
"$TIPHYS_ROOT/dev" oracles --source rollouts >/dev/null 2>&1 || { echo "skipped: the source of Argo Rollouts is not there"; exit 77; }
[ "$mode" = record ] || [ -x "$TIPHYSCTL" ] || { echo "skipped: $TIPHYSCTL is not built"; exit 77; }
PATH=$path:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-rollouts.XXXXXX")
cluster() { "$TIPHYS_ROOT/dev" cluster --dir "$work/one" "$@"; }
controller=
finish() {
    [ -z "$controller" ] || kill -9 "$controller" 2>/dev/null
    cluster down >/dev/null 2>&1
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

cluster up && cluster crds || exit 1
kubeconfig=$work/one/kubeconfig/admin.yaml
definitions=(-f "$here/router_crds.yaml" -f "$here/e2e_crds.yaml")
kubectl --kubeconfig "$kubeconfig" apply --server-side "${definitions[@]}" >"$work/crds.log" 2>&1 &&
    kubectl --kubeconfig "$kubeconfig" wait --for=condition=Established --timeout=60s "${definitions[@]}" >>"$work/crds.log" 2>&1 ||
    { cat "$work/crds.log"; exit 1; }
if [ "$mode" = record ]; then
    # Quick enough for its events to be there when they are looked for.
    rollouts-controller --kubeconfig "$kubeconfig" --leader-elect=false --metricsPort 0 --healthzPort 18491 \
        --qps 500 --burst 1000 --loglevel warn >"$work/controller.log" 2>&1 &
else
    KUBECONFIG=$kubeconfig XDG_CACHE_HOME=$work/cache "$TIPHYSCTL" engine run --rollouts >"$work/controller.log" 2>&1 &
fi
controller=$!
for _ in $(seq 100); do
    grep -qE "at work|is running" "$work/controller.log" && break
    sleep 0.2
done
python3 "$here/scenarios.py" "$mode" --kubeconfig "$kubeconfig" "$@"
status=$?
kill -0 "$controller" 2>/dev/null || { echo "the controller has ended:"; tail -n 20 "$work/controller.log"; status=1; }
exit $status
