#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Commands on the applications of the demo cluster. usage: demo_commands_test.sh TIPHYSCTL
set -u
tiphysctl=$1
folder=$(mktemp -d)
"$tiphysctl" demo --port 0 >"$folder/out" 2>"$folder/err" &
demo=$!
trap 'kill -INT $demo 2>/dev/null; wait $demo; rm -rf "$folder"' EXIT
for _ in $(seq 400); do grep -q '^kubeconfig' "$folder/out" && break; read -rt 0.05 <> <(:); done
KUBECONFIG=$(sed -n 's/^kubeconfig: //p' "$folder/out")
export KUBECONFIG HOME=$folder
[ -f "$KUBECONFIG" ] || { echo "the demo cluster did not start"; cat "$folder/err"; exit 1; }
failures=0

# check NAME CODE PATTERN COMMAND...: exit code, and both streams together match the extended regular expression
check() {
    local name=$1 code=$2 pattern=$3 output actual; shift 3
    output=$("$@" 2>&1); actual=$?
    if [ $actual -eq "$code" ] && grep -Eq -- "$pattern" <<<"$output"; then echo "ok: $name"; else
        echo "FAILED: $name: exit code $actual (wanted $code), wanted /$pattern/, got:"; echo "$output"; failures=$((failures + 1)); fi
}

check failed-sync-differs 1 '^\+ +storage: 10Gi' "$tiphysctl" app diff postgres
check diff-yaml 1 '^- change: changed' "$tiphysctl" app diff postgres -o yaml
check diff-summary-yaml 0 'kind: Deployment' "$tiphysctl" app tree cart -o yaml
check history-yaml 0 '^- deployStartedAt|^  revision: ' "$tiphysctl" app history cart -o yaml
check clusters-yaml 0 '^  context: demo|^- applications' "$tiphysctl" cluster list -o yaml
check clusters-name-the-current-one 0 '^CURRENT +CONTEXT +SERVER|^\* +demo ' "$tiphysctl" cluster list
check clusters-mark-one-alone 0 '^1$' sh -c "'$tiphysctl' cluster list | grep -c '^\*'"
check clusters-current-in-json 0 '"context":"demo","current":true' sh -c "'$tiphysctl' cluster list -o json | tr -d ' \n'"
check clusters-current-whatever-context-says 0 '^\* +demo ' "$tiphysctl" cluster list --context demo-readonly
check rollout-names 0 '^rollouts/rollouts-demo$' "$tiphysctl" rollout list -A -o name
check rollout-names-are-taken 0 'Name: +rollouts-demo' sh -c "'$tiphysctl' rollout get \$('$tiphysctl' rollout list -A -o name | grep rollouts-demo)"
check rollout-of-another-namespace 1 "rollouts.argoproj.io .rollouts-demo. not found in namespace 'default'; -n NAMESPACE names another one$" "$tiphysctl" rollout get rollouts-demo
check rollout-that-is-nowhere 1 '"nope" not found$' "$tiphysctl" rollout pause rollouts/nope
check rollouts-of-an-empty-namespace 0 "^No rollouts found in namespace 'default'; -A looks in all of them.$" "$tiphysctl" rollout list
check rollout-list-of-one-name 0 '^rollouts/rollouts-demo 1$' sh -c "'$tiphysctl' rollout list -A --name rollouts-demo -o name | awk '{one = \$0; n++} END {print one, n}'"
check rollout-list-of-no-such-name 0 "^No rollouts named 'nope' found in any namespace.$" "$tiphysctl" rollout list -A --name nope
check rollout-list-takes-names-alone 2 "takes the name alone, not 'a/b'" "$tiphysctl" rollout list -A --name a/b
check rollout-list-with-times 0 '^20[0-9-]+T[0-9:]+Z +rollouts +rollouts-demo +Canary ' "$tiphysctl" rollout list -A --timestamps
check analysis-names 0 '^[a-z-]+/[^ /]+$' "$tiphysctl" analysis list -A -o name
check experiment-names 0 '^$' "$tiphysctl" experiment list -n rollouts -o name
check act-yaml 0 '^state: refreshed' "$tiphysctl" app refresh cart --local-engine -o yaml
check act-json 0 '"state": "reached"' "$tiphysctl" app wait cart --health -o json
check wait-says-what-is-missing 1 'waiting: sync is OutOfSync: nobody would do it' "$tiphysctl" app wait cart --sync
check use-of-no-server 2 'SERVER is empty' "$tiphysctl" cluster use "" demo
check health-yaml 0 '^status: Healthy' sh -c "echo '{apiVersion: v1, kind: Service, metadata: {name: a}}' | '$tiphysctl' health -o yaml"

