#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The end-to-end suite of Argo Rollouts, unchanged, on a test cluster whose pods are played (pod_player.py):
#   e2e.sh ours|real [--all] [--at-once N] [--write FILE] [TEST…]
# `ours` has Tiphys' engine in the controller's place, `real` the controller itself. What is expected of each test stands in
# e2e.tsv. Needs Go and the source of Argo Rollouts (./dev oracles rollouts). Exit code 77: skipped, with the reason.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$here/../../.." && pwd)}
TIPHYSCTL=${TIPHYSCTL:-$TIPHYS_ROOT/build/bin/tiphysctl}
instance=argo-rollouts-e2e
mode=${1:-ours}
shift || true
tools=(kubernetes etcd kwok)
[ "$mode" != real ] || tools+=(rollouts)

command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
path=$("$TIPHYS_ROOT/dev" oracles --path "${tools[@]}") || { echo "skipped: the real tools are not built (./dev oracles)"; exit 77; }
source=$("$TIPHYS_ROOT/dev" oracles --source rollouts 2>/dev/null) || { echo "skipped: the source of Argo Rollouts is not there"; exit 77; }
[ "$mode" = real ] || [ -x "$TIPHYSCTL" ] || { echo "skipped: $TIPHYSCTL is not built"; exit 77; }
PATH=$path:$PATH:/usr/local/go/bin
command -v go >/dev/null || { echo "skipped: no Go toolchain"; exit 77; }

# --- the suite's program, built once; with the flags of ./dev oracles, so that little is left to compile

kept=${TIPHYS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tiphys}/rollouts-e2e/$(basename "$source")
build() { # PROGRAM ARGUMENTS…
    local program=$1
    shift
    [ -x "$kept/$program" ] || (cd "$source" && CGO_ENABLED=0 GOTOOLCHAIN=auto go "${@:1:1}" -trimpath -buildvcs=false -ldflags "-s -w" \
        -o "$kept/$program" "${@:2}")
}
mkdir -p "$kept"
build e2e.test test -c -vet=off -tags e2e ./test/e2e || { echo "skipped: the suite cannot be built"; exit 77; }

# --- a cluster whose pods are played

work=${TIPHYS_KEEP:-$(mktemp -d "${TMPDIR:-/tmp}/tiphys-e2e.XXXXXX")}
mkdir -p "$work"
cluster() { "$TIPHYS_ROOT/dev" cluster --dir "$work/one" "$@"; }
background=()
finish() {
    local pid
    for pid in "${background[@]}"; do
        kill -9 -- "-$pid" 2>/dev/null
    done
    cluster down >/dev/null 2>&1
    [ -n "${TIPHYS_KEEP:-}" ] || rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

cluster up --without-pods && cluster crds || exit 1
export KUBECONFIG=$work/one/kubeconfig/admin.yaml
for file in "$source"/test/e2e/crds/{istio,apisix}.yaml "$here/e2e_crds.yaml"; do
    kubectl apply --server-side -f "$file" >/dev/null || exit 1
done
# In a session of its own, so that what it starts ends with it.
run_beside() { # LOG COMMAND…
    setsid "${@:2}" >"$1" 2>&1 </dev/null &
    background+=("$!")
}
run_beside "$work/pods.log" python3 "$here/pod_player.py" --kubeconfig "$KUBECONFIG"

# The suite applies hundreds of objects by kubectl: without looking up the schemas of all kinds each time.
mkdir -p "$work/bin"
cat >"$work/bin/kubectl" <<SHELL
#!/bin/sh
[ "\$1" = apply ] || exec $(command -v kubectl) "\$@"
shift
exec $(command -v kubectl) apply --validate=false --openapi-patch=false "\$@"
SHELL
chmod +x "$work/bin/kubectl"
PATH=$work/bin:$PATH

# --- what is tested

if [ "$mode" = real ]; then
    build plugin-bin/e2e-step-plugin build ./test/cmd/step-plugin-e2e || exit 1
    kubectl create namespace argo-rollouts >/dev/null
    kubectl apply -f "$source/test/e2e/step-plugin/argo-rollouts-config.yaml" >/dev/null
    # It keeps its plugins beside itself.
    mkdir -p "$work/plugin-bin" && cp "$kept/plugin-bin/e2e-step-plugin" "$work/plugin-bin/" && cd "$work" || exit 1
    run_beside "$work/controller.log" rollouts-controller --kubeconfig "$KUBECONFIG" --instance-id $instance --leader-elect=false \
        --healthzPort 18492 --loglevel info
else
    XDG_CACHE_HOME=$work/cache run_beside "$work/controller.log" "$TIPHYSCTL" engine run --instance-id $instance
fi
controller=$!
for _ in $(seq 100); do
    grep -qE "at work|is running|Started controller" "$work/controller.log" && break
    sleep 0.2
done
ended() { ! kill -0 "$controller" 2>/dev/null && echo "the controller has ended:" && tail -n 20 "$work/controller.log"; }
ended && exit 1
python3 "$here/e2e.py" --kubeconfig "$KUBECONFIG" --program "$kept/e2e.test" --source "$source" --work "$work" "$@"
status=$?
ended && status=1
exit $status
