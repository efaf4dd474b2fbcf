#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `app get-resource`, `patch-resource` and `delete-resource` against a real API server. Arguments: the parts wanted. TIPHYSCTL
# names the program (default: build/bin/tiphysctl). Exit code 77: skipped, with the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-live-objects.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"

test_start() {
    check "a cluster starts" cluster up || return
    ctl admin install-crds >/dev/null
    check "the type is served" eventually 20 k get applications -A
    repository web
    { deployment web; configmap first; configmap second; hidden; } | manifest web all
    commit web
    create_app web >/dev/null
    check "there is something to look at" sync_app web
    check "its pod runs" eventually 20 is '{.items[*].status.phase}' Running pods -n team-a
}

# A Secret.
hidden() {
    cat <<'YAML'
apiVersion: v1
kind: Secret
metadata: {name: hidden}
data: {password: aHVudGVyMg==}
---
YAML
}

get() { ctl app get-resource web "$@"; }
patch() { ctl app patch-resource web "$@"; }
remove() { ctl app delete-resource web "$@"; }

test_reading() {
    check "every object of a kind is shown" says 0 "RESOURCE NAME" "data.word" first second fetched -- get --kind ConfigMap
    check "one by its name" says 0 "Resources 'second' fetched" -- get --kind ConfigMap --resource-name second -o yaml
    check "also what others made" says 0 "kind: ReplicaSet" -- get --kind ReplicaSet -o yaml
    check "fields below a list" says 0 "spec.containers[0].name" -- get --kind Pod --filter-fields spec.containers.name
    check "a Secret is masked" says 0 "++++++++" -- get --kind Secret -o yaml
    check "whatever is asked for" not grep -q aHVudGVyMg <(get --kind Secret -o json --show-managed-fields 2>&1)
}

test_patching() {
    mark
    check "a merge patch" says 0 "Resource 'first' patched" -- patch --kind ConfigMap --resource-name first --patch '{"data":{"word":"merged"}}'
    check "is one write" wrote "patch configmaps/first"
    check "that holds" is '{.data.word}' merged configmap first -n team-a
    check "several are refused" says 1 "multiple resources match inputs, use the --all flag to patch multiple resources" -- patch --kind ConfigMap --patch '{}'
    check "with --all each is patched" says 0 "'first' patched" "'second' patched" \
        -- patch --kind ConfigMap --all --patch-type application/json-patch+json --patch '[{"op":"replace","path":"/data/word","value":"all"}]'
    check "that holds too" is '{.items[*].data.word}' "all all" configmap first second -n team-a
    check "a list is merged by its keys" patch --kind Deployment --patch-type application/strategic-merge-patch+json \
        --patch '{"metadata":{"labels":{"patched":"yes"}}}'
    check "what the server says of a Secret is not told" says 1 "failed to patch Secret team-a/hidden" \
        -- patch --kind Secret --patch '{"data":{"password":"no base64"}}'
}

# Somebody who may read all but Secrets, and patch ConfigMaps.
clerk() {
    k create clusterrole clerk-reads --verb=get,list,watch \
        --resource=applications.argoproj.io,appprojects.argoproj.io,deployments.apps,replicasets.apps,configmaps,pods,services
    k create clusterrole clerk-writes --verb=patch --resource=configmaps
    k create clusterrolebinding clerk-reads --clusterrole=clerk-reads --user=clerk
    k create clusterrolebinding clerk-writes --clusterrole=clerk-writes --user=clerk
}

test_rights() {
    clerk >/dev/null
    check "what may not be read hides nothing else" says 0 first second fetched -- get --kind ConfigMap --as clerk
    check "nor in the tree" says 0 "Secret hidden" "ReplicaSet web-" -- ctl app tree web --as clerk
    check "nor among the actions" says 0 restart -- ctl app actions web --as clerk
    check "it is told itself" says 1 secrets -- get --kind Secret --as clerk
    check "who may patch patches" says 0 "Resource 'first' patched" -- patch --kind ConfigMap --resource-name first --patch '{"data":{"word":"clerk"}}' --as clerk
    check "who may not is told so" says 1 "error patching resource" deployments -- patch --kind Deployment --patch '{}' --as clerk
    check "nor delete" says 1 "error deleting resource" configmaps -- remove --kind ConfigMap --resource-name first --as clerk
}

test_deleting() {
    check "what others made is not chosen" says 1 "no matching resource found" -- remove --kind ReplicaSet
    mark
    check "an object is deleted" says 0 "Resource 'first' deleted" -- remove --kind ConfigMap --resource-name first
    check "by one request" wrote "delete configmaps/first"
    check "it goes" eventually 30 absent configmap first -n team-a
    check "at once by force" says 0 "Resource 'second' deleted" -- remove --kind ConfigMap --resource-name second --force
    check "it is gone" absent configmap second -n team-a
    check "then it is missing" says 1 "ConfigMap  first not found as part of application web" -- get --kind ConfigMap --resource-name first
    check "dependents stay" says 0 "Resource 'web' deleted" -- remove --kind Deployment --orphan
    check "without their owner" eventually 30 absent deployment web -n team-a
    check "they are there" grep -q replicaset <(k get replicasets -n team-a -o name)
}

need kubernetes etcd kwok
run_parts "reading patching rights deleting" "$@"