check says-nothing-about-locales 0 '^$' sh -c "env -u LANG LC_ALL=C '$tiphysctl' app list -o name 2>&1 >/dev/null"
check list-of-project 0 '^argocd/postgres$' "$tiphysctl" app list --project platform -o name
check list-of-project-alone 1 '' sh -c "'$tiphysctl' app list -p platform -o name | grep cart"
check list-of-path 0 '^argocd/cart$' "$tiphysctl" app list -P cart -o name
check list-of-cluster 0 '^$' "$tiphysctl" app list -c elsewhere -o name
check get-tree 0 '^  ReplicaSet cart-' "$tiphysctl" app get cart -o tree
check get-tree-with-ages 0 '^RESOURCE +SYNC +HEALTH +AGE +INFO' "$tiphysctl" app get cart -o tree=detailed
check resources-tree-with-ages 0 '^  ReplicaSet cart-[^ ]+ +Healthy +[0-9]+[smhd]' "$tiphysctl" app resources cart --output tree=detailed
check get-health-of-resources 0 '^apps +Deployment +shop-prod +payments +Synced +Degraded +[0-9].*pods?: ' "$tiphysctl" app get payments
check get-operation 0 '^Phase: +Succeeded' "$tiphysctl" app get cart --show-operation
check get-parameters-of-none 0 '^Name: +argocd/cart' "$tiphysctl" app get cart --show-params
check get-refreshed-by-nobody 1 'nobody would do it' "$tiphysctl" app get cart --refresh
check get-refreshed 0 '^Name: +argocd/cart' "$tiphysctl" app get cart --refresh --local-engine
check resources 0 '^apps +ReplicaSet +shop-prod +cart-.* No$' "$tiphysctl" app resources cart
check manifests-live 0 'creationTimestamp' "$tiphysctl" app manifests cart --source live
check diff-on-the-server-side 1 '^===== Deployment.apps cart' "$tiphysctl" app diff cart --server-side-diff
check diff-not-on-the-server-side 1 '^===== Deployment.apps cart' "$tiphysctl" app diff cart --server-side-diff=false
check diff-by-another-program 1 '^< +- image: registry.example.com/shop/cart:1.3.9' env KUBECTL_EXTERNAL_DIFF='diff --normal' "$tiphysctl" app diff cart
check diff-by-no-program 2 "KUBECTL_EXTERNAL_DIFF '/no/such/program'" env KUBECTL_EXTERNAL_DIFF=/no/such/program "$tiphysctl" app diff cart
check diff-without-code 0 '^=====' "$tiphysctl" app diff cart --exit-code=false
check diff-with-its-code 7 '^=====' "$tiphysctl" app diff cart --diff-exit-code 7 --hard-refresh
mkdir -p "$folder/files/storefront"
"$tiphysctl" app manifests storefront >"$folder/files/storefront/all.yaml"
check diff-of-local-files-without-one 0 '^$' "$tiphysctl" app diff storefront --local "$folder/files/storefront"
echo '{apiVersion: v1, kind: ConfigMap, metadata: {name: of-this-machine}}' >"$folder/files/storefront/more.yaml"
check diff-of-local-files 1 '^===== ConfigMap .*of-this-machine' "$tiphysctl" app diff storefront --local "$folder/files/storefront"
check sync-of-local-files-of-an-automated-one 1 'cannot use local sync when Automatic Sync Policy is enabled' "$tiphysctl" app sync storefront --local "$folder/files/storefront" --local-engine
mkdir "$folder/files/reports"
"$tiphysctl" app manifests reports >"$folder/files/reports/all.yaml"
cp "$folder/files/storefront/more.yaml" "$folder/files/reports"
check sync-of-local-files 0 'ConfigMap +platform +of-this-machine' "$tiphysctl" app sync reports --local "$folder/files/reports" --dry-run --local-engine --timeout 60
check sync-of-local-files-is-of-no-commit 1 '^$' sh -c "'$tiphysctl' app get reports --show-operation | grep -E '^Revision: +[0-9a-f]{40}'"
check sync-of-local-files-says-what-it-is-compared-with 0 "'reports' is compared with these manifests, not with Git, until its next operation" "$tiphysctl" app sync reports --local "$folder/files/reports" --dry-run --local-engine --timeout 60
check diff-of-a-local-repository 1 'of-this-machine' "$tiphysctl" app diff storefront --local "$folder/files" --server-side-generate
echo '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "of-another-name"}}' >"$folder/files/storefront/other.json"
check manifests-of-some-local-files 0 'name: of-another-name' "$tiphysctl" app manifests storefront --local "$folder/files/storefront" --local-include 'o*.json'
check manifests-of-some-local-files-alone 1 '^$' sh -c "'$tiphysctl' app manifests storefront --local '$folder/files/storefront' --local-include 'o*.json' | grep of-this-machine"
check diff-of-none-of-local-files 2 'no file matches --local-include \*.jsonnet' "$tiphysctl" app diff storefront --local "$folder/files" --server-side-generate --local-include '*.jsonnet'
rm "$folder/files/storefront/other.json"
check manifests-of-local-files 0 'name: of-this-machine' "$tiphysctl" app manifests storefront --local "$folder/files/storefront" --local-repo-root "$folder/files"
check diff-of-no-local-files 2 "no folder '$folder/nowhere'" "$tiphysctl" app diff storefront --local "$folder/nowhere"
check diff-of-local-files-at-a-revision 2 '' "$tiphysctl" app diff storefront --local "$folder/files" --revision v1
check history-ids 0 '^1$' "$tiphysctl" app history cart -o id
check actions-as-argocd-has-them 0 'restart' "$tiphysctl" app actions list cart --kind Deployment
check wait-of-several 0 '"application": "wishlist"' "$tiphysctl" app wait storefront wishlist --health -o json
check wait-shows-a-tree 0 '^  ReplicaSet storefront-' "$tiphysctl" app wait storefront --health -o tree
check wait-of-several-names-one 1 "application 'payments': waiting: health is Degraded: nobody" "$tiphysctl" app wait storefront payments --health
check wait-by-labels 1 "application '[a-z]+': waiting: " "$tiphysctl" app wait -l team=shop --health
check wait-suspended 0 '' "$tiphysctl" app wait catalog --health --suspended
check wait-degraded 1 'health is Suspended' "$tiphysctl" app wait catalog --degraded
check wait-for-a-resource 1 'sync of Deployment cart is OutOfSync' "$tiphysctl" app wait cart --resource apps:Deployment:cart --sync
check wait-for-other-resources 0 '' "$tiphysctl" app wait cart --resource '!apps:Deployment:*' --sync
check nothing-chosen 1 'no application matches selector team=nobody, project shop' "$tiphysctl" app sync -l team=nobody --project shop
check delete-several-asks 1 'Delete 2 applications \(argocd/cart, argocd/wishlist\) and their [0-9]+ resources needs --yes' "$tiphysctl" app delete cart wishlist
check several-are-looked-for-first 1 "no application 'nope'" "$tiphysctl" app delete cart nope --yes --cascade none
check several-are-left-alone-then 0 'argocd/cart' "$tiphysctl" app get cart
check sync-several 0 '^===== application argocd/storefront' "$tiphysctl" app sync newsletter storefront --local-engine --timeout 60 --retry-limit 2 --info why=test
check named-twice-is-one 1 'Delete application argocd/cart and its [0-9]+ resources needs --yes' "$tiphysctl" app delete cart cart
check sync-keeps-retry-and-info 0 '"retry":\{"backoff":\{"duration":"5s","factor":2,"maxDuration":"3m0s"\},"limit":2\}' sh -c "'$tiphysctl' app get storefront -o json | tr -d ' \n'"
check named-twice-counts-once 0 '^1$' sh -c "'$tiphysctl' app sync storefront argocd/storefront storefront --local-engine --timeout 60 | grep -c '^Succeeded'"
check sync-of-a-pattern 0 'ConfigMap +shop-prod +storefront' "$tiphysctl" app sync storefront --local-engine --timeout 60 --resource '*:ConfigMap:*'
check sync-shows-a-tree 0 '^  ReplicaSet storefront-' "$tiphysctl" app sync storefront --local-engine --timeout 60 -o tree
check sync-shows-a-tree-with-ages 0 '^Deployment storefront +Synced +Healthy +[0-9]+[smhd]' "$tiphysctl" app sync storefront --local-engine --timeout 60 -o tree=detailed
check sync-that-shows-a-tree-tells-its-outcome 0 '^Succeeded: ' "$tiphysctl" app sync storefront --local-engine --timeout 60 -o tree
check sync-of-no-pattern 1 'no resource matches !\*:\*:\*' "$tiphysctl" app sync storefront --local-engine --resource '!*:*:*'
check sync-with-preview-asks 1 'Sync application argocd/cart with these changes needs --yes' "$tiphysctl" app sync cart --local-engine --preview-changes
check sync-with-preview-shows 1 '^\+ .*image: registry.example.com/shop/cart:1.4.1' "$tiphysctl" app sync cart --local-engine --preview-changes
check sync-with-preview-of-nothing 0 '^no differences found: nothing is synced$' "$tiphysctl" app sync newsletter --local-engine --preview-changes --yes
check sync-with-preview-goes-on 0 "^Succeeded" "$tiphysctl" app sync recommendations --local-engine --preview-changes --assumeYes --dry-run --timeout 60
check sync-of-a-label 0 'Deployment +shop-prod +storefront' "$tiphysctl" app sync storefront --local-engine --timeout 60 --label app=storefront
check sync-of-a-label-that-nothing-has 1 "application .storefront. has no resource with label tier=none or tier=other$" "$tiphysctl" app sync storefront --local-engine --timeout 60 --label tier=none --label tier=other
check sync-of-no-resource 1 "application .storefront. has no ConfigMap absent$" "$tiphysctl" app sync storefront --local-engine --timeout 60 --resource :ConfigMap:absent
check sync-of-one-source 1 'has one source: name its revision by --revision' "$tiphysctl" app sync storefront --local-engine --revisions v1 --source-positions 1

