#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the local engine writes to an Application, in which order, and what it goes on writing while an operation runs or a
# deletion waits. Arguments: the parts wanted. TIPHYSCTL names the program (default: build/bin/tiphysctl). Exit code 77:
# skipped, with the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-writes.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"

test_start() {
    check "a cluster starts" cluster up || return
    ctl admin install-crds >/dev/null
    check "the type is served" eventually 20 k get applications,appprojects -A
}

# asked NAME: what the program wrote to it since mark, one word a patch
asked() {
    tail -n +$((marked + 1)) "$(cluster audit)" | sed -nE '
        /"userAgent":"tiphys"/!d
        /"code":20[0-9].*"requestObject"/!d
        /"verb":"patch".*"objectRef":\{"resource":"applications","namespace":"argocd","name":"'"$1"'"/!d
        s/.*"requestObject"://
        /"operationState":null/{s/.*/operation/p;d}
        /"operationState":\{/{s/.*/state/p;d}
        /"finalizers":\[/{s/.*/finalizers/p;d}
        /^\{"spec":/{s/.*/spec/p;d}
        /"status":\{/{s/.*/status/p;d}
        s/.*/metadata/p'
}

begins_with() { # WORD… -- NAME
    local -a words=()
    while [ "$1" != -- ]; do
        words+=("$1")
        shift
    done
    local got
    got=$(asked "$2" | head -n ${#words[@]})
    [ "$got" = "$(printf '%s\n' "${words[@]}")" ] || { printf 'written:\n%s\n' "$(asked "$2")"; return 1; }
}

test_order() {
    repository order
    {
        deployment order "" "" 1
        hook order-last PostDelete
    } | manifest order all
    commit order
    mark
    k apply -f - >/dev/null <<YAML
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: order, namespace: argocd}
spec:
  project: ""
  source: {repoURL: "$(url order)", path: app, targetRevision: main, directory: {recurse: false}}
  destination: {server: "https://kubernetes.default.svc", namespace: team-a}
  syncPolicy: {automated: {}}
YAML
    start_engine "$work/order.log" --app order
    check "an engine syncs what nobody has compared" eventually 40 state_of order "Synced Healthy Succeeded"
    check "spec, operation, finalizers and status are written in this order" begins_with spec operation finalizers status state -- order
    check "the project is named" app_is order '{.spec.project}' default
    check "the empty part of the source is gone" app_is order '{.spec.source.directory}' ""
    check "what is not empty stays" app_is order '{.spec.syncPolicy}' '{"automated":{}}'
    check "the finalizers of its hook are there" app_is order '{.metadata.finalizers}' \
        '["post-delete-finalizer.argocd.argoproj.io","post-delete-finalizer.argocd.argoproj.io/cleanup"]'
    local pod
    pod=$(k get pods -n team-a -l app=order -o name)
    mark
    k set image -n team-a "$pod" main=example.test/web:9 >/dev/null
    check "the image of a child comes into the summary" eventually 20 has '{.status.summary.images}' example.test/web:9 application order -n argocd
    check "by one write of the status" begins_with status -- order
    check "and nothing is started" app_is order '{.operation}{.status.operationState.phase}' Succeeded
    k patch application order -n argocd --type json -p '[{"op":"remove","path":"/spec/syncPolicy"}]' >/dev/null
    k scale deployment order -n team-a --replicas=3 >/dev/null
    check "without automated sync drift stays" eventually 20 app_is order '{.status.sync.status}' OutOfSync
    k patch application order -n argocd --type merge -p '{"spec":{"syncPolicy":{"automated":{"selfHeal":true}}}}' >/dev/null
    check "it is healed as soon as that is switched on" eventually 20 is '{.spec.replicas}' 1 deployment order -n team-a
    kill -TERM "$engine"
    check "the engine ends" eventually 15 ended "$engine"
    k patch application order -n argocd --type json -p '[{"op":"remove","path":"/spec/syncPolicy"}]' >/dev/null
}

# The status is looked after while an operation runs and while a deletion waits.
test_meanwhile() {
    repository meanwhile
    configmap meanwhile "" one | manifest meanwhile all
    commit meanwhile
    create_app meanwhile >/dev/null
    check "it is synced first" sync_app meanwhile
    {
        hook meanwhile-slow PreSync "" pending
        configmap meanwhile "" one
    } | manifest meanwhile all
    commit meanwhile
    start_engine "$work/meanwhile.log" --app meanwhile
    check "an engine starts" eventually 20 grep -q "at work" "$work/meanwhile.log"
    k patch application meanwhile -n argocd --type merge -p '{"operation":{"sync":{},"initiatedBy":{"username":"test"}}}' >/dev/null
    check "a hook runs that does not end" eventually 30 k get job meanwhile-slow -n team-a
    check "the operation runs" eventually 10 app_is meanwhile '{.status.operationState.phase} {.status.sync.status}' "Running Synced"
    k patch configmap meanwhile -n team-a --type merge -p '{"data":{"word":"drift"}}' >/dev/null
    check "drift is seen meanwhile" eventually 30 app_is meanwhile '{.status.operationState.phase} {.status.sync.status}' "Running OutOfSync"
    k annotate application meanwhile -n argocd argocd.argoproj.io/refresh=normal >/dev/null
    check "a refresh is done meanwhile" eventually 20 not has '{.metadata.annotations}' refresh application meanwhile -n argocd
    check "the operation goes on" app_is meanwhile '{.status.operationState.phase}' Running
    k patch application meanwhile -n argocd --type merge -p '{"status":{"operationState":{"phase":"Terminating"}}}' >/dev/null
    check "until it is stopped" eventually 30 app_is meanwhile '{.operation}{.status.operationState.phase}' Failed

    k patch configmap meanwhile -n team-a --type merge -p '{"metadata":{"finalizers":["example.test/hold"]}}' >/dev/null
    k patch application meanwhile -n argocd --type merge -p '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}' >/dev/null
    k delete application meanwhile -n argocd --wait=false >/dev/null
    check "a deletion waits for its object" eventually 30 not is '{.metadata.deletionTimestamp}' "" configmap meanwhile -n team-a
    k annotate application meanwhile -n argocd argocd.argoproj.io/refresh=normal >/dev/null
    check "a refresh is done while it waits" eventually 20 not has '{.metadata.annotations}' refresh application meanwhile -n argocd
    check "the application is there" k get application meanwhile -n argocd
    k patch configmap meanwhile -n team-a --type merge -p '{"metadata":{"finalizers":null}}' >/dev/null
    check "then it goes" eventually 30 absent application meanwhile -n argocd
    kill -TERM "$engine"
    check "the engine ends" eventually 15 ended "$engine"
}

# What an application says is looked at before it is stored, as Argo CD's server does.
test_validation() {
    repository valid
    configmap valid | manifest valid all
    commit valid
    k apply -f - >/dev/null <<YAML
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: narrow, namespace: argocd}
spec: {sourceRepos: ["$(url valid)"], destinations: [{server: "*", namespace: team-a}], namespaceResourceBlacklist: [{group: "", kind: ConfigMap}]}
YAML
    create() { # NAME [FLAG VALUE]… [FLAG=VALUE]…: with these over what is well
        local -A flags=([--repo]=$(url valid) [--path]=app [--revision]=main [--dest-namespace]=team-a)
        local name=$1 flag
        local -a words=()
        shift
        while [ $# -gt 1 ] && [[ $1 != *=* ]]; do
            flags[$1]=$2
            shift 2
        done
        for flag in "${!flags[@]}"; do
            words+=("$flag" "${flags[$flag]}")
        done
        ctl app create "$name" "${words[@]}" "$@"
    }
    refused() { # WORDS ARGUMENTS…: the application is not created, and these are among the words that say why
        says 1 "application spec for valid is invalid: InvalidSpecError: " "$1" -- create valid "${@:2}" && absent application valid -n argocd
    }
    check "a path that is not there is refused" refused "Unable to generate manifests in nowhere: rpc error: code = Unknown desc = nowhere: app path does not exist" --path nowhere
    check "a revision that is not there is" refused "Unable to generate manifests in app: " --revision no-such-branch
    check "a repository that is not there is" refused "repository not accessible: repositories not accessible: file://$work/git/none" --repo "file://$work/git/none"
    check "a project that is not there is" says 1 "Application referencing project nobody which does not exist" -- create valid --project nobody
    check "a namespace that the project does not permit is" refused \
        "application destination server 'https://kubernetes.default.svc' and namespace 'team-b' do not match any of the allowed destinations in project 'narrow'" \
        --project narrow --dest-namespace team-b
    check "a repository that it does not permit is, before it is asked" refused "application repo file://$work/git/none is not permitted in project 'narrow'" \
        --project narrow --repo "file://$work/git/none"
    check "a destination that nobody knows is" says 1 "application destination spec for valid is invalid: there are no clusters with this name: far" -- \
        create valid --dest-name far
    check "nothing was written so far" absent application valid -n argocd
    check "a kind that the project does not permit is a warning" says 0 created "a sync will be refused: resource :ConfigMap is not permitted in project narrow" -- create valid --project narrow
    check "the same once more is left alone" says 0 unchanged -- create valid --project narrow
    check "app set is refused too" says 1 "Unable to generate manifests in nowhere" -- ctl app set valid --path nowhere
    check "and writes nothing" app_is valid '{.spec.source.path}' app
    check "without validation it writes" says 0 updated -- ctl app set valid --path nowhere --validate=false
    check "it is written" app_is valid '{.spec.source.path}' nowhere
    check "a patch is refused as well" says 1 "Unable to generate manifests in no" -- ctl app patch valid --type merge --patch '{"spec":{"source":{"path":"no"}}}'
    check "without validation an application is created whatever it says" says 0 created "warning: application spec for stray is invalid: Application referencing project nobody" -- \
        create stray --project nobody --path nowhere --validate=false
    local broken=$work/several.yaml
    cat >"$broken" <<YAML
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: first, namespace: argocd}
spec: {project: default, source: {repoURL: "$(url valid)", path: app}, destination: {server: "https://kubernetes.default.svc", namespace: team-a}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: second, namespace: argocd}
spec: {project: default, sources: [{repoURL: "$(url valid)", path: app, name: a}, {repoURL: "$(url valid)", path: app, name: a}], destination: {server: "https://kubernetes.default.svc", namespace: team-a}}
YAML
    check "two sources of one name are refused" says 1 "application second has duplicate source name: a" -- ctl app create -f "$broken"
    check "without validation too" says 1 "application second has duplicate source name: a" -- ctl app create -f "$broken" --validate=false
    check "and nothing of the file is written" absent application first -n argocd
    sed -i 's/name: a}\]/name: b}]/' "$broken"
    check "with two names both are created" says 0 "argocd/first created" "argocd/second created" -- ctl app create -f "$broken"
    check "a source of a name that is taken is not added" says 1 "application second has duplicate source name: b" -- \
        ctl app add-source second --repo "$(url valid)" --path app --source-name b
    check "one whose path is not there is not" says 1 "Unable to generate manifests in nowhere" -- ctl app add-source second --repo "$(url valid)" --path nowhere
    k create role lister -n argocd --verb=get,list,watch --resource=applications.argoproj.io >/dev/null
    k create rolebinding lister -n argocd --role=lister --serviceaccount=argocd:lister >/dev/null
    k create serviceaccount lister -n argocd >/dev/null
    k config view --raw --minify >"$work/lister.yaml"
    kubectl --kubeconfig "$work/lister.yaml" config set-credentials lister --token="$(k create token lister -n argocd)" >/dev/null
    kubectl --kubeconfig "$work/lister.yaml" config set-context --current --user=lister >/dev/null
    lister() { KUBECONFIG=$work/lister.yaml XDG_CACHE_HOME=$work/cache timeout 60 "$TIPHYSCTL" "$@"; }
    check "who may list in the control plane's namespace alone sees what is there" says 0 "argocd/second" "may not be listed in all namespaces" -- lister app list -o name
    check "who asks for all of them is refused" says 1 "cannot list" -- lister app list -A
}

need kubernetes etcd kwok
run_parts "order meanwhile validation" "$@"
