#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The local engine against a real API server: tiphysctl does what Argo CD's controller would do, and does it once.
# Arguments: the parts wanted. TIPHYSCTL names the program (default: build/bin/tiphysctl). Exit code 77: skipped, with
# the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-engine.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"

test_start() {
    check "a cluster starts" cluster up || return
    check "install-crds adds the types" says 0 "applications.argoproj.io created" "appprojects.argoproj.io created" \
        -- ctl admin install-crds
    check "a second time it leaves them alone" says 0 "applications.argoproj.io is there already" -- ctl admin install-crds
    check "the type is served" eventually 20 k get applications -A
}

# --- create, compare, sync, drift

test_basics() {
    repository basics
    deployment web "" "" 2 | manifest basics web
    configmap settings | manifest basics settings
    commit basics
    check "an application is created" create_app basics
    check "what Git wants and the cluster has not is a difference" says 1 "kind: Deployment" "kind: ConfigMap" -- ctl app diff basics
    check "nobody would sync without the local engine" says 1 "nobody would do it" -- ctl app sync basics
    mark
    check "sync succeeds" says 0 "Succeeded: successfully synced (all tasks run)" -- sync_app basics
    check "it wrote each resource once, in the order of their kinds" wrote "create configmaps/settings" "create deployments/web"
    check "the status says so" state_of basics "Synced Healthy Succeeded"
    check "it names no control plane that nobody has found" app_is basics '{.status.controllerNamespace}' ""
    check "the status has the commit" app_is basics '{.status.sync.revision}' "$(head_of basics)"
    check "the history has one entry" app_is basics '{.status.history[*].id}' 0
    check "then there is no difference" code 0 ctl app diff basics
    mark
    check "a second sync succeeds" sync_app basics
    check "it creates nothing" not grep -q create <(written)
    k scale deployment web -n team-a --replicas=5 >/dev/null
    check "drift is a difference" says 1 "-  replicas: 5" "+  replicas: 2" -- ctl app diff basics
    check "sync repairs it" sync_app basics
    check "it is repaired" is '{.spec.replicas}' 2 deployment web -n team-a
    check "then there is no difference again" code 0 ctl app diff basics
}

# --- waves and hooks

test_hooks() {
    repository hooks
    {
        hook before PreSync BeforeHookCreation
        configmap first "$(wave 0)"
        deployment second "$(wave 1)"
        configmap third "$(wave 2)"
        hook after PostSync HookSucceeded
    } | manifest hooks all
    commit hooks
    create_app hooks >/dev/null
    mark
    check "a sync with waves and hooks succeeds" says 0 "Succeeded" -- sync_app hooks
    check "hooks and waves are created in their order" in_order "create jobs/before" "create configmaps/first" \
        "create deployments/second" "create configmaps/third" "create jobs/after"
    check "each hook once" counted 1 "create jobs/before"
    check "also the one after" counted 1 "create jobs/after"
    check "a hook of HookSucceeded is deleted at the end" eventually 10 absent job after -n team-a
    check "one of BeforeHookCreation stays" k get job before -n team-a
    check "hooks do not make it OutOfSync" state_of hooks "Synced Healthy Succeeded"
    local uid
    uid=$(k get job before -n team-a -o 'jsonpath={.metadata.uid}')
    mark
    check "a second sync runs the hooks again" sync_app hooks
    check "the old hook is deleted before the new one is made" in_order "delete jobs/before" "create jobs/before" "create jobs/after"
    check "it is another one" not is '{.metadata.uid}' "$uid" job before -n team-a
}

test_failing_hook() {
    repository bad-hook
    {
        hook breaks PreSync "" fail
        configmap never
        hook rescue SyncFail
    } | manifest bad-hook all
    commit bad-hook
    create_app bad-hook >/dev/null
    mark
    local began=$SECONDS
    check "a sync whose PreSync hook fails has failed" says 1 "Failed: " -- sync_app bad-hook
    check "it is told when it is known" quick "$began" 25
    check "the status says so" app_is bad-hook '{.status.operationState.phase}' Failed
    check "nothing of phase Sync was applied, the SyncFail hook ran" wrote_mostly "create jobs/breaks" "create jobs/rescue"
    check "it stays so" absent configmap never -n team-a
    check "the failed one gets no history" app_is bad-hook '{.status.history}' ""
}

