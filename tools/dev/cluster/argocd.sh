# SPDX-License-Identifier: GPL-3.0-or-later
# The real Argo CD on the test cluster: redis, repo server and application controller as processes. The custom
# resource definitions come from the sources that were built.
# shellcheck shell=bash disable=SC2154

argocd_processes=(argocd-application-controller argocd-repo-server redis)

source_of() { "$BASH" "$here/oracles.sh" --source "$1"; }

apply_crds() {
    local source definitions=()
    source=$(source_of argocd) || exit 3
    for kind in application appproject applicationset; do
        definitions+=(-f "$source/manifests/crds/$kind-crd.yaml")
    done
    if source=$(source_of rollouts 2>/dev/null); then
        for kind in rollout analysis-run analysis-template cluster-analysis-template experiment; do
            definitions+=(-f "$source/manifests/crds/$kind-crd.yaml")
        done
    else
        echo "cluster: without the definitions of Argo Rollouts, whose source is not at hand" >&2
    fi
    # Server-side: client-side apply would store each of these large documents a second time, in an annotation.
    kubectl apply --server-side --force-conflicts --validate=false "${definitions[@]}" >"$state/log/crds.log" ||
        fail "the custom resource definitions could not be applied"
    kubectl wait --for=condition=Established --timeout=60s "${definitions[@]}" >>"$state/log/crds.log" ||
        fail "the custom resource definitions were not established"
    echo "cluster: custom resource definitions applied"
}

repo_server_answers() { answers "$repo_server_metrics_port" /healthz; }
controller_answers() { answers "$controller_metrics_port" /healthz; }
redis_answers() {
    exec 3<>"/dev/tcp/127.0.0.1/$redis_port" || return 1
    echo PING >&3
    read -r -t 5 -u 3 answer
    [[ $answer == +PONG* ]]
}
redis_is_ready() { (redis_answers) 2>/dev/null; }

argocd_up() {
    local process running=0
    for process in "${argocd_processes[@]}"; do
        ! is_alive "$process" || running=$((running + 1))
    done
    if [ $running -eq ${#argocd_processes[@]} ]; then
        echo "cluster: Argo CD is already up"
        return
    fi
    is_alive kube-controller-manager || fail "Argo CD needs a whole cluster (this one is down or was started with --only-api)"
    require_tools argocd kustomize helm
    command -v redis-server >/dev/null || fail "redis-server is not installed (run ./dev setup --all)" 3
    argocd_down >/dev/null

    # All of these before the controller starts: an application it sees before its project waits for long.
    apply_crds
    kubectl create secret generic argocd-secret -n argocd --from-literal="server.secretkey=$(openssl rand -hex 32)" \
        --dry-run=client -o json | kubectl apply --server-side -f - >"$state/log/argocd.log" &&
        kubectl label secret argocd-secret -n argocd --overwrite app.kubernetes.io/part-of=argocd >>"$state/log/argocd.log" &&
        kubectl apply --server-side -f "$files/argocd.yaml" >>"$state/log/argocd.log" ||
        fail "the settings of Argo CD could not be applied"

    redis_port=$(free_port) repo_server_port=$(free_port)
    repo_server_metrics_port=$(free_port) controller_metrics_port=$(free_port)
    mkdir -p "$state/argocd/home" "$state/argocd/tmp"
    start_argocd
    echo "cluster: Argo CD is up, on namespace argocd"
}

start_argocd() {
    start_process redis redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no \
        --dir "$state/argocd"
    wait_for redis 60 redis redis_is_ready
    export KUBECONFIG=$state/kubeconfig/argocd.yaml HOME=$state/argocd/home TMPDIR=$state/argocd/tmp
    export ARGOCD_ASK_PASS_SOCK=$state/argocd/ask-pass.sock ARGOCD_FAKE_IN_CLUSTER=true ARGOCD_GPG_ENABLED=false
    start_process argocd-repo-server argocd-repo-server \
        --address 127.0.0.1 --port "$repo_server_port" --disable-tls \
        --metrics-address 127.0.0.1 --metrics-port "$repo_server_metrics_port" \
        --redis "127.0.0.1:$redis_port" --logformat text
    start_process argocd-application-controller argocd-application-controller \
        --kubeconfig "$KUBECONFIG" -n argocd \
        --repo-server "127.0.0.1:$repo_server_port" --repo-server-plaintext \
        --metrics-port "$controller_metrics_port" \
        --redis "127.0.0.1:$redis_port" --logformat text
    wait_for "Argo CD's repo server" 180 argocd-repo-server repo_server_answers
    wait_for "Argo CD's application controller" 180 argocd-application-controller controller_answers
}

argocd_down() {
    local process
    for process in "${argocd_processes[@]}"; do
        stop_process "$process" KILL
        rm -f "$state/run/$process.pid"
    done
    rm -rf "${state:?}/argocd"
    echo "cluster: Argo CD is down"
}
