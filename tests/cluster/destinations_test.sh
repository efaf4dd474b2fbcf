#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One instance whose applications go to further API servers: by contexts of the kubeconfig, by a context that somebody
# chose, by the Secret of a cluster, or not at all.
# Arguments: the parts wanted. TIPHYSCTL names the program (default: build/bin/tiphysctl). Exit code 77: skipped, with
# the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-destinations.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"
export TIPHYS_CONFIG=$work/config

second() { "$TIPHYS_ROOT/dev" cluster --dir "$work/two" "$@"; }
third() { "$TIPHYS_ROOT/dev" cluster --dir "$work/three" "$@"; }
server_of() { "$1" kubectl config view -o 'jsonpath={.clusters[0].cluster.server}'; }

finish_three() {
    [ ! -e "$work/three" ] || third down >/dev/null 2>&1
    finish
}
trap finish_three EXIT

# The kubeconfig of the second cluster beside the first one's: --context second.
merged() {
    KUBECONFIG=$work/one/kubeconfig/admin.yaml:$work/second.yaml XDG_CACHE_HOME=$work/cache timeout 120 "$TIPHYSCTL" "$@"
}

test_start() {
    check "a cluster starts" cluster up || return
    check "a second API server starts" second up --only-api || return
    check "a third one" third up --only-api || return
    ctl admin install-crds >/dev/null
    check "the type is served" eventually 20 k get applications -A
    sed 's/name: .*/name: second/; s/cluster: [^ ]*$/cluster: second/; s/user: [^ ]*$/user: second/; s/current-context: .*//' \
        "$work/two/kubeconfig/admin.yaml" >"$work/second.yaml"
    two=$(server_of second) three=$(server_of third)
    local name
    for name in nearby elsewhere faraway; do
        repository $name
        configmap $name | manifest $name $name
        commit $name
    done
    create_app nearby >/dev/null
    check "a destination that nobody knows is refused" says 1 'application destination spec for elsewhere is invalid: error getting cluster by server' -- create_app elsewhere --dest-server "$two"
    check "nothing was written" absent application elsewhere -n argocd
    check "one that a context has is taken" says 0 created -- merged app create elsewhere --repo "$(url elsewhere)" --path app --revision main --dest-namespace team-a --dest-server "$two"
    create_app faraway --dest-server "$three" --validate=false >/dev/null
}

test_contexts() {
    check "a destination that no context has is named" says 1 "no access to $two" "choose a context" -- sync_app elsewhere
    check "with its context in the kubeconfig it is synced" says 0 Succeeded -- merged app sync elsewhere --local-engine --timeout 60
    check "the resource is in the second cluster" second kubectl get configmap elsewhere -n team-a
    check "and not in the first" absent configmap elsewhere -n team-a
    check "the status says so" state_of elsewhere "Synced Healthy Succeeded"
    check "cluster list shows both" says 0 "$two" -- merged cluster list
}

start_engine() { # LOG; not in a subshell, so that its number is known
    KUBECONFIG=$work/one/kubeconfig/admin.yaml:$work/second.yaml XDG_CACHE_HOME=$work/cache "$TIPHYSCTL" engine run >"$1" 2>&1 &
    engine=$!
    background+=("$engine")
}
stop_engine() { kill -TERM "$engine" && wait "$engine"; }
ask() { # NAME: asks for a sync as another program would
    k patch application "$1" -n argocd --type merge -p '{"operation":{"sync":{"revision":"main"}}}'
}
compare_anew() { k annotate application "$1" -n argocd --overwrite argocd.argoproj.io/refresh=normal; }

# A Secret as `argocd cluster add` writes it.
register() { # NAME SERVER KUBECONFIG
    local ca cert key
    ca=$(sed -n 's/.*certificate-authority-data: //p' "$3")
    cert=$(sed -n 's/.*client-certificate-data: //p' "$3")
    key=$(sed -n 's/.*client-key-data: //p' "$3")
    k apply -f - <<YAML
apiVersion: v1
kind: Secret
metadata: {name: cluster-$1, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster}}
stringData:
  name: $1
  server: $2
  config: '{"tlsClientConfig": {"caData": "$ca", "certData": "$cert", "keyData": "$key"}}'