quick() { [ $((SECONDS - $1)) -lt "$2" ] || { echo "took $((SECONDS - $1)) s"; return 1; }; } # BEGAN SECONDS

# The creates and deletes since mark; hooks may be patched for their finalizers.
wrote_mostly() {
    local got wanted
    got=$(written | grep -E '^(create|delete)')
    wanted=$(printf '%s\n' "$@")
    [ "$got" = "$wanted" ] || { printf 'written:\n%s\nnot:\n%s\n' "$got" "$wanted"; return 1; }
}

test_prune() {
    repository pruned
    configmap stays | manifest pruned stays
    configmap goes | manifest pruned goes
    configmap last "argocd.argoproj.io/sync-options: PruneLast=true" | manifest pruned last
    commit pruned
    create_app pruned >/dev/null
    check "a sync of three succeeds" sync_app pruned
    rm "$work/git/pruned/app/goes.yaml" "$work/git/pruned/app/last.yaml"
    configmap new | manifest pruned new
    commit pruned
    mark
    check "without --prune nothing is deleted" says 1 PruneSkipped "ignored (requires pruning)" "2 resources require pruning" -- sync_app pruned
    check "only the new one is made" wrote_mostly "create configmaps/new"
    check "the rest makes it OutOfSync" app_is pruned '{.status.sync.status}' OutOfSync
    check "and is marked for pruning" has '{.status.resources[?(@.name=="goes")].requiresPruning}' true application pruned -n argocd
    configmap newer | manifest pruned newer
    commit pruned
    mark
    check "with --prune it succeeds" says 0 Pruned -- sync_app pruned --prune
    check "what prunes last is deleted last" in_order "delete configmaps/goes" "delete configmaps/last"
    check "they are gone" absent configmap goes last -n team-a
    check "then it is Synced" state_of pruned "Synced Healthy Succeeded"
}

# --- selective sync, dry run, rollback, history

test_selective() {
    repository chosen
    {
        hook chosen-before PreSync
        configmap chosen-one
        configmap chosen-two
    } | manifest chosen all
    commit chosen
    create_app chosen >/dev/null
    mark
    check "a dry run succeeds" says 0 "Succeeded" -- sync_app chosen --dry-run
    check "it changes nothing" not grep -qv "(dry run)" <(written)
    check "and gets no history" app_is chosen '{.status.history}' ""
    mark
    check "a sync of one resource succeeds" says 0 "Succeeded" -- sync_app chosen --resource :ConfigMap:chosen-one
    check "no hook runs, no other is made" wrote "create configmaps/chosen-one"
    check "it gets no history" app_is chosen '{.status.history}' ""
    check "the application is still OutOfSync" app_is chosen '{.status.sync.status}' OutOfSync
    check "a resource that is not one of its own is an error" says 1 "has no ConfigMap absent" -- sync_app chosen --resource :ConfigMap:absent
    check "for which no operation is written" app_is chosen '{.operation}{.status.operationState.operation.sync.resources[*].name}' chosen-one
    configmap chosen-new | manifest chosen new
    commit chosen
    check "one that is new in Git is found" says 0 "Succeeded" -- sync_app chosen --resource :ConfigMap:chosen-new
    repository chosen-side
    configmap side-one | manifest chosen-side one
    commit chosen-side
    git -C "$work/git/chosen-side" tag before
    configmap side-new | manifest chosen-side new
    commit chosen-side
    k apply -f - >/dev/null <<YAML
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: chosen-pair, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: team-a}
  sources:
  - {repoURL: "$(url chosen)", path: app, targetRevision: main}
  - {repoURL: "$(url chosen-side)", path: app, targetRevision: before}
YAML
    check "of several sources it is not found at their revisions" says 1 "has no ConfigMap side-new" -- sync_app chosen-pair --resource :ConfigMap:side-new
    check "it is where another revision is named" says 0 "Succeeded" -- sync_app chosen-pair --resource :ConfigMap:side-new --revisions main --source-positions 2
}

