# SPDX-License-Identifier: GPL-3.0-or-later
# etcd, API server, controller manager, scheduler, and kwok in the place of kubelets.
# shellcheck shell=bash disable=SC2154

# require_tools NAME…: puts the built tools of these names first in PATH.
require_tools() {
    local path
    path=$("$BASH" "$here/oracles.sh" --path "$@") || exit 3
    PATH=$path:$PATH
    command -v openssl >/dev/null || fail "openssl is not installed (run ./dev setup)" 3
}

kubectl() { command kubectl --kubeconfig "$state/kubeconfig/admin.yaml" --cache-dir "$state/kubectl-cache" "$@"; }

api_is_ready() { kubectl get --raw /readyz --request-timeout=5s; }
node_is_ready() {
    [ "$(kubectl get node node-1 -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = True ]
}
controllers_work() { kubectl get -n team-a serviceaccount/default configmap/kube-root-ca.crt; }

start_etcd() {
    start_process etcd etcd --name default --data-dir "$state/etcd" --unsafe-no-fsync --log-level warn \
        --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
        --listen-peer-urls "http://127.0.0.1:$etcd_peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$etcd_peer_port" \
        --initial-cluster "default=http://127.0.0.1:$etcd_peer_port"
}

# Without TaintNodesByCondition the node needs nobody to take the not-ready taint from it; without
# ServiceAccount pods may start before the tokens of their namespace are there.
start_api() {
    start_process kube-apiserver kube-apiserver \
        --etcd-servers "http://127.0.0.1:$etcd_port" \
        --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$api_port" \
        --tls-cert-file "$state/pki/apiserver.crt" --tls-private-key-file "$state/pki/apiserver.key" \
        --client-ca-file "$state/pki/ca.crt" \
        --service-account-issuer https://kubernetes.default.svc \
        --service-account-key-file "$state/pki/service-account.pub" \
        --service-account-signing-key-file "$state/pki/service-account.key" \
        --service-cluster-ip-range 10.0.0.0/24 --authorization-mode RBAC --allow-privileged=true \
        --disable-admission-plugins ServiceAccount,TaintNodesByCondition --kubelet-preferred-address-types InternalIP \
        --audit-policy-file "$files/audit-policy.yaml" --audit-log-path "$state/log/audit.log" \
        --profiling=false
    wait_for "the API server" 180 kube-apiserver api_is_ready
}

start_api_again() {
    read_ports
    is_alive etcd || fail "etcd of $state is not running (run ./dev cluster up)"
    is_alive kube-apiserver || start_api
}

start_controllers() {
    start_process kube-controller-manager kube-controller-manager \
        --kubeconfig "$state/kubeconfig/controller-manager.yaml" --leader-elect=false --secure-port 0 --profiling=false \
        --controllers '*,-node-lifecycle-controller,-node-ipam-controller,-node-route-controller,-service-lb-controller,-cloud-node-lifecycle-controller' \
        --service-account-private-key-file "$state/pki/service-account.key" --root-ca-file "$state/pki/ca.crt" \
        --kube-api-qps 500 --kube-api-burst 1000 --flex-volume-plugin-dir "$state/run"
    start_process kube-scheduler kube-scheduler \
        --kubeconfig "$state/kubeconfig/scheduler.yaml" --leader-elect=false --secure-port 0 --profiling=false \
        --kube-api-qps 500 --kube-api-burst 1000
    local stages=() stage
    write_pod_logs
    for stage in "$files"/kwok/*.yaml; do
        [[ $pods -eq 1 || $stage == */node-* ]] || continue
        stages+=(--config "$stage")
    done
    start_process kwok kwok --kubeconfig "$state/kubeconfig/kwok.yaml" "${stages[@]}" --config "$state/run/pod-logs.yaml" \
        --manage-all-nodes=true --node-lease-duration-seconds 0 --cidr 10.64.0.0/16 --node-ip 127.0.0.1 \
        --node-port "$kubelet_port" --server-address "127.0.0.1:$kubelet_port" \
        --tls-cert-file "$state/pki/apiserver.crt" --tls-private-key-file "$state/pki/apiserver.key"
    wait_for "the node" 180 kwok node_is_ready
    wait_for "the controller manager" 180 kube-controller-manager controllers_work
}

