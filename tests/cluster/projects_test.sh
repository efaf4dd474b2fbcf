#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What projects decide on a real API server: global projects, the service accounts that syncs act as, repositories and
# clusters of one project, applications of other namespaces, signed commits, what a deletion may touch. Arguments: the
# parts wanted. TIPHYSCTL names the program (default: build/bin/tiphysctl). Exit code 77: skipped, with the reason.
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

# --- repositories and clusters of one project

# secret NAME TYPE FIELDS: what the instance knows, fields as a flow map without its braces
secret() {
    k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Secret
metadata: {name: $1, namespace: argocd, labels: {argocd.argoproj.io/secret-type: $2}}
stringData: {$3}
YAML
}
in_cluster=https://kubernetes.default.svc

test_scoped() {
    project scoped "" ""
    repository scoped
    configmap own | manifest scoped all
    commit scoped
    check "what the project does not permit is not created" says 1 "application repo $(url scoped) is not permitted in project 'scoped'" -- create_app scoped --project scoped
    check "nothing was written" absent application scoped -n argocd
    create_app scoped --project scoped --validate=false >/dev/null
    check "a project without lists permits nothing" not sync_app scoped
    check "in the original's words" operation scoped \
        "Error: InvalidSpecError: application destination server '$in_cluster' and namespace 'team-a' do not match any of the allowed destinations in project 'scoped';InvalidSpecError: application repo $(url scoped) is not permitted in project 'scoped'"
    check "nothing was written" absent configmap own -n team-a
    secret repo-scoped repository "url: \"$(url scoped)\", project: scoped"
    check "with its own repository the cluster is still refused" not sync_app scoped
    check "and only that" operation scoped "Error: InvalidSpecError: application destination server"
    secret cluster-scoped cluster "server: $in_cluster, name: here, project: scoped, namespaces: \"team-b\", config: \"{}\""
    check "its own cluster counts in its namespaces alone" not sync_app scoped
    secret cluster-scoped cluster "server: $in_cluster, name: here, project: scoped, namespaces: \"team-b,team-a\", config: \"{}\""
    check "with both it syncs" sync_app scoped
    check "the object is there" is '{.data.word}' ahoy configmap own -n team-a
    project others "" "destinations: [{name: here, namespace: \"*\"}]"
    ctl app create others --repo "$(url scoped)" --path app --revision main --project others --dest-namespace team-a --validate=false >/dev/null
    check "a repository of one project is not another's" not sync_app others
    check "which is said" operation others "application repo $(url scoped) is not permitted in project 'others'"
    check "a cluster may be permitted by the name that its Secret gives" not operation others "allowed destinations"
}

test_only_scoped() {
    project only "" "$anything, permitOnlyProjectScopedClusters: true"
    repository only
    configmap alone | manifest only all
    commit only
    create_app only --project only --validate=false >/dev/null
    check "clusters of others are refused where only its own count" not sync_app only
    check "in the original's words" operation only "do not match any of the allowed destinations in project 'only'"
    secret cluster-only cluster "server: $in_cluster, name: here, project: only, config: \"{}\""
    k delete secret cluster-scoped -n argocd --ignore-not-found >/dev/null
    check "its own is not" sync_app only
    k delete secret cluster-only -n argocd >/dev/null
}

# A cluster by the name that its Secret gives, reached by a context of the kubeconfig.
test_named() {
    project named "" "sourceRepos: [\"*\"]"
    repository named
    configmap there | manifest named all
    commit named
    local server
    server=$(k config view --raw -o 'jsonpath={.clusters[0].cluster.server}')
    ctl app create named --repo "$(url named)" --path app --revision main --project named --dest-name far --dest-namespace team-a --validate=false >/dev/null
    check "a name that nobody knows is refused" not sync_app named
    check "in the original's words" says 1 "there are no clusters with this name: far" -- sync_app named
    secret cluster-named cluster "server: \"$server/\", name: far, project: named, config: \"{}\""
    check "the name of its own cluster is found" sync_app named
    check "the object is there" is '{.data.word}' ahoy configmap there -n team-a
    k delete secret cluster-named -n argocd >/dev/null
}

# Who may not read the Secrets is not told that something is forbidden that may be allowed.
test_unseen() {
    project unseen "" "$anything"
    repository unseen
    configmap veiled | manifest unseen all
    commit unseen
    create_app unseen --project unseen >/dev/null
    k create clusterrolebinding half --clusterrole=edit --user=editor >/dev/null 2>&1
    check "it syncs" sync_app unseen
    project unseen "" "sourceRepos: [\"*\"]"
    k create clusterrole half-blind --verb='*' --resource=applications.argoproj.io,appprojects.argoproj.io,configmaps,leases.coordination.k8s.io,statefulsets.apps,deployments.apps >/dev/null
    k create clusterrolebinding half-blind --clusterrole=half-blind --serviceaccount=argocd:half-blind >/dev/null
    k create serviceaccount half-blind -n argocd >/dev/null
    local token
    token=$(k create token half-blind -n argocd)
    blind() { KUBECONFIG=$work/blind.yaml XDG_CACHE_HOME=$work/cache timeout 120 "$TIPHYSCTL" "$@"; }
    k config view --raw --minify >"$work/blind.yaml"
    kubectl --kubeconfig "$work/blind.yaml" config set-credentials blind --token="$token" >/dev/null
    kubectl --kubeconfig "$work/blind.yaml" config set-context --current --user=blind >/dev/null
    check "a refusal says what is not known" says 1 "do not match any of the allowed destinations in project 'unseen'; repositories and clusters of the project alone are not known" \
        -- blind app sync unseen --local-engine --timeout 60
    check "a deletion that would leave objects behind waits" not blind app delete unseen --local-engine --cascade foreground --yes --wait --timeout 15
    check "and says why" has '{.status.conditions[*].message}' "its own clusters are not known" application unseen -n argocd
    check "the object is there" is '{.data.word}' ahoy configmap veiled -n team-a
    k patch application unseen -n argocd --type merge -p '{"metadata":{"finalizers":null}}' >/dev/null
}