test_history() {
    repository history
    local i
    configmap told "" one | manifest history told
    commit history
    create_app history >/dev/null
    k patch application history -n argocd --type merge -p '{"spec":{"revisionHistoryLimit":2}}' >/dev/null
    check "the first sync succeeds" sync_app history
    for i in two three; do
        configmap told "" $i | manifest history told
        commit history
        check "sync $i succeeds" sync_app history
    done
    check "the limit of the history is kept" app_is history '{.status.history[*].id}' "1 2"
    check "history lists them" says 0 "$(head_of history | cut -c1-7)" -- ctl app history history
    check "rollback to the one before succeeds" says 0 Succeeded -- ctl app rollback history --local-engine --timeout 90
    check "the cluster has what it had" is '{.data.word}' two configmap told -n team-a
    check "the application is OutOfSync then" app_is history '{.status.sync.status}' OutOfSync
    check "an entry that is not there is an error" says 1 "99" -- ctl app rollback history 99 --local-engine --timeout 90
    check "a revision that is not there is an error" says 1 "no-such-branch" -- sync_app history --revision no-such-branch
}

# --- deletion

test_delete() {
    local name
    for name in cascade orphan held; do
        repository $name
        {
            deployment $name
            configmap $name
        } | manifest $name all
        commit $name
        create_app $name >/dev/null
        check "application $name is synced" sync_app $name
    done
    check "deletion asks where nobody says yes" says 1 "--yes" -- ctl app delete cascade --local-engine
    check "deletion with its resources succeeds" says 0 "was deleted" \
        -- ctl app delete cascade --cascade foreground --local-engine --yes
    check "the application is gone" absent application cascade -n argocd
    check "the resources are gone" absent deployment,configmap -n team-a --field-selector metadata.name=cascade
    check "deletion without them succeeds" ctl app delete orphan --cascade none --yes
    check "that application is gone" eventually 10 absent application orphan -n argocd
    check "its resources stay" k get deployment/orphan configmap/orphan -n team-a
    k patch configmap held -n team-a --type merge -p '{"metadata":{"finalizers":["example.test/hold"]}}' >/dev/null
    check "a deletion that does not end says how it goes on" says 1 "timed out after 8 s" \
        "'tiphysctl app wait argocd/held --delete --local-engine' goes on" -- ctl app delete held --local-engine --yes --timeout 8
    k patch configmap held -n team-a --type merge -p '{"metadata":{"finalizers":null}}' >/dev/null
    check "it does" code 0 ctl app wait argocd/held --delete --local-engine --timeout 60
    check "that one is gone, too" absent application held -n argocd
}

# --- the engine in the background

# app_events APP MESSAGES…: Events about the application say these
app_events() {
    local found message
    found=$(k get events -n argocd --field-selector "involvedObject.name=$1" -o 'jsonpath={range .items[*]}{.message}{"\n"}{end}')
    for message in "${@:2}"; do
        grep -qxF "$message" <<<"$found" || { printf '%s\n' "no '$message' in:" "$found"; return 1; }
    done
}

