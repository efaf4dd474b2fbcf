#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Comparisons that need more of a real API server than its watches: other versions of a kind, server-side dry runs, the
# schemas of custom resources, the managers of fields. Arguments: the parts wanted. TIPHYSCTL names the program
# (default: build/bin/tiphysctl). Exit code 77: skipped, with the reason.
set -uo pipefail

TIPHYS_ROOT=${TIPHYS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/tiphys-comparison.XXXXXX")
. "$TIPHYS_ROOT/tests/cluster/lib.sh"

compared() { ctl app refresh "$1" --local-engine; }
condition() { has '{.status.conditions[*].message}' "$2" application "$1" -n argocd; } # NAME WORDS
synced() { state_of "$1" "Synced Healthy Succeeded"; }

test_start() {
    check "a cluster starts" cluster up || return
    ctl admin install-crds >/dev/null
    check "the type is served" eventually 20 k get applications -A
    k create namespace team-a >/dev/null 2>&1
    return 0
}

# --- a target in another version than the server prefers

scaler() { # REPLICAS
    cat <<YAML
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: $1, targetCPUUtilizationPercentage: 80}
YAML
}

test_versions() {
    repository versions
    scaler 5 | manifest versions all
    {
        gadget_type
        echo "---"
    } | k apply -f - >/dev/null
    check "a type of two versions is served" eventually 20 k get gadgets.v1beta1.example.test -A
    gadget v1beta1 one | manifest versions gadget
    commit versions
    create_app versions >/dev/null
    check "what Git has in old versions is applied" sync_app versions
    check "the server prefers others" is '{.apiVersion}' autoscaling/v2 horizontalpodautoscalers.v2.autoscaling web -n team-a
    check "that is no difference" code 0 ctl app diff versions
    check "it is Synced" app_is versions '{.status.sync.status}' Synced
    check "the status has the version of Git" has '{.status.resources[*].version}' "v1 v1beta1" application versions -n argocd
    k patch hpa web -n team-a --type merge -p '{"spec":{"maxReplicas":9}}' >/dev/null
    check "a real difference is told in the version of Git" says 1 "autoscaling" "-  maxReplicas: 9" "+  maxReplicas: 5" -- ctl app diff versions
    check "and repaired" sync_app versions
    check "then there is none" code 0 ctl app diff versions
}

# --- a target in a version that the server has given up

budget() { # VERSION
    cat <<YAML
apiVersion: policy/$1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
YAML
}

test_unserved() {
    repository unserved
    budget v1 | manifest unserved budget
    commit unserved
    create_app unserved >/dev/null
    check "it is applied as it is served" sync_app unserved
    budget v1beta1 | manifest unserved budget
    commit unserved
    compared unserved >/dev/null
    check "another name of the version is no difference" code 0 ctl app diff unserved
    check "the status has the version of Git" has '{.status.resources[*].version}' "v1beta1" application unserved -n argocd
}

gadget_type() {
    cat <<'YAML'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.example.test}
spec:
  group: example.test
  scope: Namespaced
  names: {plural: gadgets, singular: gadget, kind: Gadget}
  versions:
  - {name: v1, served: true, storage: true, schema: &schema {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {
        size: {type: integer},
        ports: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object, required: [name],
          properties: {name: {type: string}, number: {type: integer}}}}}}}}}}
  - {name: v1beta1, served: true, storage: false, schema: *schema}
YAML
}

gadget() { # VERSION NAME
    cat <<YAML
apiVersion: example.test/$1
kind: Gadget
metadata: {name: $2}
spec: {size: 3, ports: [{name: http, number: 80}]}
YAML
}

# --- lists of a custom resource that have several owners

test_schemas() {
    repository schemas
    gadget v1 shared | manifest schemas gadget
    commit schemas
    create_app schemas --sync-option ServerSideApply=true >/dev/null
    check "a custom resource is applied by the server" sync_app schemas
    printf '%s\n' 'apiVersion: example.test/v1' 'kind: Gadget' 'metadata: {name: shared}' 'spec: {ports: [{name: metrics, number: 9090}]}' |
        k apply --server-side --field-manager=other -n team-a -f - >/dev/null
    check "another manager adds an item to its list" has '{.spec.ports[*].name}' "http metrics" gadget shared -n team-a
    check "which is no difference" code 0 ctl app diff schemas
    k patch gadget shared -n team-a --type json -p '[{"op":"replace","path":"/spec/ports/0/number","value":81}]' >/dev/null
    check "a change of our item is one" says 1 "-    number: 81" "+    number: 80" -- ctl app diff schemas
    check "sync repairs it" sync_app schemas
    check "and leaves the other item" is '{.spec.ports[*].number}' "80 9090" gadget shared -n team-a
}

# --- one resource that asks for structured merge, and managers that are trusted