YAML
}

test_engine() {
    k create namespace argocd >/dev/null 2>&1
    start_engine "$work/engine.log"
    check "an engine starts for all three destinations" eventually 20 grep -q "at work" "$work/engine.log"
    ask nearby >/dev/null
    ask elsewhere >/dev/null
    check "the instance's own cluster is synced" eventually 30 state_of nearby "Synced Healthy Succeeded"
    check "so is the one that a context reaches" eventually 30 state_of elsewhere "Synced Healthy Succeeded"
    check "the absent one is named" eventually 30 has '{.status.conditions[*].message}' "no access to $three" application faraway -n argocd
    check "its status is not known" app_is faraway '{.status.sync.status}' Unknown
    register far "$three" "$work/three/kubeconfig/admin.yaml" >/dev/null
    compare_anew faraway >/dev/null
    check "registered by a Secret it is compared while the engine runs" eventually 40 app_is faraway '{.status.sync.status}' OutOfSync
    ask faraway >/dev/null
    check "and synced" eventually 40 state_of faraway "Synced Healthy Succeeded"
    check "the resource is in the third cluster" third kubectl get configmap faraway -n team-a
    check "what only shows does not use the Secret" says 2 "no access to $three" -- ctl app diff faraway
    stop_engine
    k patch application faraway -n argocd --type json \
        -p '[{"op":"remove","path":"/spec/destination/server"},{"op":"add","path":"/spec/destination/name","value":"far"}]' >/dev/null
    third kubectl delete configmap faraway -n team-a >/dev/null
    check "by the name of the Secret too, in one command" says 0 Succeeded -- sync_app faraway
    check "it is there again" third kubectl get configmap faraway -n team-a
    check "a Secret that signs in by a program is named" says 1 "no program that a Secret names is run" -- by_program
    check "and not run" test ! -e "$work/ran"
    register far "$three" "$work/three/kubeconfig/admin.yaml" >/dev/null
}

by_program() {
    k patch secret cluster-far -n argocd --type merge \
        -p '{"stringData":{"config":"{\"execProviderConfig\":{\"command\":\"touch\",\"args\":[\"'"$work"'/ran\"]}}"}}' >/dev/null
    sync_app faraway
}

# Objects that cannot be seen are not taken for gone. In the background: nobody collects garbage in the third cluster.
test_deletion() {
    k patch application faraway -n argocd --type merge -p '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io/background"]}}' >/dev/null
    third stop-api >/dev/null
    start_engine "$work/deletion.log"
    k delete application faraway -n argocd --wait=false >/dev/null
    check "a deletion waits for a cluster that does not answer" eventually 60 has '{.status.conditions[*].type}' DeletionError application faraway -n argocd
    check "the application keeps its finalizer" has '{.metadata.finalizers}' resources-finalizer application faraway -n argocd
    third start-api >/dev/null
    check "it goes on when the cluster is back" eventually 90 absent application faraway -n argocd
    check "the resource is gone" not third kubectl get configmap faraway -n team-a
    stop_engine
}

test_choice() {
    local other=${two/127.0.0.1/localhost}
    k patch application elsewhere -n argocd --type merge -p "{\"spec\":{\"destination\":{\"server\":\"$other\"}}}" >/dev/null
    check "an address that no context has is named" says 2 "no access to $other" "choose a context" -- merged app diff elsewhere
    check "a context that is not there cannot be chosen" says 1 "no context 'nowhere'" -- merged cluster use "$other" nowhere
    check "one that is there can" says 0 "context second" -- merged cluster use "$other" second
    check "then the destination is reached" code 0 merged app diff elsewhere
    check "the choice is forgotten" says 0 "no context is chosen" -- merged cluster use "$other" --forget
    check "then it is named again" says 2 "no access to $other" -- merged app diff elsewhere
    mkdir -p "$TIPHYS_CONFIG"
    echo "contexts: [" >"$TIPHYS_CONFIG/contexts.yaml"
    check "a broken file of choices is named" says 2 "contexts.yaml" "line" -- merged app diff elsewhere
    rm "$TIPHYS_CONFIG/contexts.yaml"
}

need kubernetes etcd kwok
run_parts "contexts engine deletion choice" "$@"