test_engine() {
    repository auto
    configmap auto "" one | manifest auto auto
    commit auto
    create_app auto --sync-policy automated --auto-prune --self-heal >/dev/null
    # Without a limit the default of automated syncs applies: 5 more tries.
    k patch application auto -n argocd --type merge -p '{"spec":{"syncPolicy":{"retry":{"limit":0}}}}' >/dev/null
    start_engine "$work/engine.log" --app auto
    check "an engine starts" eventually 20 grep -q "at work" "$work/engine.log"
    check "it syncs by itself" eventually 30 state_of auto "Synced Healthy Succeeded"
    check "Events tell of it" eventually 10 app_events auto "Initiated automated sync to '$(head_of auto)'" "Updated sync status: OutOfSync -> Synced"
    check "it holds the Lease" not is '{.spec.holderIdentity}' "" lease tiphys-engine -n argocd
    check "a second engine is refused while it runs" says 1 "at work" -- ctl engine run --once
    check "so is a sync by another program" says 1 "at work" -- ctl app sync auto --local-engine --timeout 20
    configmap auto "" two | manifest auto auto
    commit auto
    k annotate application auto -n argocd argocd.argoproj.io/refresh=normal >/dev/null
    check "a new commit is synced" eventually 30 is '{.data.word}' two configmap auto -n team-a
    check "the operation is done" eventually 20 app_is auto '{.operation}{.status.sync.revision}' "$(head_of auto)"
    k patch configmap auto -n team-a --type merge -p '{"data":{"word":"drift"}}' >/dev/null
    check "drift is healed" eventually 30 is '{.data.word}' two configmap auto -n team-a
    printf '%s\n' "apiVersion: apps/v1" "kind: Deployment" "metadata: {name: broken}" \
        "spec: {replicas: 1, selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: y}}, spec: {containers: []}}}" |
        manifest auto broken
    commit auto
    k annotate application auto -n argocd argocd.argoproj.io/refresh=normal >/dev/null
    check "a commit that cannot be applied fails" eventually 40 failed_for "$(head_of auto)"
    local finished
    finished=$(k get application auto -n argocd -o 'jsonpath={.status.operationState.finishedAt}')
    k annotate application auto -n argocd argocd.argoproj.io/refresh=normal >/dev/null
    check "the application is compared again" eventually 20 not has '{.metadata.annotations}' refresh application auto -n argocd
    check "the failed commit is not tried again" app_is auto '{.operation}{.status.operationState.finishedAt}' "$finished"
    check "a condition says why" has '{.status.conditions[*].message}' "Failed" application auto -n argocd
    kill -TERM "$engine"
    check "SIGTERM ends the engine" eventually 15 ended "$engine"
    check "it gives the Lease up" is '{.spec.holderIdentity}' "" lease tiphys-engine -n argocd
    k patch application auto -n argocd --type json -p '[{"op":"remove","path":"/spec/syncPolicy"}]' >/dev/null
}

failed_for() {
    app_is auto '{.status.operationState.phase} {.status.operationState.syncResult.revision}' "Failed $1"
}

test_controller() {
    local kind
    repository guarded
    configmap guarded | manifest guarded guarded
    commit guarded
    create_app guarded >/dev/null
    for kind in Deployment StatefulSet; do
        deployment argocd-application-controller | sed "s/kind: Deployment/kind: $kind/" | k apply -n argocd -f - >/dev/null
        check "no engine starts beside a controller in a $kind" says 1 "must not run" "argocd-application-controller" \
            -- ctl engine run --once
        check "no sync either" says 1 "must not run" -- sync_app guarded
        check "and nothing was asked for" app_is guarded '{.operation}{.status.operationState}' ""
        k delete $kind argocd-application-controller -n argocd --wait >/dev/null
    done
    check "it starts once that is gone" says 1 "no application 'no-such-app'" -- ctl engine run --once --app no-such-app
}

# What would only pretend where nobody reconciles.
test_nobody() {
    repository honest
    {
        hook slow PreSync "" pending
        configmap honest
    } | manifest honest all
    commit honest
    create_app honest >/dev/null
    check "refresh says that nobody would do it" says 1 "nobody would do it" "--local-engine" -- ctl app refresh honest
    check "it leaves nothing behind" not has '{.metadata.annotations}' refresh application honest -n argocd
    check "wait says so too" says 1 "nobody would do it" "sync is" -- ctl app wait honest --sync
    check "with the local engine it waits in earnest" says 1 "timed out" "OutOfSync" -- ctl app wait honest --sync --local-engine --timeout 6
    check "a sync that does not end keeps to its time" says 1 "timed out after 8 s" \
        "'tiphysctl app wait argocd/honest --operation --local-engine' goes on" "'tiphysctl app terminate argocd/honest --local-engine' ends it" \
        -- ctl app sync honest --local-engine --timeout 8
    check "terminate says that nobody would do it" says 1 "nobody would do it" -- ctl app terminate honest
    check "it asks for nothing" app_is honest '{.status.operationState.phase}' Running
    check "with the local engine it is done" says 0 "has ended: Failed" -- ctl app terminate honest --local-engine --timeout 60
    check "really" app_is honest '{.operation}{.status.operationState.phase}' Failed
    configmap honest | manifest honest all
    commit honest
    check "a sync succeeds then" sync_app honest
    check "wait finds what is stored" code 0 ctl app wait honest
    k delete configmap honest -n team-a >/dev/null
    check "with the local engine it looks anew" says 1 "timed out" "OutOfSync" -- ctl app wait honest --local-engine --timeout 6
}