test_managers() {
    repository managers
    deployment ours "argocd.argoproj.io/sync-options: ServerSideApply=true" | manifest managers ours
    deployment theirs | manifest managers theirs
    commit managers
    create_app managers >/dev/null
    check "both are applied" sync_app managers
    check "there is no difference" code 0 ctl app diff managers
    k scale deployment theirs -n team-a --replicas=3 >/dev/null
    check "a scaled Deployment is one" says 1 "-  replicas: 3" -- ctl app diff managers
    k patch application managers -n argocd --type merge -p \
        '{"spec":{"ignoreDifferences":[{"group":"apps","kind":"Deployment","managedFieldsManagers":["kubectl"]}]}}' >/dev/null
    check "fields of a trusted manager are none" code 0 ctl app diff managers
    k label deployment ours -n team-a extra=yes >/dev/null
    check "nor are fields of others where the server merges" code 0 ctl app diff managers
}

# --- server-side dry runs

test_dry_runs() {
    repository asked
    deployment asked "" "" 2 | manifest asked all
    configmap asked | manifest asked settings
    commit asked
    create_app asked >/dev/null
    k annotate application asked -n argocd argocd.argoproj.io/compare-options=ServerSideDiff=true >/dev/null
    check "sync succeeds" sync_app asked
    mark
    check "the server is asked" says 0 -- compared asked
    # both at once: either may come first
    check "once for one object" counted 1 "patch configmaps/asked (dry run)"
    check "once for the other" counted 1 "patch deployments/asked (dry run)"
    check "nothing else is written" test "$(written | wc -l)" = 2
    check "it is Synced" synced asked
    k patch configmap asked -n team-a --type merge -p '{"data":{"word":"other","more":"theirs"}}' >/dev/null
    check "a changed field is a difference, a further one is none" says 1 "-  word: other" "+  word: ahoy" -- ctl app diff asked
    check "that is all" not says 1 "  more: theirs" "-  more" -- ctl app diff asked
    check "sync repairs it" sync_app asked
    check "who may not write sees it without dry runs" says 0 "compared without server-side dry runs" -- ctl_as readonly app diff argocd/asked
    sed -i 's/replicas: 2/replicas: 2\n  bogus: yes/' "$work/git/asked/app/all.yaml"
    commit asked
    compared asked >/dev/null
    check "a target that the server refuses is told" condition asked 'running server side apply in dryrun mode for resource Deployment/asked'
    check "with the field" condition asked 'bogus'
    check "all is Unknown then" app_is asked '{.status.sync.status}' Unknown
    k annotate application asked -n argocd --overwrite argocd.argoproj.io/compare-options=ServerSideDiff=false >/dev/null
    compared asked >/dev/null
    check "switched off, it is compared here" app_is asked '{.status.sync.status}' OutOfSync
    k create configmap argocd-cmd-params-cm -n argocd --from-literal=controller.diff.server.side=true >/dev/null
    compared asked >/dev/null
    check "also where the installation has it on" app_is asked '{.status.sync.status}' OutOfSync
    k annotate application asked -n argocd argocd.argoproj.io/compare-options- >/dev/null
    compared asked >/dev/null
    check "where the application says nothing the installation counts" app_is asked '{.status.sync.status}' Unknown
    k delete configmap argocd-cmd-params-cm -n argocd >/dev/null
    compared asked >/dev/null
    check "without it, it is compared here" app_is asked '{.status.sync.status}' OutOfSync
}

# --- tools of this machine

# chosen FOLDER ARGUMENTS…: with a kustomize that makes something of its own, and the settings of FOLDER
chosen() { TIPHYS_CONFIG=$work/$1 PATH=$work/tools:$PATH ctl "${@:2}"; }

test_tools() {
    mkdir -p "$work/tools" "$work/tools-used" "$work/tools-wrong"
    printf '#!/bin/sh\n[ "$1" != version ] || { echo v0; exit; }\n%s\n' \
        'echo "{apiVersion: v1, kind: ConfigMap, metadata: {name: by-tool}}"' >"$work/tools/kustomize"
    chmod +x "$work/tools/kustomize"
    echo "use: ['tooled*']" >"$work/tools-used/tools.yaml"
    echo "use: tooled" >"$work/tools-wrong/tools.yaml"
    repository tooled
    configmap ours | manifest tooled ours
    echo "resources: [ours.yaml]" | manifest tooled kustomization
    commit tooled
    create_app tooled >/dev/null
    check "an application is rendered by the program" says 1 "ConfigMap" "ours" -- ctl app diff tooled
    check "or by the tool that the user chose for it" says 1 "by-tool" -- chosen tools-used app diff tooled
    check "settings that are none are an error" says 2 "tools.yaml: it must hold 'use'" -- chosen tools-wrong app diff tooled
}

# --- passwords in the address of a repository

test_passwords() {
    k apply -f - >/dev/null <<'YAML'
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: spoken, namespace: argocd}
spec:
  project: default
  source: {repoURL: "https://me:geheim@127.0.0.1:1/x.git", path: app, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: team-a}
YAML
    check "a repository that is not reached is named" says 2 "https://me:***@127.0.0.1:1/x.git" -- ctl app diff spoken
    check "without its password" not says 2 geheim -- ctl app diff spoken
    check "nor is it shown elsewhere" not says 0 geheim -- ctl app get spoken
    compared spoken >/dev/null 2>&1
    check "nor written into a condition" not has '{.status.conditions}' geheim application spoken -n argocd
}

need kubernetes etcd kwok
run_parts "versions unserved schemas managers dry_runs tools passwords" "$@"
