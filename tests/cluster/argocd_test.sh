#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tiphysctl beside the real Argo CD: the controller does what is asked for, and compares applications as Tiphys does.
# TIPHYSCTL names the program, TIPHYS_KEEP=1 keeps what a failed run leaves. Exit code 77: something is not built.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
TIPHYSCTL=${TIPHYSCTL:-$TIPHYS_ROOT/build/bin/tiphysctl}
manifests=$TIPHYS_ROOT/tests/cluster/argocd
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-argocd.XXXXXX")
repository=$work/repository
passed=0 failed=0

cluster() { "$TIPHYS_ROOT/dev" cluster --dir "$work/cluster" "$@"; }
k() { kubectl --kubeconfig "$work/cluster/kubeconfig/admin.yaml" --cache-dir "$work/kubectl-cache" "$@"; }
ctl_as() { # IDENTITY ARGUMENTS… (of `tiphysctl app`)
    local identity=$1
    shift
    XDG_CACHE_HOME=$work/cache KUBECONFIG=$work/cluster/kubeconfig/$identity.yaml "$TIPHYSCTL" app "$@"
}
ctl() { ctl_as admin "$@"; }

finish() {
    [ "$failed" -gt 0 ] && [ -n "${TIPHYS_KEEP:-}" ] && { echo "kept $work and its cluster"; return; }
    cluster down >/dev/null 2>&1
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# check SENTENCE COMMAND…
check() {
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "ok      $sentence"
    else
        failed=$((failed + 1))
        echo "FAILED  $sentence"
        tail -n 30 <<<"$output" | sed 's/^/            /'
    fi
}

# eventually SECONDS COMMAND…: until it succeeds
eventually() {
    local end=$((SECONDS + $1)) output
    shift
    until output=$("$@" 2>&1); do
        [ $SECONDS -lt $end ] || { echo "$output"; return 1; }
        sleep 0.3
    done
}

not() { ! "$@"; }
stored() { k get application "$1" -n argocd -o json; }

# holds NAME FILTER: of the stored Application, as the cluster's kubectl reads it
holds() {
    stored "$1" | jq -e "$2" >/dev/null && return
    echo "not so: $2"
    stored "$1" | jq -c '{operation, state: .status.operationState, history: .status.history}'
    return 1
}

# refused TEXT COMMAND…: fails, and its message has the text
refused() {
    local wanted=$1 output
    shift
    output=$("$@" 2>&1) && { echo "it was done: $output"; return 1; }
    grep -qF -- "$wanted" <<<"$output" || { echo "$output"; return 1; }
}

commit() { # MESSAGE
    git -C "$repository" add -A &&
        git -C "$repository" -c user.name=test -c user.email=test@example.test commit -qm "$1"
}
head_commit() { git -C "$repository" rev-parse HEAD; }

# --- The applications ------------------------------------------------------------------------------------------------

# application NAME [FILTER]: one whose path and namespace have its name; the jq filter changes it
application() {
    jq -n --arg name "$1" --arg url "file://$repository" '{
        apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: {name: $name, namespace: "argocd"},
        spec: {
            project: "default",
            source: {repoURL: $url, targetRevision: "main", path: $name},
            destination: {server: "https://kubernetes.default.svc", namespace: $name},
            syncPolicy: {syncOptions: ["CreateNamespace=true"]}}}' | jq "${2:-.}"
}

ignore_rules='.spec.ignoreDifferences = [
    {group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"],
     jqPathExpressions: [".spec.template.spec.containers[] | select(.name == \"side\") | .image"]},
    {group: "", kind: "ConfigMap", name: "named", jqPathExpressions: [".data.free", ".data.added"]},
    {group: "", kind: "ConfigMap", name: "drifts", namespace: "elsewhere", jsonPointers: ["/data/fixed"]}]'
two_sources='.spec.source as $source | .spec.sources = [$source + {path: "multi-a"}, $source + {path: "multi-b"}]
    | del(.spec.source)'
folders='.spec.source.directory = {recurse: true, exclude: "*unwanted*", include: "{top.yaml,inner/*.yaml}"}'