# What the ConfigMaps of the control plane say about operations and about changes that count.
test_settings() {
    repository endless
    hook forever PreSync "" pending | manifest endless all
    commit endless
    create_app endless >/dev/null
    k create configmap argocd-cmd-params-cm -n argocd --from-literal=controller.sync.timeout.seconds=4 >/dev/null
    check "an operation that lasts too long is ended" says 1 "Failed" "triggered by controller sync timeout" -- sync_app endless
    k delete configmap argocd-cmd-params-cm -n argocd >/dev/null

    repository quiet
    configmap quiet "" one | manifest quiet all
    commit quiet
    create_app quiet --sync-policy automated >/dev/null
    k create configmap argocd-cm -n argocd >/dev/null 2>&1 || true
    k patch configmap argocd-cm -n argocd --type merge \
        -p '{"data":{"resource.customizations.ignoreResourceUpdates.ConfigMap":"jqPathExpressions: [.metadata.annotations.leader]"}}' >/dev/null
    start_engine "$work/quiet.log" --app quiet
    check "an engine syncs" eventually 40 state_of quiet "Synced Healthy Succeeded"
    sleep 3
    local compared
    compared=$(k get application quiet -n argocd -o 'jsonpath={.status.reconciledAt}')
    k annotate configmap quiet -n team-a leader=me >/dev/null
    sleep 4
    check "a change that argocd-cm ignores is not compared for" app_is quiet '{.status.reconciledAt}' "$compared"
    k patch configmap quiet -n team-a --type merge -p '{"data":{"word":"drift"}}' >/dev/null
    check "one of content is" eventually 15 app_is quiet '{.status.sync.status}' OutOfSync
    kill -TERM "$engine"
    check "the engine ends" eventually 15 ended "$engine"
    k delete configmap argocd-cm -n argocd >/dev/null
    k patch application quiet -n argocd --type json -p '[{"op":"remove","path":"/spec/syncPolicy"}]' >/dev/null
}

# A second Argo CD in the cluster: its own namespace, settings and controller.
test_second_plane() {
    local ns=argocd-b
    repository planes
    configmap planes | manifest planes planes
    commit planes
    create_app planes >/dev/null
    k create namespace $ns >/dev/null
    k create configmap argocd-cm -n argocd >/dev/null 2>&1 || true
    k create configmap argocd-cm -n $ns >/dev/null
    deployment argocd-application-controller | sed "s/kind: Deployment/kind: StatefulSet/" | k apply -n $ns -f - >/dev/null
    k create namespace team-b >/dev/null 2>&1 || true
    ctl app create theirs -n $ns --repo "$(url planes)" --path app --revision main --dest-namespace team-a >/dev/null
    ctl app create stray -n team-b --repo "$(url planes)" --path app --revision main --dest-namespace team-a --validate=false >/dev/null
    check "its application has a controller" says 0 controller "namespace $ns" -- ctl app get $ns/theirs
    check "no sync by the local engine" says 1 "must not run" "argocd-application-controller" "$ns" -- ctl app sync $ns/theirs --local-engine --timeout 30
    check "by its name alone neither" says 1 "must not run" "$ns" -- ctl app sync theirs --local-engine --timeout 30
    check "nothing was asked for" is '{.operation}{.status.operationState}' "" application theirs -n $ns
    check "what another namespace's controller may look after is left alone too" says 1 "must not run" "$ns" \
        -- ctl app sync team-b/stray --local-engine --timeout 30
    check "the list of clusters says that there are two" says 0 "control planes in argocd, $ns" -- ctl cluster list
    check "the engine leaves them alone and says so" says 0 "left alone application=$ns/theirs" "left alone application=team-b/stray" -- ctl engine run --once
    check "really" is '{.operation}{.status.sync.status}' "" application theirs -n $ns
    check "no Lease is taken there" absent lease tiphys-engine -n $ns
    check "it works for the first one's" sync_app planes
    check "whose status names that control plane" app_is planes '{.status.controllerNamespace}' argocd
    k delete statefulset argocd-application-controller -n $ns --wait >/dev/null
    check "with that controller gone the engine works for its applications, with its own Lease" says 0 Succeeded \
        -- ctl app sync $ns/theirs --local-engine --timeout 60
    check "the Lease" is '{.spec.holderIdentity}' "" lease tiphys-engine -n $ns
    check "and their status names it" is '{.status.controllerNamespace}' $ns application theirs -n $ns
    check "from outside it is left alone" says 1 "belongs to the control plane in namespace $ns" -- ctl app sync theirs --local-engine --timeout 30
    k delete application theirs -n $ns >/dev/null
    k delete application stray -n team-b >/dev/null
    k delete configmap argocd-cm -n $ns >/dev/null
}