# What containers write stands in these files, a line as a container runtime writes it: TIME stdout F TEXT.
write_pod_logs() {
    local now
    now=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)
    printf '%s stdout F %s\n' "$now" 'listening on :8080' "$now" 'ready' >"$state/log/pod.log"
    printf '%s stdout F %s\n' "$now" 'listening on :8080' "$now" 'cannot go on' >"$state/log/pod-previous.log"
    cat >"$state/run/pod-logs.yaml" <<YAML
apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterLogs
metadata: {name: every-container}
spec:
  logs: [{logsFile: "$state/log/pod.log", previousLogsFile: "$state/log/pod-previous.log", follow: true}]
YAML
}

read_ports() {
    [ -e "$state/ports" ] || fail "the cluster in $state is down"
    # shellcheck disable=SC1091
    . "$state/ports"
}

# A port may be taken between choosing and using it: another cluster that starts at the same time.
lost_a_port() { grep -qs 'address already in use' "$state"/log/{etcd,kube-apiserver,kwok}.log; }

start_everything() {
    prepare_state
    start_etcd
    make_certificates
    start_api
    fill_cluster
    [ $only_api -eq 1 ] || start_controllers
    touch "$state/complete"
}

cluster_up() {
    # One of API server alone is not what a plain `up` promises.
    if { [ $only_api -eq 1 ] || [ -e "$state/run/kwok.pid" ]; } && (cluster_status) >/dev/null 2>&1; then
        echo "cluster: already up at $(server_url)"
        return
    fi
    local begin attempt result
    begin=$(date +%s%N)
    trap 'cluster_down; exit 1' INT TERM
    for attempt in 1 2 3; do
        # Not as a condition: there, bash would go on after an error inside.
        set +e
        (set -e; start_everything)
        result=$?
        set -e
        [ $result -ne 0 ] || break
        cluster_down >/dev/null
        lost_a_port || break
        echo "dev cluster: a port was taken meanwhile; trying others (attempt $attempt of 3)" >&2
    done
    [ $result -eq 0 ] || fail "the cluster did not start (logs: $state/log)"
    local tenths=$((($(date +%s%N) - begin) / 100000000))
    echo "cluster: up in $((tenths / 10)).$((tenths % 10)) s at $(server_url)"
    echo "  kubeconfig: $state/kubeconfig/admin.yaml"
}

prepare_state() {
    cluster_down >/dev/null
    if [ ! -e "$state/$marker" ] && [ -n "$(ls -A "$state")" ]; then
        fail "$state is not empty and was not made by this script"
    fi
    rm -rf "${state:?}"/*
    touch "$state/$marker"
    chmod 700 "$state"
    mkdir "$state"/{run,log,pki,kubeconfig,etcd}
    umask 077
    etcd_port=$(free_port) etcd_peer_port=$(free_port) api_port=$(free_port) kubelet_port=$(free_port)
    printf '%s=%s\n' etcd_port "$etcd_port" etcd_peer_port "$etcd_peer_port" api_port "$api_port" \
        kubelet_port "$kubelet_port" >"$state/ports"
}

fill_cluster() {
    local objects=(-f "$files/base.yaml")
    [ $only_api -eq 1 ] || objects+=(-f "$files/node.yaml")
    kubectl create --validate=false "${objects[@]}" >"$state/log/base.log" 2>&1 || {
        cat "$state/log/base.log" >&2
        fail "the first objects could not be created"
    }
}

# In the reverse order of starting; nothing in a test cluster is worth a slow farewell.
cluster_down() {
    [ -d "$state/run" ] || return 0
    local process
    for process in argocd-application-controller argocd-repo-server redis \
        kwok kube-scheduler kube-controller-manager kube-apiserver etcd; do
        stop_process "$process" KILL
    done
    rm -rf "${state:?}"/{run,pki,kubeconfig,etcd,argocd,kubectl-cache,ports,complete}
    echo "cluster: down (logs: $state/log)"
}

server_url() { sed -n 's/^ *server: //p' "$state/kubeconfig/admin.yaml"; }

cluster_status() {
    [ -e "$state/complete" ] || fail "the cluster in $state is down"
    local healthy=0 process memory
    for process in $(processes); do
        if is_alive "$process"; then
            memory=$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$(pid_of "$process")/status")
            printf '%-30s process %-8s %4s MB\n' "$process" "$(pid_of "$process")" "$memory"
        else
            printf '%-30s not running\n' "$process"
            healthy=1
        fi
    done
    printf '%-30s %s\n' "API server" "$(server_url)"
    if ! api_is_ready >/dev/null 2>&1; then
        echo "the API server is not ready"
        healthy=1
    fi
    return $healthy
}
