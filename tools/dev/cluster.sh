#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A real Kubernetes cluster on loopback, without containers: its parts are processes of this user.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./dev cluster COMMAND [--name NAME | --dir DIR] [--only-api | --without-pods]

  up [--only-api]        start a fresh cluster (or leave a healthy one alone);
                         --only-api: etcd and API server alone, for cheap destination clusters
                         --without-pods: somebody else plays what pods do
  down                   end every process of the cluster; its log directory stays
  status                 each process and address; exit code 0 only when all is healthy
  kubeconfig [IDENTITY]  print the path of a kubeconfig: admin, readonly, editor (namespace team-a only), none
  kubectl ARGUMENTS      the cluster's kubectl as admin (options of this script before the word kubectl)
  audit                  print the path of the audit log (JSON lines; writes with their bodies)
  stop-api | start-api | restart-api
                         kill the API server (-9), start it on the same port, or both
  crds                   apply the custom resource definitions of Argo CD, and of Argo Rollouts where its source is at hand
  argocd up | down       run Argo CD's repo server and application controller, with redis, on this cluster

  --name NAME   which cluster (default: default); its state is in the cache directory, under cluster/NAME
  --dir DIR     its state is in DIR instead
Exit codes: 1 failed or not healthy, 2 wrong arguments, 3 a needed program is not there.
TEXT
}

fail() { echo "dev cluster: $1" >&2; exit "${2:-1}"; }

here=$TIPHYS_ROOT/tools/dev
files=$TIPHYS_ROOT/tests/cluster
name=default state="" only_api=0 pods=1 words=()
while [ $# -gt 0 ]; do
    case $1 in
        --name | --dir)
            [ $# -ge 2 ] || fail "$1 wants a value" 2
            if [ "$1" = --name ]; then name=$2; else state=$2; fi
            shift
            ;;
        --name=*) name=${1#*=} ;;
        --dir=*) state=${1#*=} ;;
        --only-api) only_api=1 ;;
        --without-pods) pods=0 ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; fail "unknown argument '$1'" 2 ;;
        kubectl) words+=("$@"); break ;;
        *) words+=("$1") ;;
    esac
    shift
done
[ ${#words[@]} -gt 0 ] || { usage >&2; exit 2; }
[[ $name =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ ]] || fail "the name '$name' is not of lower-case letters, digits and '-'" 2
state=${state:-${TIPHYS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tiphys}/cluster/$name}
state=$(realpath -m "$state")

# shellcheck source-path=SCRIPTDIR
for part in process identity control_plane argocd; do
    . "$here/cluster/$part.sh"
done

# Tests ask often for paths: these answers need no program and no lock.
require_cluster() {
    [ -e "$state/$marker" ] || fail "there is no cluster in $state (run ./dev cluster up)"
}

case ${words[0]} in
    up)
        if [ $only_api -eq 1 ]; then require_tools kubernetes etcd; else require_tools kubernetes etcd kwok; fi
        with_lock
        cluster_up
        ;;
    down)
        [ -e "$state/$marker" ] || { echo "cluster: nothing is running in $state"; exit 0; }
        with_lock
        cluster_down
        ;;
    status) require_cluster; require_tools kubernetes; cluster_status ;;
    kubeconfig) require_cluster; print_kubeconfig "${words[1]:-admin}" ;;
    kubectl) require_cluster; require_tools kubernetes; kubectl "${words[@]:1}" ;;
    audit) require_cluster; echo "$state/log/audit.log" ;;
    stop-api) require_cluster; with_lock; stop_process kube-apiserver KILL ;;
    start-api) require_cluster; require_tools kubernetes; with_lock; start_api_again ;;
    restart-api) require_cluster; require_tools kubernetes; with_lock; stop_process kube-apiserver KILL; start_api_again ;;
    crds) require_cluster; require_tools kubernetes; apply_crds ;;
    argocd)
        require_cluster
        case ${words[1]:-} in
            up) require_tools kubernetes; with_lock; argocd_up ;;
            down) with_lock; argocd_down ;;
            *) fail "argocd wants up or down" 2 ;;
        esac
        ;;
    *) usage >&2; fail "unknown command '${words[0]}'" 2 ;;
esac