# --- interruptions

interrupted_app() { # NAME
    repository "$1"
    {
        hook "$1-before" PreSync
        deployment "$1-late" "$(wave 0)" late
        configmap "$1-end" "$(wave 1)"
        hook "$1-after" PostSync
    } | manifest "$1" all
    commit "$1"
    create_app "$1" >/dev/null
}

start_sync() { # NAME
    KUBECONFIG=$work/one/kubeconfig/admin.yaml XDG_CACHE_HOME=$work/cache \
        "$TIPHYSCTL" app sync "$1" --local-engine --timeout 120 >"$work/$1.log" 2>&1 &
    syncing=$!
    background+=("$syncing")
}

test_kill() {
    interrupted_app killed
    mark
    start_sync killed
    check "a sync comes to its first wave" eventually 40 k get deployment killed-late -n team-a
    kill -9 "$syncing"
    wait "$syncing" 2>/dev/null
    check "killed there, it has not done the second" absent configmap killed-end -n team-a
    check "the operation is still asked for" not app_is killed '{.operation}' ""
    check "another run goes on and finishes it" says 0 "going on with it" "Succeeded" -- sync_app killed
    check "the whole is in its order" in_order "create jobs/killed-before" "create deployments/killed-late" \
        "create configmaps/killed-end" "create jobs/killed-after"
    check "no hook was made twice" counted 1 "create jobs/killed-before"
    check "nor the other" counted 1 "create jobs/killed-after"
    check "the application is Synced" state_of killed "Synced Healthy Succeeded"
}

test_api_restart() {
    interrupted_app restarted
    mark
    start_sync restarted
    check "a sync comes to its first wave" eventually 40 k get deployment restarted-late -n team-a
    check "the API server is killed and comes back" cluster restart-api
    wait "$syncing"
    check "the sync finishes" says 0 Succeeded -- same_code $? cat "$work/restarted.log"
    check "no hook was made twice" counted 1 "create jobs/restarted-before"
    check "nor the other" counted 1 "create jobs/restarted-after"
    check "the application is Synced" eventually 20 state_of restarted "Synced Healthy Succeeded"
}

same_code() {
    "${@:2}"
    return "$1"
}

# The branch moves while a sync is under way: it ends with the commit that it began with.
test_moved() {
    interrupted_app moved
    local began
    began=$(head_of moved)
    mark
    start_sync moved
    check "a sync comes to its first wave" eventually 40 k get deployment moved-late -n team-a
    configmap moved-extra | manifest moved extra
    configmap moved-end "$(wave 1)" newer | manifest moved all
    commit moved
    wait "$syncing"
    check "the sync finishes" says 0 Succeeded -- same_code $? cat "$work/moved.log"
    check "it did the commit that it began with" app_is moved '{.status.operationState.syncResult.revision}' "$began"
    check "to its end" is '{.data.word}' ahoy configmap moved-end -n team-a
    check "nothing of the newer one was applied" absent configmap moved-extra -n team-a
    check "the history has that commit" app_is moved '{.status.history[*].revision}' "$began"
    check "the application is OutOfSync then" says 1 "moved-extra" -- ctl app diff moved
    check "the next sync does the newer one, all but what it may not prune" says 1 Succeeded "1 resources require pruning" -- sync_app moved
    check "whole" is '{.data.word}' newer configmap moved-end -n team-a
}