all_applications() {
    local name
    for name in workloads config batch network scaling storage rbac drift extra missing waves degraded pending \
        suspended duplicate never hooked shared doomed kept broken nowhere; do
        application $name
    done
    application kinds '.spec.syncPolicy.syncOptions += ["SkipDryRunOnMissingResource=true"]'
    application ignored "$ignore_rules"
    application serverside '.spec.syncPolicy.syncOptions += ["ServerSideApply=true"]'
    application multi "$two_sources"
    application folders "$folders"
    application automated '.spec.syncPolicy.automated = {}'
}

# Synced at the start, so that there is something to compare; the others are kept for later.
synced=(workloads config batch network scaling storage rbac drift extra missing waves degraded pending suspended
    duplicate kinds ignored serverside multi folders doomed kept)
compared=("${synced[@]}" never shared broken nowhere automated)

make_repository() {
    git init -q -b main "$repository" && cp -r "$manifests"/* "$repository" && commit "add applications"
}

sync_of() { ctl sync "$1" --timeout 120; }
export -f ctl ctl_as sync_of
export work TIPHYSCTL

# Several at a time; each prints "NAME CODE".
sync_all() {
    local name
    printf '%s\n' "${synced[@]}" |
        xargs -P 4 -I{} bash -c "sync_of {} >$work/sync-{}.log 2>&1; echo {} \$?" >"$work/synced"
    for name in "${synced[@]}"; do
        check "app sync $name: the controller does it" was_synced "$name"
    done
}

was_synced() {
    # Two of the jobs of batch fail by design; an operation waits only for hooks and waves, not for health.
    grep -qx "$1 0" "$work/synced" || { cat "$work/sync-$1.log"; return 1; }
    holds "$1" "def first: if (.revision // \"\") != \"\" then .revision else .revisions[0] end;
        .operation == null and .status.operationState.phase == \"Succeeded\"
        and .status.operationState.operation.initiatedBy.username == \"$admin\"
        and (.status.operationState.syncResult | first) == \"$first\"
        and (.status.operationState.operation.sync | first) == \"$first\"
        and (.status.history | length) == 1 and (.status.history[0] | first) == \"$first\"
        and .status.history[0].initiatedBy.username == \"$admin\""
}

test_start() {
    check "a cluster starts" cluster up || return
    check "a Git repository is made" make_repository
    check "Argo CD starts" cluster argocd up || return
    first=$(head_commit)
    admin=$(k auth whoami -o 'jsonpath={.status.userInfo.username}')
    check "the applications are created" create_applications
    check "the controller compares each of them" eventually 90 all_reconciled
}

create_applications() { all_applications | jq -s '{apiVersion: "v1", kind: "List", items: .}' | k create -f -; }

all_reconciled() {
    local waiting
    waiting=$(k get applications -n argocd -o json |
        jq -r '[.items[] | select(.status.reconciledAt == null) | .metadata.name] | join(" ")') || return 1
    [ -z "$waiting" ] || { echo "not reconciled: $waiting"; return 1; }
}

# --- Changes behind Argo CD's back -------------------------------------------------------------------------------------

make_drift() {
    k patch configmap settings -n drift --type merge -p '{"data":{"mode":"slow","more":"1"},"metadata":{"labels":{"colour":"red"}}}' &&
        k label configmap labelled -n drift size=big && k annotate configmap labelled -n drift note=mine &&
        k patch configmap added -n drift --type merge -p '{"data":{"extra":"1"}}' &&
        k patch secret login -n drift --type merge -p '{"stringData":{"user":"bob"}}' &&
        k scale deployment scaled -n drift --replicas 3 &&
        k patch service ports -n drift --type json -p '[{"op":"replace","path":"/spec/ports/0/port","value":81}]' &&
        k delete configmap,service gone -n missing &&
        k scale deployment scaled -n ignored --replicas 2 &&
        k set image deployment/scaled -n ignored side=example.test/side:2 &&
        k patch configmap named -n ignored --type merge -p '{"data":{"free":"two","added":"1"}}' &&
        k patch configmap drifts -n ignored --type merge -p '{"data":{"fixed":"two"}}' &&
        k patch configmap settings -n serverside --type merge -p '{"data":{"mode":"slow"}}' &&
        k patch configmap shared -n serverside --type merge -p '{"data":{"other":"1"}}' &&
        k label deployment web -n serverside mine=yes &&
        k patch configmap kept -n extra --type merge -p '{"metadata":{"labels":{"mine":"yes"}}}' || return
    # A tracked object that is nowhere in Git, and one that says it is but in another place.
    k apply -f - <<YAML
apiVersion: v1
kind: ConfigMap
metadata: {name: tracked, namespace: drift, annotations: {argocd.argoproj.io/tracking-id: "drift:/ConfigMap:drift/tracked"}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: copied, namespace: drift, annotations: {argocd.argoproj.io/tracking-id: "drift:/ConfigMap:drift/original"}}
YAML
}

second_commit() {
    rm "$repository/extra/removed.yaml"
    sed -i 's/word: first/word: second/' "$repository/extra/kept.yaml"
    commit "extra: remove two, change one"
}

# --- Both comparisons --------------------------------------------------------------------------------------------------

# What either side says, one line a fact. Conditions: those that a comparison finds.
stored_facts='.status | "sync \(.sync.status)", "health \(.health.status)",
    "revision \([.sync.revision, (.sync.revisions // [])[]] | map(select(. != null and . != "")) | join(" "))",
    ((.resources // [])[] | resource), ((.conditions // [])[] | condition)'
computed_facts='.tiphys.computed | "sync \(.sync)", "health \(.health)", "revision \(.revisions | join(" "))",
    (.resources[] | resource), (.conditions[] | condition)'
fact_words='def resource: "resource \(.group // "")/\(.version)/\(.kind) \(.namespace // "")/\(.name) \(.status // "-")"
        + " prune=\(.requiresPruning // false) hook=\(.hook // false) wave=\(.syncWave // 0)"
        + " confirm=\(.requiresDeletionConfirmation // false)";
    def condition: select(.type | IN("ComparisonError", "RepeatedResourceWarning", "SharedResourceWarning",
        "ExcludedResourceWarning", "InvalidSpecError")) | "condition \(.type): \(.message)";'

facts_are_equal() { # NAME: where both agree by now
    local both=$work/both-$1
    ctl get "$1" -o json --computed >"$both" || return
    diff -U0 --label controller --label tiphysctl \
        <(jq -r "$fact_words $stored_facts" "$both" | as_tiphys_says "$1" | sort) \
        <(jq -r "$fact_words $computed_facts" "$both" | sort) | tail -n +3
}

# The known differences, by application: mostly what Argo CD 3.5, which Tiphys follows, says in place of 3.2.
as_tiphys_says() { # NAME
    case $1 in
        # An autoscaler without metrics: 3.2 stops at its first good condition, 3.5 looks for a bad one first.
        scaling) sed 's/^health Healthy$/health Degraded/' ;;
        # Some of its resources are missing: 3.5 says Missing only where all are.
        missing) sed 's/^health Missing$/health Healthy/' ;;
        # Argo CD says whether such an error is an old one.
        nowhere) sed "s/Manifest generation error (cached): //" ;;
        broken) sed 's/rpc error: code = Unknown desc = Manifest generation error (cached): //' ;;
        *) cat ;;
    esac
}

refresh_is_done() { holds "$1" '.metadata.annotations["argocd.argoproj.io/refresh"] == null'; }

test_comparisons() {
    check "objects are changed, removed and added behind its back" make_drift
    check "the branch goes on" second_commit
    local name
    for name in "${compared[@]}"; do
        ctl refresh "$name" --hard >/dev/null 2>&1
    done
    for name in "${compared[@]}"; do
        check "the controller refreshes $name" eventually 60 refresh_is_done "$name"
        check "both compare $name alike" eventually 45 facts_are_equal "$name"
    done
    check "what was compared is not all Synced and Healthy" states_vary
}

states_vary() {
    local states
    states=$(k get applications -n argocd -o json | jq -r '.items[].status | .sync.status, .health.status' | sort -u | xargs)
    [ "$states" = "Degraded Healthy Missing OutOfSync Progressing Suspended Synced Unknown" ] || { echo "$states"; return 1; }
}

# --- What is asked for, and what is refused ------------------------------------------------------------------------------

test_acts() {
    second=$(head_commit)
    check "a dry run changes nothing and leaves no history" dry_run
    check "app sync --resource syncs that resource alone, without history" selective_sync
    check "app sync without --prune leaves what is no longer in Git" sync_without_prune
    check "app sync --prune deletes it" sync_with_prune
    check "app rollback deploys the entry before again" rollback
    check "app history shows the four entries" test "$(ctl history extra -o json | jq length)" = 4
    check "its text has the user and the short revision" grep -q "${second:0:7} .*$admin" <(ctl history extra)
    check "app wait waits for all three" ctl wait config --timeout 60
    check "app wait that cannot be reached times out" refused "timed out after 2 s" ctl wait degraded --timeout 2
    check "app terminate ends a sync that waits for a hook; others are refused meanwhile" terminate
    check "app delete deletes the resources too" delete_with_resources
    check "app delete --cascade none leaves them" delete_without_resources
}

dry_run() {
    ctl sync drift --dry-run --timeout 60 && holds drift '(.status.history | length) == 1
        and .status.operationState.operation.sync.dryRun and .status.operationState.phase == "Succeeded"' &&
        [ "$(k get configmap settings -n drift -o 'jsonpath={.data.mode}')" = slow ]
}

selective_sync() {
    ctl sync drift --resource :ConfigMap:settings --timeout 60 && holds drift '(.status.history | length) == 1
        and .status.operationState.phase == "Succeeded"
        and .status.operationState.operation.sync.resources == [{kind: "ConfigMap", name: "settings"}]
        and [.status.operationState.syncResult.resources[].name] == ["settings"]' &&
        [ "$(k get configmap settings -n drift -o 'jsonpath={.data.mode}')" = fast ] &&
        [ "$(k get deployment scaled -n drift -o 'jsonpath={.spec.replicas}')" = 3 ]
}

sync_without_prune() {
    not ctl sync extra --timeout 60 && holds extra ".status.operationState.syncResult.revision == \"$second\"
        and ([.status.operationState.syncResult.resources[] | select(.status == \"PruneSkipped\") | .name] | sort)
            == [\"removed\", \"tolerated\"]" &&
        k get configmap removed -n extra && [ "$(word_of kept)" = second ]
}
word_of() { k get configmap "$1" -n extra -o 'jsonpath={.data.word}'; }

sync_with_prune() {
    ctl sync extra --prune --timeout 60 && holds extra '[.status.history[].id] == [0, 1, 2]
        and .status.operationState.operation.sync.prune' && not k get configmap removed -n extra
}

# Entry 0 is the first commit; 1 and 2 are the second.
rollback() {
    ctl rollback extra 0 --timeout 60 && holds extra ".status.operationState.phase == \"Succeeded\"
        and .status.operationState.operation.sync.revision == \"$first\"
        and .status.operationState.operation.initiatedBy.username == \"$admin\"
        and .status.operationState.syncResult.revision == \"$first\"
        and .status.history[-1].revision == \"$first\" and .status.history[-1].id == 3" &&
        [ "$(word_of kept)" = first ] && k get configmap removed -n extra
}

terminate() {
    ctl sync hooked --async && eventually 60 holds hooked '.status.operationState.phase == "Running"
        and .status.operationState.message == "waiting for completion of hook batch/Job/endless"' || return
    refused "another operation is already in progress" ctl sync hooked || return
    refused "another operation is already in progress" ctl rollback hooked 0 || return
    ctl terminate hooked && eventually 60 holds hooked '.operation == null and .status.operationState.phase == "Failed"
        and .status.operationState.message == "Operation terminated"' && not k get configmap behind -n hooked &&
        refused "no operation is in progress" ctl terminate hooked
}

delete_with_resources() {
    ctl delete doomed --yes && eventually 60 is_gone application doomed -n argocd && is_gone configmap doomed -n doomed
}
delete_without_resources() {
    ctl delete kept --cascade none --yes && eventually 60 is_gone application kept -n argocd &&
        k get configmap survivor -n kept
}
is_gone() { refused NotFound k get "$@"; }

test_guards() {
    check "automated sync has synced by itself" eventually 60 holds automated '.status.sync.status == "Synced"
        and .status.operationState.operation.initiatedBy.automated'
    check "another revision is refused while automated sync is on" \
        refused "cannot sync to $first: auto-sync currently set to main" ctl sync automated --revision "$first"
    check "rollback is refused while automated sync is on" \
        refused "rollback cannot be initiated when auto-sync is enabled" ctl rollback automated 0
    check "neither left a request behind" holds automated '.operation == null
        and .status.operationState.operation.initiatedBy.automated'
    check "an unknown entry of the history is refused" \
        refused "does not have deployment with id 99" ctl rollback config 99
    check "sync is refused while the application is being deleted" refused_while_deleted
    check "the reconciler is the controller" reconciler_is_controller
    for act in sync refresh "rollback config 0" "delete config --yes"; do
        # shellcheck disable=SC2086
        set -- $act
        check "app $1 --local-engine is refused beside it" refused \
            "the local engine must not run here: a controller wrote status" ctl "$1" "${2:-config}" "${@:3}" --local-engine
    done
    check "engine run is refused beside it" refused "the local engine must not run here" engine_run
    check "none of these left a request behind" holds config '.operation == null and (.status.history | length) == 1
        and .metadata.deletionTimestamp == null'
    check "no Lease of an engine was taken" is_gone lease tiphys-engine -n argocd
    check "readonly lists applications" grep -q "config .*Synced .*Healthy" <(ctl_as readonly list -n argocd)
    check "readonly may not sync, and is told the right" refused 'cannot patch resource "applications"' \
        ctl_as readonly sync config
    check "readonly may not delete" refused 'cannot' ctl_as readonly delete config --yes
}

engine_run() {
    XDG_CACHE_HOME=$work/cache KUBECONFIG=$work/cluster/kubeconfig/admin.yaml timeout 30 "$TIPHYSCTL" engine run --once -n argocd
}

refused_while_deleted() {
    k patch application never -n argocd --type merge -p '{"metadata":{"finalizers":["tiphys.dev/keep"]}}' &&
        k delete application never -n argocd --wait=false && refused "is being deleted" ctl sync never &&
        k patch application never -n argocd --type merge -p '{"metadata":{"finalizers":null}}'
}

reconciler_is_controller() {
    ctl get config -o json | jq -e '.tiphys.reconciler == "controller"' ||
        { ctl get config -o json | jq .tiphys; return 1; }
}

test_views() {
    check "app list shows every application" test "$(ctl list -n argocd -o json | jq length)" = \
        "$(k get applications -n argocd -o name | wc -l)"
    check "app list -o json has the stored objects" list_is_stored
    check "app get names the reconciler and the resources" grep -Eq "apps +Deployment +workloads +web +Synced" \
        <(ctl get workloads)
    check "app tree has the pods below their owners" tree_has_pods
    check "app diff of a synced application is empty" ctl diff config
    check "app diff shows what was changed" drift_is_shown
    check "app diff never shows the value of a secret" not grep -Eq "Ym9i|bob" <(ctl diff drift)
    check "app manifests prints what Git wants" manifests_are_right
    check "app logs prints the logs of the pods" grep -q "listening on :8080" <(ctl logs workloads)
    check "and those of the containers before" grep -q "cannot go on" <(ctl logs workloads -p)
    check "app logs of an application without pods says so" refused "has no such pods" ctl logs config
}

list_is_stored() {
    diff <(ctl list -n argocd -o json | jq -S '[.[] | {name: .metadata.name, status: .status.sync}] | sort_by(.name)') \
        <(k get applications -n argocd -o json |
            jq -S '[.items[] | {name: .metadata.name, status: .status.sync}] | sort_by(.name)')
}

tree_has_pods() {
    ctl tree workloads -o json | jq -e '. as $nodes
        | [.[] | select(.kind == "Pod") | $nodes[.parent].kind] | sort
        == ["DaemonSet", "ReplicaSet", "ReplicaSet", "StatefulSet", "StatefulSet"]' ||
        { ctl tree workloads; return 1; }
}

drift_is_shown() {
    local code
    ctl diff drift >"$work/diff"
    code=$?
    [ $code -eq 1 ] && grep -q -- "-  replicas: 3" "$work/diff" && grep -q -- "+  replicas: 1" "$work/diff" ||
        { echo "exit code $code"; cat "$work/diff"; return 1; }
}

manifests_are_right() {
    [ "$(ctl manifests folders -o json | jq -rs '[.. | objects | select(.kind? == "ConfigMap") | .metadata.name] | sort | join(" ")')" \
        = "listed-one listed-two top wanted" ]
}

if ! path=$("$TIPHYS_ROOT/dev" oracles --path kubernetes etcd kwok argocd kustomize helm); then
    echo "skipped: the real tools are not built (./dev oracles)"
    exit 77
fi
for program in redis-server jq git; do
    command -v $program >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done
[ -x "$TIPHYSCTL" ] || { echo "skipped: $TIPHYSCTL is not built"; exit 77; }
PATH=$path:$PATH

test_start
if [ $failed -eq 0 ]; then
    sync_all
    test_comparisons
    test_views
    test_acts
    test_guards
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
