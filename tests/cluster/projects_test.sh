#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What projects decide on a real API server: global projects, the service accounts that syncs act as, what a deletion may
# touch. Arguments: the parts wanted. TIPHYSCTL names the program (default: build/bin/tiphysctl). Exit code 77: skipped,
# with the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-projects.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"

# project NAME LABELS SPEC: an AppProject, spec as a flow map without its braces
project() {
    k apply -f - >/dev/null <<YAML
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: $1, namespace: argocd, labels: {$2}}
spec: {$3}
YAML
}
anything='sourceRepos: ["*"], destinations: [{server: "*", namespace: "*"}]'
setting() { k patch configmap argocd-cm -n argocd --type merge -p "$1" >/dev/null; }
operation() { has '{.status.operationState.phase}: {.status.operationState.message}' "$2" application "$1" -n argocd; } # NAME WORDS

test_start() {
    check "a cluster starts" cluster up || return
    ctl admin install-crds >/dev/null
    check "the type is served" eventually 20 k get applications,appprojects -A
    k create namespace team-a >/dev/null 2>&1
    k create namespace argocd >/dev/null 2>&1
    k apply -f "$TIPHYS_ROOT/tests/cluster/argocd.yaml" >/dev/null
    return 0
}

# --- global projects

test_globals() {
    project team "tier: gold" "$anything"
    project base "" "$anything, namespaceResourceBlacklist: [{group: \"\", kind: ConfigMap}]"
    repository globals
    configmap settings | manifest globals all
    commit globals
    create_app globals --project team >/dev/null
    check "a project alone allows it" sync_app globals
    setting '{"data":{"globalProjects":"- projectName: base\n  labelSelector: {matchLabels: {tier: gold}}\n"}}'
    configmap more | manifest globals more
    commit globals
    check "its global project forbids the kind" not sync_app globals
    check "in the words of a sync" operation globals "resource :ConfigMap is not permitted in project team"
    project team "tier: silver" "$anything"
    check "other projects are not concerned" sync_app globals
    setting '{"data":{"globalProjects":null}}'
}

# --- syncs that act as service accounts

test_accounts() {
    project crew "" "$anything, destinationServiceAccounts: [{server: \"*\", namespace: team-a, defaultServiceAccount: deployer}]"
    k create serviceaccount deployer -n team-a >/dev/null
    repository accounts
    configmap ledger | manifest accounts all
    commit accounts
    create_app accounts --project crew >/dev/null
    ctl app create nobody --repo "$(url accounts)" --path app --revision main --dest-namespace team-a >/dev/null
    setting '{"data":{"application.sync.impersonation.enabled":"true"}}'
    check "an account without rights syncs nothing" not sync_app accounts
    check "which the operation says with its name" has '{.status.operationState.syncResult.resources[*].message}' \
        'User "system:serviceaccount:team-a:deployer" cannot' application accounts -n argocd
    check "nothing was written" absent configmap ledger -n team-a
    k create rolebinding deployer -n team-a --clusterrole=edit --serviceaccount=team-a:deployer >/dev/null
    check "with its rights it syncs" sync_app accounts
    check "a destination without an account is refused" not sync_app nobody
    check "in the original's words" operation nobody "Error: no matching service account found for destination server"
    setting '{"data":{"application.sync.impersonation.enforced":"false"}}'
    check "unless that is not enforced" sync_app nobody
    setting '{"data":{"application.sync.impersonation.enabled":null,"application.sync.impersonation.enforced":null}}'
}

# --- a deletion removes what the project permits

test_deletion() {
    project narrow "" "$anything"
    repository deletion
    { configmap kept; deployment gone; } | manifest deletion all
    commit deletion
    create_app deletion --project narrow >/dev/null
    check "both are applied" sync_app deletion
    project narrow "" "$anything, namespaceResourceBlacklist: [{group: \"\", kind: ConfigMap}]"
    check "a deletion ends" ctl app delete deletion --local-engine --cascade foreground --yes --wait --timeout 60
    check "what is permitted is gone" absent deployment gone -n team-a
    check "what is not stays" is '{.data.word}' ahoy configmap kept -n team-a
}

need kubernetes etcd kwok
run_parts "globals accounts deletion" "$@"