# --- identities

test_identities() {
    repository rights
    configmap rights | manifest rights rights
    commit rights
    create_app rights >/dev/null
    check "readonly lists" says 0 rights -- ctl_as readonly app list
    check "readonly compares" says 1 "kind: ConfigMap" -- ctl_as readonly app diff rights
    check "readonly cannot sync" says 1 patch applications argocd -- ctl_as readonly app sync rights --local-engine --timeout 20
    check "readonly cannot delete" says 1 applications argocd -- ctl_as readonly app delete rights --cascade none --yes
    check "readonly cannot create" says 1 create applications argocd \
        -- ctl_as readonly app create more --repo "$(url rights)" --path app --dest-namespace team-a
    check "none cannot list" says 1 "cannot list" applications 'namespace "default"' -- ctl_as none app list
    check "none cannot read one" says 1 get applications argocd -- ctl_as none app get rights
    check "editor cannot list everywhere" says 1 "cannot list" applications 'namespace "default"' -- ctl_as editor app list
    check "editor cannot read in argocd" says 1 applications argocd -- ctl_as editor app get argocd/rights
    check "editor creates an application in team-a" ctl_as editor app create mine -n team-a --repo "$(url rights)" \
        --path app --revision main --dest-namespace team-a
    check "editor lists in team-a" says 0 mine -- ctl_as editor app list -n team-a
    check "editor compares it" says 1 "kind: ConfigMap" -- ctl_as editor app diff mine -n team-a
    check "editor syncs it" says 0 Succeeded -- ctl_as editor app sync mine -n team-a --local-engine --timeout 60
    check "the resource is there" k get configmap rights -n team-a
    {
        hook rights-before PreSync HookSucceeded
        configmap rights-new "$(wave 1)"
    } | manifest rights rights
    commit rights
    mark
    check "editor syncs hooks and waves, and prunes" says 0 Succeeded -- ctl_as editor app sync mine -n team-a --local-engine --prune --timeout 60
    check "in their order" in_order "create jobs/rights-before" "delete configmaps/rights" "create configmaps/rights-new"
    check "what was pruned is gone" absent configmap rights -n team-a
    check "the hook too" eventually 10 absent job rights-before -n team-a
    check "editor deletes it" says 0 "was deleted" -- ctl_as editor app delete mine -n team-a --local-engine --yes
    check "that resource is gone" absent configmap rights-new -n team-a
}

# --- what is wrong in Git

test_broken() {
    repository good
    configmap good | manifest good good
    commit good
    create_app good >/dev/null

    repository yaml
    printf '%s\n' "apiVersion: v1" "kind: ConfigMap" "metadata:" "  name: [broken" | manifest yaml broken
    commit yaml
    check "broken YAML is not created" says 1 "Unable to generate manifests in app: rpc error: code = FailedPrecondition" "app/broken.yaml" -- create_app yaml
    create_app yaml --validate=false >/dev/null
    check "broken YAML is named with file and line" says 2 "app/broken.yaml" "line" -- ctl app diff yaml
    check "its sync is an error that names the file" says 1 "broken.yaml" -- sync_app yaml
    check "app get shows the condition" says 0 "ComparisonError" "broken.yaml" -- refreshed_get yaml

    repository gone
    configmap gone | manifest gone gone
    commit gone
    create_app gone >/dev/null
    rm -rf "$work/git/gone"
    check "a repository that vanished is named" says 2 "git/gone" -- ctl app diff gone

    check "a revision that is not there is named" says 2 "no-such-branch" -- ctl app diff good --revision no-such-branch

    repository twice
    configmap twice "" one | manifest twice one
    configmap twice "" two | manifest twice two
    commit twice
    create_app twice >/dev/null
    check "a sync with a resource that Git has twice succeeds" says 0 Succeeded -- sync_app twice
    check "a condition warns" has '{.status.conditions[*].type}' RepeatedResourceWarning application twice -n argocd

    repository unknown
    configmap known | manifest unknown known
    printf '%s\n' "apiVersion: example.test/v1" "kind: Widget" "metadata: {name: odd}" | manifest unknown odd
    commit unknown
    create_app unknown >/dev/null
    check "an unknown kind fails the sync" says 1 "example.test/Widget" "CRD is installed" -- sync_app unknown
    check "nothing of it is applied" absent configmap known -n team-a
    check "others are not touched by all that" says 0 Succeeded -- sync_app good
}

