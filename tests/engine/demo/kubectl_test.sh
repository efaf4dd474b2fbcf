#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The real kubectl against the demo cluster. usage: kubectl_test.sh TIPHYSCTL; exit 77 without kubectl.
set -u
program=$1
command -v kubectl >/dev/null || { echo "no kubectl in PATH"; exit 77; }
folder=$(mktemp -d)
"$program" demo --port 0 >"$folder/out" 2>"$folder/err" &
demo=$!
trap 'kill -INT $demo 2>/dev/null; wait $demo; rm -rf "$folder"' EXIT
for _ in $(seq 200); do grep -q '^kubeconfig' "$folder/out" && break; read -rt 0.05 <> <(:); done
KUBECONFIG=$(sed -n 's/^kubeconfig: //p' "$folder/out")
export KUBECONFIG HOME=$folder
[ -f "$KUBECONFIG" ] || { echo "the demo cluster did not start"; cat "$folder/err"; exit 1; }
failures=0

# check NAME PATTERN COMMAND...: the output of the command matches the extended regular expression
check() {
    local name=$1 pattern=$2; shift 2
    local output; output=$("$@" 2>&1)
    if grep -Eq -- "$pattern" <<<"$output"; then echo "ok: $name"; else
        echo "FAILED: $name: wanted /$pattern/, got:"; echo "$output"; failures=$((failures + 1)); fi
}

cat >"$folder/web.yaml" <<'Y'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
Y
sed 's/nginx:1.27/nginx:1.28/' "$folder/web.yaml" >"$folder/web2.yaml"
sed 's/replicas:/replicaz:/' "$folder/web.yaml" >"$folder/typo.yaml"

check version 'Server Version: v1.36' kubectl version
check api-resources 'deployments +deploy +apps/v1 +true +Deployment' kubectl api-resources
check create 'deployment.apps/web created' kubectl create -f "$folder/web.yaml"
check create-twice 'AlreadyExists' kubectl create -f "$folder/web.yaml"
check typo 'strict decoding error: unknown field "spec.replicaz"' kubectl apply -f "$folder/typo.yaml"
check apply 'deployment.apps/web configured' kubectl apply -f "$folder/web2.yaml"
check unchanged 'deployment.apps/web unchanged' kubectl apply -f "$folder/web2.yaml"
check diff '^\+ .*nginx:1.27' kubectl diff -f "$folder/web.yaml"
check rollout 'successfully rolled out' kubectl rollout status deploy/web --timeout=60s
check table 'web +2/2 +2 +2' kubectl get deploy web
check wide 'nginx:1.28' kubectl get deploy web -o wide
check pods 'web-[^ ]+ +1/1 +Running +0' kubectl get pods -l app=web
check yaml 'availableReplicas: 2' kubectl get deploy web -o yaml
check logs 'listening' kubectl logs deploy/web
# A change arrives at a watch that stands: the first line is what is there, the second what the change makes of it.
kubectl get deploy web -w -o 'jsonpath={.metadata.labels.seen}{"|"}{.spec.replicas}{"\n"}' >"$folder/watch" 2>&1 &
watch=$!
for _ in $(seq 200); do [ -s "$folder/watch" ] && break; read -rt 0.05 <> <(:); done
kubectl label deploy web seen=yes >"$folder/label" 2>&1
for _ in $(seq 200); do grep -q yes "$folder/watch" && break; read -rt 0.05 <> <(:); done
kill $watch 2>/dev/null; wait $watch 2>/dev/null
check watch-begins '^\|2$' cat "$folder/watch"
check watch-change '^yes\|2$' cat "$folder/watch"
check secret-text '^bmV3 $' sh -c 'kubectl create secret generic key --dry-run=client -o json |
    sed "s/\"kind\"/\"stringData\": {\"a\": \"new\"}, \"kind\"/" | kubectl apply -f - >/dev/null
    kubectl get secret key -o "jsonpath={.data.a} {.stringData}"'
check ssa-conflict 'conflict with "kubectl-client-side-apply"' kubectl apply --server-side --field-manager=other -f "$folder/web.yaml"
check ssa-force 'serverside-applied' kubectl apply --server-side --force-conflicts --field-manager=other -f "$folder/web.yaml"
check scale 'scaled' kubectl scale deploy web --replicas=1
check patch-merge 'patched' kubectl patch deploy web --type=merge -p '{"metadata":{"labels":{"a":"b"}}}'
check patch-json 'patched' kubectl patch deploy web --type=json -p '[{"op":"remove","path":"/metadata/labels/a"}]'
check patch-strategic 'patched' kubectl patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:1.29"}]}}}}'
check readonly 'cannot delete resource "deployments"' kubectl --context demo-readonly delete deploy web
check readonly-reads 'web' kubectl --context demo-readonly get deploy
check none 'Forbidden' kubectl --context demo-none get deploy
check can-i '^yes$' kubectl auth can-i create deployments
check can-not '^no' kubectl --context demo-none auth can-i get pods
check custom-kinds 'applications.argoproj.io' kubectl get crd
check delete 'deleted' kubectl delete deploy web --cascade=foreground --wait --timeout=60s
check gone 'NotFound' kubectl get deploy web
check namespace 'created' kubectl create ns team
check configmap 'created' kubectl create cm settings -n team --from-literal=a=b
check invalid 'is invalid|Invalid value' kubectl create cm Bad_ -n team
check namespace-ends 'deleted' kubectl delete ns team --wait --timeout=60s

kill -INT $demo; wait $demo; code=$?
[ "$code" = 0 ] && [ ! -e "$KUBECONFIG" ] || { echo "FAILED: the end: code $code"; failures=$((failures + 1)); }
[ "$failures" = 0 ]