# --- applications of other namespaces

test_namespaces() {
    project guests "" "$anything, sourceNamespaces: [\"/^team-[ab]$/\"]"
    project closed "" "$anything"
    repository guests
    configmap visitor | manifest guests all
    commit guests
    local name
    for name in guests closed; do
        ctl app create $name -n team-a --repo "$(url guests)" --path app --revision main --project $name --dest-namespace team-a --validate=false >/dev/null
    done
    check "a project refuses applications of other namespaces" says 1 \
        "application 'closed' in namespace 'team-a' is not permitted to use project 'closed'" \
        -- ctl app sync team-a/closed --local-engine --timeout 60
    check "nothing was written" absent configmap visitor -n team-a
    check "unless it lists them" ctl app sync team-a/guests --local-engine --timeout 60
    check "its status names the control plane, which is the only one" is '{.status.controllerNamespace}' argocd application guests -n team-a
    check "that word of our own changes nothing" ctl app sync team-a/guests --local-engine --timeout 60
}

# --- signed commits

test_integrity() {
    command -v gpg >/dev/null && command -v gpg-agent >/dev/null || { echo "no GnuPG: signatures are not tried"; return; }
    # Short: gpg-agent's socket lies in it.
    local home
    home=$(mktemp -d /tmp/tiphys-gpg.XXXXXX)
    quiet_gpg() { gpg --homedir "$home" --batch --quiet "$@" 2>/dev/null; }
    quiet_gpg --quick-gen-key --pinentry-mode loopback --passphrase '' ada@example.test ed25519 sign never
    local key
    key=$(quiet_gpg --with-colons --list-keys | awk -F: '/^pub/{print $5}')
    printf '#!/bin/sh\nexec gpg --homedir %s "$@"\n' "$home" >"$work/gpg" && chmod +x "$work/gpg"
    signed() { # REPOSITORY ARGUMENTS…: git that signs
        git -C "$work/git/$1" -c user.name=ada -c user.email=ada@example.test -c gpg.program="$work/gpg" -c user.signingkey="$key" "${@:2}"
    }
    repository integrity
    configmap sealed | manifest integrity all
    commit integrity
    project integrity "" "$anything, signatureKeys: [{keyID: $key}]"
    create_app integrity --project integrity >/dev/null
    check "an unsigned commit is not synced" not sync_app integrity
    check "in the original's words" operation integrity \
        "Error: ComparisonError: GIT/GPG: Failed verifying revision $(head_of integrity) by 'test <test@example.test>': unsigned (key_id=)"
    check "nothing was written" absent configmap sealed -n team-a
    signed integrity commit -q --allow-empty -S -m signed
    check "a key that nobody knows proves nothing" not sync_app integrity
    check "and is named" operation integrity "signed with key not in keyring (key_id=$key)"
    quiet_gpg --armor --export >"$work/ada.asc"
    k create configmap argocd-gpg-keys-cm -n argocd --from-file="$key=$work/ada.asc" >/dev/null
    check "a signed commit is synced" sync_app integrity
    check "the object is there" is '{.data.word}' ahoy configmap sealed -n team-a
    project integrity "" "$anything, sourceIntegrity: {git: {policies: [{repos: [{url: \"*\"}], gpg: {mode: strict, keys: [$key]}}]}}"
    check "the whole history must be signed where that is demanded" not sync_app integrity
    check "its unsigned commit is named" operation integrity "Failed verifying revision $(git -C "$work/git/integrity" rev-parse HEAD~1)"
    signed integrity commit -q --allow-empty -S -m "seal" -m "Argocd-gpg-seal: reviewed"
    check "until it is sealed" sync_app integrity
    project integrity "" "$anything, sourceIntegrity: {git: {policies: [{repos: [{url: \"*\"}], gpg: {mode: head, keys: [0123456789ABCDEF]}}]}}"
    check "another's key is not allowed" not sync_app integrity
    check "which is said" operation integrity "signed with unallowed key (key_id=$key)"
    check "without gpg nothing passes" not env PATH="$(without_gpg)" "$BASH" -c "$(declare -f ctl ctl_as sync_app); work='$work' TIPHYSCTL='$TIPHYSCTL' sync_app integrity"
    check "and the reason is said" operation integrity "signatures are checked by gpg"
    gpgconf --homedir "$home" --kill all
    rm -rf "$home"
}

# A PATH with every program that tiphysctl needs but gpg.
without_gpg() {
    local folder=$work/without program
    mkdir -p "$folder"
    for program in timeout env git; do
        ln -sf "$(command -v $program)" "$folder/$program"
    done
    echo "$folder"
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
run_parts "globals accounts scoped only_scoped named unseen namespaces integrity deletion" "$@"