refreshed_get() { ctl app refresh "$1" --local-engine && ctl app get "$1"; }

# --- resource actions

on_web() { ctl app actions acts --kind Deployment --name web "$@"; }
on_web_as() { # IDENTITY ARGUMENTS…
    ctl_as "$1" app actions argocd/acts --kind Deployment --name web "${@:2}"
}

test_actions() {
    repository acts
    {
        deployment web "" "" 2
        deployment api
        configmap settings
    } | manifest acts all
    cronjob nightly | manifest acts nightly
    commit acts
    create_app acts >/dev/null
    sync_app acts >/dev/null
    check "every action is listed, with why not" says 0 "restart" "scale" "replicas=" "disabled: it is not paused" \
        "create-job" -- ctl app actions acts
    check "as JSON too" says 0 '"disabledReason": "it is not paused"' '"allowed": true' -- ctl app actions acts -o json
    mark
    check "a dry run shows the patch" says 0 "# patch deployments.apps 'web' in namespace 'team-a'" "restartedAt" "nothing was changed" \
        -- on_web --run restart --dry-run
    check "and asks the server only" wrote "patch deployments/web (dry run)"
    check "it is not restarted" not has '{.spec.template.metadata.annotations}' restartedAt deployment web -n team-a
    local pods
    pods=$(k get pods -n team-a -l app=web -o name)
    mark
    check "restart is done" says 0 "restart done" -- on_web --run restart
    check "by one patch" wrote "patch deployments/web"
    check "the pods roll" eventually 60 rolled "$pods"
    check "an annotation of the template is no drift" code 0 ctl app diff acts
    check "scale takes its parameter" says 0 "scale done" -- on_web --run scale --param replicas=4
    check "it is scaled" is '{.spec.replicas}' 4 deployment web -n team-a
    check "an action without its parameter fails" says 1 "replicas" -- on_web --run scale
    check "an action that is not there fails" says 1 "promote" -- on_web --run promote
    check "several objects need --all" says 1 "2 objects match" -- ctl app actions acts --kind Deployment --run restart
    mark
    check "with it each is written once" ctl app actions acts --kind Deployment --run pause --all
    check "in their order" wrote "patch deployments/api" "patch deployments/web"
    check "a disabled action is run, and said to be" says 0 "marked disabled" "it is paused already" "changes nothing" \
        -- on_web --run pause
    mark
    check "a job is created from its template" says 0 "create-job done" "created Job.batch nightly-" \
        -- ctl app actions acts --kind CronJob --run create-job
    check "after a dry run" test "$(written | sed 's/nightly-[0-9]*/nightly-N/')" = "$(printf '%s\n' "create jobs/nightly-N (dry run)" "create jobs/nightly-N")"
    mark
    check "who may only read is told so" says 1 "you may not patch deployments.apps 'web' in namespace 'team-a'" \
        -- on_web_as readonly --run restart
    check "and sees it in the list" says 0 "refused: you may not patch deployments.apps" -- on_web_as readonly
    check "nothing was sent" test -z "$(written)"
}

rolled() { # THE OLD PODS
    local now
    now=$(k get pods -n team-a -l app=web -o name)
    [ "$(wc -w <<<"$now")" = 2 ] || { echo "$now"; return 1; }
    not grep -qF -e "${1%%$'\n'*}" <<<"$now"
}

cronjob() { # NAME
    cat <<YAML
apiVersion: batch/v1
kind: CronJob
metadata: {name: $1}
spec:
  schedule: "0 3 1 1 *"
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: main, image: example.test/job:1}]}
YAML
}

need kubernetes etcd kwok
run_parts "basics hooks failing_hook prune selective history delete engine settings controller nobody second_plane kill api_restart identities moved broken actions" "$@"