check list-selector-of-a-set 1 '' sh -c "'$tiphysctl' app list -l 'app.kubernetes.io/nowhere in (a,b)' | grep wishlist"
check list-selector-without-label 0 'wishlist' "$tiphysctl" app list -l '!app.kubernetes.io/nowhere'
check set-policy 0 '^application argocd/wishlist updated' "$tiphysctl" app set wishlist --sync-policy auto --auto-prune --sync-option A=true --sync-retry-limit 2
check set-policy-stored 0 '"prune":true.*"limit":2|"limit":2.*"prune":true' sh -c "'$tiphysctl' app get wishlist -o json | tr -d ' \n'"
check set-policy-again 0 'has these parameters already' "$tiphysctl" app set wishlist --sync-option A=true
check set-policy-none 0 'updated' "$tiphysctl" app set wishlist --sync-policy none --sync-option '!A=true' --sync-retry-limit 0
check set-policy-gone 1 '^$' sh -c "'$tiphysctl' app get wishlist -o yaml | grep '^  syncPolicy'"
check set-two-destinations 1 "can't have both name and server defined: far" "$tiphysctl" app set wishlist --dest-name far
check set-other-project 1 'project nowhere which does not exist' "$tiphysctl" app set wishlist --project nowhere
check set-other-project-anyway 0 'warning: .*project nowhere' "$tiphysctl" app set wishlist --project nowhere --validate=false --dry-run
check set-without-effect 0 'counts only together with --sync-retry-limit' "$tiphysctl" app set wishlist --sync-retry-backoff-factor 3
check set-destination-warns 0 'stays there: nobody deletes it' "$tiphysctl" app set wishlist --dest-namespace shop-prod --dry-run
check set-source-and-hydrator 2 'a source or a source hydrator' "$tiphysctl" app set wishlist --dry-source-path a --path b

check patch 0 '^application argocd/wishlist updated' "$tiphysctl" app patch wishlist --type merge --patch '{"metadata":{"labels":{"patched":"yes"}},"spec":{"revisionHistoryLimit":7}}'
check patch-stored 0 '"revisionHistoryLimit":7' sh -c "'$tiphysctl' app get wishlist -o json | tr -d ' \n'"
check patch-label-stored 0 '^argocd/wishlist$' "$tiphysctl" app list -l patched=yes -o name
check patch-again 0 'is so already' "$tiphysctl" app patch wishlist --patch '[{"op":"replace","path":"/spec/revisionHistoryLimit","value":7}]'
check patch-dry-run 0 'path: /spec/revisionHistoryLimit' "$tiphysctl" app patch wishlist --patch '[{"op":"remove","path":"/spec/revisionHistoryLimit"}]' --dry-run
check patch-of-nothing 1 'error applying patch' "$tiphysctl" app patch wishlist --patch '[{"op":"remove","path":"/spec/nothing"}]'
check patch-of-the-status 0 'warning: status is left alone' "$tiphysctl" app patch wishlist --type merge --patch '{"status":{"reconciledAt":"x"}}'
check patch-of-another-project 1 'project nowhere which does not exist' "$tiphysctl" app patch wishlist --type merge --patch '{"spec":{"project":"nowhere"}}'
check patch-denied 1 'patch applications in namespace argocd' "$tiphysctl" app patch wishlist --context demo-readonly --type merge --patch '{"spec":{"project":"x"}}'
check edit 0 '^application argocd/wishlist updated' env EDITOR='sed -i "s/revisionHistoryLimit: 7/revisionHistoryLimit: 8/"' "$tiphysctl" app edit wishlist
check edit-stored 0 '"revisionHistoryLimit":8' sh -c "'$tiphysctl' app get wishlist -o json | tr -d ' \n'"
check edit-of-nothing 1 'nothing was changed' env EDITOR=true "$tiphysctl" app edit wishlist
check edit-of-what-is-wrong 1 'the text is kept in .*wishlist-.*spec.revisionHistoryLimit' env TMPDIR="$folder" EDITOR='sed -i "s/revisionHistoryLimit: .*/revisionHistoryLimit: many/"' "$tiphysctl" app edit wishlist
printf '#!/bin/sh\nsed -i "s/revisionHistoryLimit: .*/revisionHistoryLimit: 9/" "$1"\nexit 3\n' >"$folder/failing-editor"; chmod +x "$folder/failing-editor"
check edit-that-failed-late 1 'the text is kept in .*wishlist-.*failed with exit code 3' env TMPDIR="$folder" EDITOR="$folder/failing-editor" "$tiphysctl" app edit wishlist
check edit-that-failed-late-keeps-the-text 0 '^revisionHistoryLimit: 9' sh -c "cat '$folder'/wishlist-*.yaml"
check edit-that-failed-at-once 1 "error: editor 'false' failed with exit code 1" env EDITOR=false "$tiphysctl" app edit wishlist
cat >"$folder/overtaken-editor" <<EOF
#!/bin/sh
"$tiphysctl" app patch wishlist --type merge --patch '{"spec":{"revisionHistoryLimit":5}}' >/dev/null
sed -i "s/revisionHistoryLimit: .*/revisionHistoryLimit: 9/" "\$1"
EOF
chmod +x "$folder/overtaken-editor"
check edit-that-was-overtaken 1 'the text is kept in .*wishlist-.*changed since it was looked at' env TMPDIR="$folder" EDITOR="$folder/overtaken-editor" "$tiphysctl" app edit wishlist
check edit-denied 1 'patch applications in namespace argocd' env EDITOR=true "$tiphysctl" app edit wishlist --context demo-readonly
check edit-without-editor 1 "editor '/no/such/editor'" env EDITOR=/no/such/editor "$tiphysctl" app edit wishlist
# An application of several sources.
repository=$("$tiphysctl" app get wishlist -o json | sed -n 's/.*"repoURL": "\(.*\)".*/\1/p' | head -1)
cat >"$folder/several.yaml" <<EOF
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: several, namespace: argocd}
spec:
  project: shop
  destination: {server: https://kubernetes.default.svc, namespace: shop-staging}
  sources: [{repoURL: "$repository", path: wishlist, name: first}, {repoURL: "$repository", path: cart, name: second}]
EOF
echo 'spec: [' >"$folder/broken.yaml"; echo 'kind: Shop' >"$folder/kind.yaml"
check create-of-broken-yaml 1 "no Application in '.*broken.yaml': yaml: line 1: " "$tiphysctl" app create -f "$folder/broken.yaml"
check create-of-another-kind 1 "an object of kind 'Shop' in '.*kind.yaml' is not an Application" "$tiphysctl" app create -f "$folder/kind.yaml"
check health-of-broken-yaml 1 "no Kubernetes object in '.*broken.yaml': yaml: line 1: " "$tiphysctl" health -f "$folder/broken.yaml"
check create-with-sources 0 'argocd/several created' "$tiphysctl" app create -f "$folder/several.yaml"
# What an application says is looked at before it is stored.
sed 's/name: second/name: first/' "$folder/several.yaml" | sed 's/{name: several,/{name: twins,/' >"$folder/twins.yaml"
check create-of-twin-sources 1 'application twins has duplicate source name: first' "$tiphysctl" app create -f "$folder/twins.yaml"
check create-of-twin-sources-anyway 1 'application twins has duplicate source name: first' "$tiphysctl" app create -f "$folder/twins.yaml" --validate=false
# new [FLAG VALUE]… [FLAG=VALUE]…: with these over what is well
new() {
    local -A flags=([--repo]=$repository [--path]=newsletter [--dest-namespace]=shop-staging [--project]=shop)
    while [ $# -gt 1 ] && [[ $1 != *=* ]]; do flags[$1]=$2; shift 2; done
    local -a words=(); local flag
    for flag in "${!flags[@]}"; do words+=("$flag" "${flags[$flag]}"); done
    "$tiphysctl" app create new "${words[@]}" "$@"
}
check create-at-no-path 1 'application spec for new is invalid: InvalidSpecError: Unable to generate manifests in nowhere: rpc error: code = Unknown desc = nowhere: app path does not exist \(--validate=false' new --path nowhere
check create-at-no-revision 1 'InvalidSpecError: Unable to generate manifests in newsletter: .*no-such-branch' new --revision no-such-branch
check create-of-no-repository 1 'InvalidSpecError: repository not accessible: repositories not accessible: file:///nowhere: ' new --repo file:///nowhere --project default
check create-for-no-cluster 1 'application destination spec for new is invalid: there are no clusters with this name: far' new --dest-name far
check create-for-no-server 1 'error getting cluster by server "https://far.test": rpc error: code = NotFound desc = cluster "https://far.test" not found' new --dest-server https://far.test
check create-in-no-project 1 'project nobody which does not exist' new --project nobody
check create-in-no-namespace-of-the-project 1 "InvalidSpecError: application destination server 'https://kubernetes.default.svc' and namespace 'kube-system' do not match" new --dest-namespace kube-system
check create-that-was-refused-is-not-there 1 "no application 'new'" "$tiphysctl" app get new
check create-anyway 0 'argocd/new created' new --path nowhere --validate=false
check set-at-no-path 1 'Unable to generate manifests in other: ' "$tiphysctl" app set new --path other
check set-of-what-was-wrong-before 1 'Unable to generate manifests in nowhere: ' "$tiphysctl" app set new --revision main
check set-anyway 0 'updated' "$tiphysctl" app set new --path other --validate=false
check edit-asks-no-repository 0 'updated' env EDITOR='sed -i "s/path: other/path: yonder/"' "$tiphysctl" app edit new
check patch-at-no-path 1 'Unable to generate manifests in else: ' "$tiphysctl" app patch new --type merge --patch '{"spec":{"source":{"path":"else"}}}'
check set-right-again 0 'updated' "$tiphysctl" app set new --path newsletter
{ sed 's/several/fresh/' "$folder/several.yaml"; echo ---; sed 's/several/stale/; s/path: cart/path: nowhere/' "$folder/several.yaml"; } >"$folder/two.yaml"
check several-are-checked-first 1 "app path does not exist" "$tiphysctl" app create -f "$folder/two.yaml"
check several-are-checked-first-then-none-is-there 1 "no application 'fresh'" "$tiphysctl" app get fresh
first=$("$tiphysctl" app history wishlist -o yaml | sed -n "s/.*revision: //p" | head -1)
check manifests-of-several-as-they-are 0 'shop/cart:1\.4\.1' "$tiphysctl" app manifests several
check manifests-of-a-revision-by-name 0 'shop/cart:0\.1\.0' "$tiphysctl" app manifests several --revisions "$first" --source-names second
check manifests-of-revisions-by-place 0 'shop/cart:0\.1\.0' "$tiphysctl" app manifests several --revisions HEAD --source-positions 1 --revisions "$first" --source-positions 2
check diff-of-a-revision-by-place 1 '^\+.*shop/cart:0\.1\.0' "$tiphysctl" app diff several --revisions "$first" --source-positions 2
check diff-of-a-place-that-is-not-there 2 "application 'several' has only 2 sources" "$tiphysctl" app diff several --revisions "$first" --source-positions 3
check manifests-of-no-name 1 "has no source named 'third'" "$tiphysctl" app manifests several --revisions "$first" --source-names third
check diff-of-several-at-one-revision 2 'has several sources: name revisions by --revisions' "$tiphysctl" app diff several --revision "$first"
check diff-of-one-source 2 'has one source: name its revision by --revision' "$tiphysctl" app diff cart --revisions "$first" --source-positions 1
check create-again 0 'argocd/several unchanged' "$tiphysctl" app create -f "$folder/several.yaml"
check create-another-of-the-name 1 'already exists and says something else: --upsert changes it' "$tiphysctl" app create -f "$folder/several.yaml" --label tier=back
check create-over-it 0 'argocd/several updated' "$tiphysctl" app create -f "$folder/several.yaml" --label tier=back --upsert
check create-over-it-stored 0 '^argocd/several$' "$tiphysctl" app list -l tier=back -o name
check create-of-another-name 1 "app name 'other' does not match app spec metadata.name 'several'" "$tiphysctl" app create other -f "$folder/several.yaml"
check create-by-flags-of-a-source 1 "application 'several': it has spec.sources" "$tiphysctl" app create -f "$folder/several.yaml" --path other --upsert
check create-with-parameters 0 'argocd/letters created' "$tiphysctl" app create letters --repo "$repository" --path newsletter --dest-namespace shop-staging --project shop --helm-set image.tag=9.9.9 --set-finalizer
check create-with-parameters-stored 0 '"parameters":\[\{"name":"image.tag","value":"9.9.9"\}\]' sh -c "'$tiphysctl' app get letters -o json | tr -d ' \n'"
check abbreviated-revision 0 'updated' "$tiphysctl" app set letters --revision "${first:0:7}"
check abbreviated-revision-of-an-only-source 0 "\"revisions\":\[\"$first\"\]" sh -c "'$tiphysctl' app get letters --computed -o json | tr -d ' \n'"
check abbreviated-revision-of-several-sources 0 "\"revisions\":\[\"${first:0:7}\",\"[0-9a-f]{40}\"\]" sh -c "'$tiphysctl' app patch several --patch '[{\"op\":\"add\",\"path\":\"/spec/sources/0/targetRevision\",\"value\":\"${first:0:7}\"}]' >/dev/null; '$tiphysctl' app get several --computed -o json | tr -d ' \n'"
check add-source-to-one 1 'cannot add source: application wishlist does not have spec.sources defined' "$tiphysctl" app add-source wishlist --repo "$repository" --path cart
check add-source-tried 0 'path: /spec/sources$' "$tiphysctl" app add-source several --repo "$repository" --path newsletter --dry-run
check add-source-without-repository 1 'spec.source.repoURL' "$tiphysctl" app add-source several --path x
check add-source-of-a-name-that-is-taken 1 'application several has duplicate source name: first' "$tiphysctl" app add-source several --repo "$repository" --path newsletter --source-name first
check add-source-at-no-path 1 'Unable to generate manifests in nowhere: ' "$tiphysctl" app add-source several --repo "$repository" --path nowhere
check add-source 0 '^application argocd/several updated' "$tiphysctl" app add-source several --repo "$repository" --path newsletter --source-name third --helm-set a=b
check add-source-stored 0 '"name":"third","path":"newsletter"' sh -c "'$tiphysctl' app get several -o json | tr -d ' \n'"
check add-source-rendered 0 'schedule: weekly' "$tiphysctl" app manifests several
check get-parameters 0 '^a +b$' "$tiphysctl" app get several --show-params --source-name third
check get-parameters-of-which 1 'the application has 3 sources: say which one' "$tiphysctl" app get several --show-params
check remove-source-that-is-not-there 1 'application does not have source at 4' "$tiphysctl" app remove-source several --source-position 4
check remove-source-of-no-name 1 "no source named 'fourth'" "$tiphysctl" app remove-source several --source-name fourth
check remove-source-of-one 1 'does not have multiple sources configured' "$tiphysctl" app remove-source wishlist --source-position 1
check remove-source 0 '^application argocd/several updated' "$tiphysctl" app remove-source several --source-name third
check remove-source-stored 1 '^$' sh -c "'$tiphysctl' app manifests several | grep 'schedule: weekly'"
check confirm-deletion-of-nothing 1 'nothing waits for a confirmation' "$tiphysctl" app confirm-deletion wishlist
check confirm-deletion 0 'are confirmed' "$tiphysctl" app confirm-deletion checkout
check confirmed 0 'deletion-approved: "?20' "$tiphysctl" app get checkout -o yaml
# Live objects: shown, patched and deleted.
mkdir "$folder/files/secret"
cp "$folder/files/reports/all.yaml" "$folder/files/secret"
echo '{apiVersion: v1, kind: Secret, metadata: {name: of-this-machine}, data: {password: aHVudGVyMg==}}' >"$folder/files/secret/secret.yaml"
check sync-of-a-secret 0 'Secret +platform +of-this-machine' "$tiphysctl" app sync reports --local "$folder/files/secret" --local-engine --timeout 60
check get-resource 0 '^data\.schedule +reports +nightly$' "$tiphysctl" app get-resource reports --kind ConfigMap
check get-resource-of-a-name 0 '^data\.schedule +nightly$' "$tiphysctl" app get-resource reports --kind ConfigMap --resource-name reports
check get-resource-tells-what 0 "^Resources 'reports' fetched$" "$tiphysctl" app get-resource reports --kind ConfigMap -o json
check get-resource-of-some-fields 0 '"spec":\{"paused":true,"template":\{"spec":\{"containers":\[\{"image":"registry.example.com/platform/reports:5.0.3"\}\]' sh -c "'$tiphysctl' app get-resource reports --kind Deployment --filter-fields spec.template.spec.containers.image,spec.paused -o json | tr -d ' \n'"
check get-resource-that-others-made 0 '^kind: ReplicaSet$' "$tiphysctl" app get-resource cart --kind ReplicaSet --group apps -o yaml
check get-resource-of-none 0 "^Resources '' fetched$" "$tiphysctl" app get-resource reports --kind Ingress
check get-resource-of-none-elsewhere 0 "^Resources '' fetched$" "$tiphysctl" app get-resource reports --kind ConfigMap --namespace shop-prod
check get-resource-that-is-missing 1 'Deployment apps recommendations not found as part of application recommendations$' "$tiphysctl" app get-resource recommendations --kind Deployment
check get-resource-of-another-project 1 'applications.argoproj.io "reports" not found' "$tiphysctl" app get-resource reports --kind ConfigMap --project shop
check get-resource-without-managers 1 '' sh -c "'$tiphysctl' app get-resource reports --kind ConfigMap -o yaml | grep managedFields"
check get-resource-with-managers 0 '^  managedFields:' "$tiphysctl" app get-resource reports --kind ConfigMap -o yaml --show-managed-fields
check get-resource-masks-a-secret 0 'password: .?[+]{8}' "$tiphysctl" app get-resource reports --kind Secret -o yaml
check get-resource-shows-no-secret 1 '' sh -c "'$tiphysctl' app get-resource reports --kind Secret -o json --show-managed-fields | grep aHVudGVyMg"
check patch-resource-of-a-secret-does-not-say-why 1 'error: failed to patch Secret platform/of-this-machine$' "$tiphysctl" app patch-resource reports --kind Secret --patch-type application/json-patch+json --patch '[{"op":"remove","path":"/data/absent"}]'
check patch-resource 0 "^Resource 'reports' patched$" "$tiphysctl" app patch-resource reports --kind ConfigMap --patch '{"metadata":{"labels":{"patched":"yes"}}}'
check patch-resource-stored 0 '^metadata\.labels\.patched +yes$' "$tiphysctl" app get-resource reports --kind ConfigMap --resource-name reports --filter-fields metadata.labels
check patch-resource-by-operations 0 "^Resource 'reports' patched$" "$tiphysctl" app patch-resource reports --kind ConfigMap --group '' --patch-type application/json-patch+json --patch '[{"op":"replace","path":"/metadata/labels/patched","value":"again"}]'
check patch-resource-by-operations-stored 0 '^metadata\.labels\.patched +again$' "$tiphysctl" app get-resource reports --kind ConfigMap --resource-name reports --filter-fields metadata.labels
check patch-resource-of-none 1 'error: no matching resource found$' "$tiphysctl" app patch-resource reports --kind ConfigMap --group apps --patch '{}'
check patch-resource-of-several 1 'multiple resources match inputs, use the --all flag to patch multiple resources$' "$tiphysctl" app patch-resource rollouts-demo --kind Service --patch '{}'
check patch-resource-denied 1 'error patching resource: ' "$tiphysctl" app patch-resource reports --context demo-readonly --kind ConfigMap --patch '{"data":{"a":"b"}}'
check delete-resource-denied 1 'error deleting resource: ' "$tiphysctl" app delete-resource reports --context demo-readonly --kind ConfigMap
check delete-resource-that-others-made 1 'error: no matching resource found$' "$tiphysctl" app delete-resource cart --kind ReplicaSet
check delete-resource 0 "^Resource 'reports' deleted$" "$tiphysctl" app delete-resource reports --kind ConfigMap --resource-name reports --force
check delete-resource-is-gone 1 'ConfigMap  reports not found as part of application reports$' "$tiphysctl" app get-resource reports --kind ConfigMap

check logs-of-one 0 '^level=info' "$tiphysctl" app logs telemetry --tail 2
check logs-prefix 0 '^cart-[^ ]+ cart: level=info' "$tiphysctl" app logs cart --tail 2
check logs-not-ready 1 "pod 'payments-[^ ]+'.*waiting to start" "$tiphysctl" app logs payments
check logs-none-read 1 "no log of application 'payments' could be read" "$tiphysctl" app logs payments
check logs-partly 0 "^rollouts-demo-[^ ]+ rollouts-demo: " "$tiphysctl" app logs rollouts-demo --tail 1
check logs-previous 0 'cannot go on' "$tiphysctl" app logs telemetry -p
check logs-no-previous 1 'previous terminated container' "$tiphysctl" app logs cart --previous
check logs-since-bad 2 "--since takes a time like 5m or 1h30m, not 'x'" "$tiphysctl" app logs cart --since x
check logs-timestamps 0 '^20[0-9-]+T[0-9:]+Z level' "$tiphysctl" app logs telemetry --tail 1 --timestamps
check logs-of-an-init-container 0 '^postgres-0 prepare: level=info msg="prepared"' "$tiphysctl" app logs postgres -c prepare
check logs-leave-init-containers-out 1 '' sh -c "'$tiphysctl' app logs postgres | grep prepare"
check logs-of-all-containers 0 '^postgres-1 prepare: level=info msg="preparing"' "$tiphysctl" app logs postgres --all-containers --tail 2
check logs-below-a-kind 1 "has no such pods" "$tiphysctl" app logs postgres --kind Deployment
check logs-below-a-name 0 '^postgres-0 postgres: ' "$tiphysctl" app logs postgres --kind StatefulSet --name postgres --tail 1
check logs-in-a-namespace 1 "has no such pods" "$tiphysctl" app logs postgres --namespace elsewhere
check logs-filtered 0 '^[0-9]+$' sh -c "'$tiphysctl' app logs telemetry --filter PATH=/metrics | tee '$folder/filtered' | grep -c metrics"
check logs-filtered-have-no-others 1 '' grep -v metrics "$folder/filtered"
check logs-filtered-by-case 0 '^0$' sh -c "'$tiphysctl' app logs telemetry --filter PATH=/metrics -m | wc -l"
check logs-filtered-away 1 '' sh -c "'$tiphysctl' app logs telemetry --filter '!metrics' | grep metrics"
check logs-until 0 '^0$' sh -c "'$tiphysctl' app logs telemetry --until-time 2020-01-01T00:00:00Z | wc -l"
"$tiphysctl" app logs postgres -c prepare -f >"$folder/initial" 2>&1 &
follow=$!
for _ in $(seq 500); do [ "$(wc -l <"$folder/initial")" -ge 4 ] && break; read -rt 0.05 <> <(:); done
kill -INT $follow; wait $follow; code=$?
[ $code = 0 ] || { echo "FAILED: following init containers ended with $code"; cat "$folder/initial"; failures=$((failures + 1)); }
check follow-init-containers 0 '^2$' sh -c "grep -c 'prepare: level=info msg=.prepared' '$folder/initial'"

# Followed logs go on with what comes, and end with Ctrl+C.
"$tiphysctl" app logs storefront -f --tail 1 >"$folder/follow" 2>&1 &
follow=$!
for _ in $(seq 500); do [ "$(wc -l <"$folder/follow")" -ge 4 ] && break; read -rt 0.05 <> <(:); done
kill -INT $follow; wait $follow; code=$?
[ $code = 0 ] || { echo "FAILED: following ended with $code"; failures=$((failures + 1)); }
check follow-goes-on 0 '^([4-9]|[1-9][0-9]+)$' sh -c "grep -c '^storefront-.* storefront: level=info' '$folder/follow'"

# Pods that come while logs are followed are followed too, from their first line.
"$tiphysctl" app logs wishlist -f --tail 1 >"$folder/later" 2>"$folder/later-trouble" &
follow=$!
pods_in_later() { cut -d' ' -f1 "$folder/later" | sort -u | wc -l; }
for _ in $(seq 500); do [ "$(pods_in_later)" -ge 2 ] && break; read -rt 0.05 <> <(:); done
check restart-while-following 0 'restart done' "$tiphysctl" app actions wishlist --kind Deployment --name wishlist --run restart
for _ in $(seq 600); do [ "$(pods_in_later)" -ge 4 ] && break; read -rt 0.05 <> <(:); done
kill -INT $follow; wait $follow; code=$?
[ $code = 0 ] || { echo "FAILED: following later pods ended with $code"; cat "$folder/later-trouble"; failures=$((failures + 1)); }
check follow-later-pods 0 '^4$' sh -c "cut -d' ' -f1 '$folder/later' | sort -u | wc -l"
check follow-later-from-the-start 0 '^[2-4]$' sh -c "grep -c 'wishlist: level=info msg=\"listening\"' '$folder/later'"

# Colours stand on a terminal only, and not where nobody wants them.
onTerminal() { python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' "$@"; }
export -f onTerminal
check colours-on-a-terminal 0 $'\033\\[' env TERM=xterm bash -c "onTerminal '$tiphysctl' rollout get rollouts/rollouts-demo"
check colours-nobody-wants 1 '^$' env TERM=xterm NO_COLOR=1 bash -c "onTerminal '$tiphysctl' rollout get rollouts/rollouts-demo | grep -o \$'\\033'"

# Watching ends well with Ctrl+C, waiting does not.
# interrupted PATTERN COMMAND...: interrupts it once PATTERN is in what it prints
interrupted() {
    local pattern=$1 watcher; shift
    "$@" >"$folder/watched" 2>&1 &
    watcher=$!
    for _ in $(seq 400); do grep -q -- "$pattern" "$folder/watched" && break; read -rt 0.05 <> <(:); done
    kill -INT $watcher; wait $watcher; local code=$?
    cat "$folder/watched"; return $code
}
check watch-ends-well 0 'SetWeight' interrupted Replicas: "$tiphysctl" rollout get rollouts/rollouts-demo -w
check watch-ends-without-complaint 1 '' sh -c "grep error '$folder/watched'"
check watch-of-json-goes-on 0 '"phase": "Paused"' interrupted '"tiphys"' "$tiphysctl" rollout get rollouts/rollouts-demo -w -o json
check status-is-interrupted 1 'error: interrupted$' interrupted Paused "$tiphysctl" rollout status rollouts/rollouts-demo

# A list goes on with the lines that change, and only with these.
"$tiphysctl" rollout list -A -w >"$folder/lines" 2>&1 &
watcher=$!
for _ in $(seq 400); do grep -q rollouts-demo "$folder/lines" && break; read -rt 0.05 <> <(:); done
check promote-while-listing 0 'promoted' "$tiphysctl" rollout promote rollouts/rollouts-demo
steps_in_lines() { awk '$2 == "rollouts-demo" {print $5}' "$folder/lines" | sort -u | wc -l; }
for _ in $(seq 800); do [ "$(steps_in_lines)" -ge 2 ] && break; read -rt 0.05 <> <(:); done
kill -INT $watcher; wait $watcher; code=$?
[ $code = 0 ] || { echo "FAILED: watching a list ended with $code"; cat "$folder/lines"; failures=$((failures + 1)); }
check watch-of-a-list-has-one-heading 0 '^1$' grep -c '^NAMESPACE ' "$folder/lines"
check watch-of-a-list-shows-the-next-step 0 '^([2-9])$' steps_in_lines
check watch-of-a-list-repeats-no-line 0 '^$' awk 'NR > 1 {$11 = ""; if (last[$2] == $0) print; last[$2] = $0}' "$folder/lines"
check watch-of-a-list-keeps-its-columns 0 '^1$' sh -c "awk '{print index(\$0, \" Canary \")}' '$folder/lines' | grep -v '^0' | sort -u | wc -l"
check watch-of-one-name-with-times 0 '^20[0-9-]+T[0-9:]+Z +rollouts +rollouts-demo ' interrupted rollouts-demo "$tiphysctl" rollout list -A -w --name rollouts-demo --timestamps
check watch-of-a-list-in-json 0 '^\{$' interrupted '"tiphys"' "$tiphysctl" rollout list -A -w -o json
check watch-of-an-empty-list-ends-well 0 '^NAMESPACE +NAME +STATUS' interrupted NAMESPACE "$tiphysctl" experiment list -n nowhere -w
# What is deleted meanwhile is told beside the lines.
"$tiphysctl" rollout list -n shop-staging -w >"$folder/lines" 2>"$folder/gone" &
watcher=$!
for _ in $(seq 400); do grep -q reviews "$folder/lines" && break; read -rt 0.05 <> <(:); done
check delete-while-listing 0 "'reviews' deleted" "$tiphysctl" app delete-resource reviews --kind Rollout
for _ in $(seq 400); do [ -s "$folder/gone" ] && break; read -rt 0.05 <> <(:); done
kill -INT $watcher; wait $watcher
check watch-of-a-list-tells-what-is-gone 0 '^shop-staging/reviews is gone$' cat "$folder/gone"

# One pass of the engine ends when what its operations left was compared.
check automated 0 'updated' "$tiphysctl" app set cart --sync-policy auto --self-heal
check engine-once 0 'at work' "$tiphysctl" engine run --once --app cart
check engine-once-of-no-application 1 "error: no application 'nope' in context 'demo'" "$tiphysctl" engine run --once --app nope
check engine-once-compares-last 0 '^Sync: +Synced' "$tiphysctl" app get cart

# What goes on printing ends when nobody reads it any more, and a full disk is told.
check follow-ends-with-its-reader 0 '^1$' sh -c "timeout 60 '$tiphysctl' app logs storefront -f 2>'$folder/closed' | head -1 | wc -l; [ ! -s '$folder/closed' ]"
check watch-ends-with-its-reader 0 '^1$' bash -c "set -o pipefail; timeout 60 '$tiphysctl' app logs storefront -f | head -1 >/dev/null; echo \${PIPESTATUS[0]}"
if [ -e /dev/full ]; then
    check full-disk 1 'output could not be written: No space left' sh -c "'$tiphysctl' app list >/dev/full"
    check full-disk-diff 2 'output could not be written' sh -c "'$tiphysctl' app diff postgres >/dev/full"
fi

# A credential plugin that takes its time is what is waited for, not the server.
cat >"$folder/plugin.kubeconfig" <<YAML
apiVersion: v1
kind: Config
current-context: slow
contexts: [{name: slow, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sleep, args: ["60"], interactiveMode: Never}}}]
YAML
check slow-plugin-is-told 124 "the credential plugin 'sleep' has not answered yet; still waiting" env KUBECONFIG="$folder/plugin.kubeconfig" timeout 12 "$tiphysctl" app list
check slow-plugin-and-sync 1 "timed out after 5 s: the credential plugin 'sleep' has not answered" env KUBECONFIG="$folder/plugin.kubeconfig" timeout 60 "$tiphysctl" app sync cart --timeout 5

# A cluster that is silent holds nobody longer than the time that was given.
kill -STOP $demo
check silent-cluster-and-sync 1 'timed out after 1 s: no answer from http://127.0.0.1' timeout 60 "$tiphysctl" app sync cart --local-engine --timeout 1
check silent-cluster-and-status 1 'Rollout status watch exceeded timeout' timeout 60 "$tiphysctl" rollout status rollouts/rollouts-demo --timeout 1
check silent-cluster-is-told 124 'no answer from http://127.0.0.1:[0-9]+ yet; still waiting' timeout 15 "$tiphysctl" app list
kill -CONT $demo
[ "$failures" = 0 ]
