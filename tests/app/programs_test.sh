#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The command line as a person uses it, on real files and a real repository; no cluster.
set -u
tiphysctl=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# check NAME EXPECTED-CODE EXPECTED-TEXT COMMAND...: both streams together must contain the text.
check() {
    local name=$1 code=$2 text=$3 output actual
    shift 3
    output=$("$@" 2>&1)
    actual=$?
    if [ $actual -eq "$code" ] && [[ $output == *"$text"* ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s: exit code %s (wanted %s), wanted text: %s\n%s\n' "$name" "$actual" "$code" "$text" "$output"
    fi
}

# lacks NAME TEXT COMMAND...: the output must not contain the text.
lacks() {
    local name=$1 text=$2 output
    shift 2
    output=$("$@" 2>&1)
    if [[ $output != *"$text"* ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s: found %s\n' "$name" "$text"
    fi
}

export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
repo=$work/repo
mkdir -p "$repo/apps/shop" "$repo/apps/blog" "$repo/argocd"
git -C "$repo" init -q -b main
config_map() { printf 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %s\ndata:\n  x: "%s"\n' "$1" "$2"; }
config_map web 1 >"$repo/apps/shop/web.yaml"
printf 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: hunter2\n' >"$repo/apps/blog/s.yaml"
for app in shop blog; do
    printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: %s\nspec:\n  project: default\n  source: {repoURL: "https://git.example.com/x", path: apps/%s}\n  destination: {server: "https://kubernetes.default.svc", namespace: %s}\n' $app $app $app
    echo ---
done >"$repo/argocd/apps.yaml"
git -C "$repo" add -A && git -C "$repo" commit -qm one
config_map web 2 >"$repo/apps/shop/web.yaml"
sed -i s/hunter2/hunter3/ "$repo/apps/blog/s.yaml"
echo hi >"$repo/README.md"
git -C "$repo" add -A && git -C "$repo" commit -qm two
git -C "$repo" checkout -qb feature HEAD~1
config_map new 1 >"$repo/apps/shop/new.yaml"
git -C "$repo" add -A && git -C "$repo" commit -qm three
git -C "$repo" checkout -q main

check "version" 0 . "$tiphysctl" --version
if [ "$(uname -sm)" = "Linux x86_64" ] && command -v readelf >/dev/null; then
    for library in archive crypto git2 Qt6 re2 xml2; do
        lacks "the program starts without lib$library" "lib$library" readelf -d "$tiphysctl"
    done
fi
check "empty command teaches" 0 render "$tiphysctl"
check "unknown command" 2 bogus "$tiphysctl" bogus
check "render a folder" 0 'x: "2"' "$tiphysctl" render "$repo/apps/shop"
check "render a commit" 0 'x: "1"' "$tiphysctl" render apps/shop --repo "$repo" --revision HEAD~1
check "render as JSON" 0 '"kind": "ConfigMap"' "$tiphysctl" render "$repo/apps/shop" -o json
check "render sub-folders alone" 0 "no manifest comes out of '$repo/apps'; --directory-recurse reads its sub-folders too" "$tiphysctl" render "$repo/apps"
check "render nothing there" 1 "no file or folder" "$tiphysctl" render "$work/nothing"

mkdir -p "$work/chart/templates" "$work/kustomization"
printf 'apiVersion: v2\nname: web\nversion: 1.0.0\n' >"$work/chart/Chart.yaml"
printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: {{ .Release.Name }}}\ndata: {x: {{ required "x is needed" .Values.x | quote }}}\n' \
    >"$work/chart/templates/map.yaml"
printf 'namePrefix: a-\nresources: [map.yaml]\n' >"$work/kustomization/kustomization.yaml"
printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: map}\n' >"$work/kustomization/map.yaml"
printf 'x: from a file\n' >"$work/values.yaml"
check "render a chart" 0 'name: shop' "$tiphysctl" render "$work/chart" --name shop --set x=1
mkdir -p "$work/secrets/templates" "$work/parent/charts"
printf 'apiVersion: v2\nname: secrets\nversion: 1.0.0\n' >"$work/secrets/Chart.yaml"
printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: s}\ndata:\n  sum: {{ sha1sum "x" }}\n  ca: {{ (genCA "ca" 1).Cert | trunc 27 }}\n  plus: "{{ addf 1.1 2.2 }}"\n' \
    >"$work/secrets/templates/map.yaml"
check "functions of a library that is loaded when called" 0 "ca: '-----BEGIN CERTIFICATE-----'" "$tiphysctl" render "$work/secrets"
printf 'apiVersion: v2\nname: parent\nversion: 1.0.0\n' >"$work/parent/Chart.yaml"
tar -C "$work" -czf "$work/parent/charts/secrets.tgz" secrets
check "a chart in an archive" 0 'sum: 11f6ad8ec52a2984abaafd7c3b516503785c2072' "$tiphysctl" render "$work/parent"
check "values from a file" 0 'x: from a file' "$tiphysctl" render "$work/chart" --values "$work/values.yaml"
check "a value that a chart needs" 1 "execution error at (web/templates/map.yaml:4:13): x is needed" "$tiphysctl" render "$work/chart"
check "a values file that is not there" 1 "no file" "$tiphysctl" render "$work/chart" --values "$work/nothing"
check "a broken flag of a chart" 1 "failed parsing --set data" "$tiphysctl" render "$work/chart" --set 'a[x]=1'
check "render a kustomization" 0 'name: a-map' "$tiphysctl" render "$work/kustomization"
mkdir -p "$work/overlay"
printf 'resources: [../kustomization]\nnameSuffix: -b\n' >"$work/overlay/kustomization.yaml"
check "render an overlay whose base stands beside it" 0 'name: a-map-b' "$tiphysctl" render "$work/overlay"
check "flags of charts for something else" 2 "kustomization' is no chart" "$tiphysctl" render "$work/kustomization" --set a=b

cat >"$work/rollout.yaml" <<'YAML'
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "web:1"}]}}
  strategy: {canary: {steps: [{setWeight: 25}, {pause: {}}]}}
YAML
sed 's/setWeight: 25/setWeight: 250/' "$work/rollout.yaml" >"$work/bad-rollout.yaml"
check "lint a rollout" 0 "" "$tiphysctl" rollout lint -f "$work/rollout.yaml"
check "lint a bad one" 1 "SetWeight needs to be between 0 and 100" "$tiphysctl" rollout lint -f "$work/bad-rollout.yaml"
printf 'spec: [\n' >"$work/no-yaml.yaml"
printf 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: web\n---\nspec: {a: b\n' >"$work/no-rollout.yaml"
for command in "rollout lint -f" "rollout simulate -f" render "health -f" "actions -f"; do
    check "$command of broken YAML" 1 "yaml: line 1: did not find expected node content (at $([ "$command" = render ] || echo "$work/")no-yaml.yaml:2:1)" "$tiphysctl" $command "$work/no-yaml.yaml"
    check "$command of YAML that breaks off" 1 "no-rollout.yaml:7:1)" "$tiphysctl" $command "$work/no-rollout.yaml"
done
mkdir -p "$work/odd" && cp "$work/no-yaml.yaml" "$work/odd"
check "render a folder with broken YAML" 0 "warning: no manifest in 'no-yaml.yaml': yaml: line 1: did not find expected node content (at no-yaml.yaml:2:1)" "$tiphysctl" render "$work/odd"
check "simulate an update" 0 "Rollout step 1/2 completed (setWeight: 25)" "$tiphysctl" rollout simulate -f "$work/rollout.yaml"
check "actions of a file that is not there" 1 "no file" "$tiphysctl" actions -f "$work/nothing"
if command -v taskset >/dev/null; then
    mkdir -p "$work/large/chart/crds"
    printf 'apiVersion: v2\nname: large\nversion: 1.0.0\n' >"$work/large/chart/Chart.yaml"
    for i in 0 1 2 3 4 5 6 7 8 9 10 11; do
        {
            printf 'kind: CustomResourceDefinition\nmetadata: {name: a%s}\nspec:\n' $i
            seq -f "  field%g: {type: string, description: 'what this field is for'}" 1000
        } >"$work/large/chart/crds/crd-$i.yaml"
    done
    # same FOLDER: one processor and all of them give the same bytes
    same() { cmp <(taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')" "$tiphysctl" render "$1") <("$tiphysctl" render "$1") && "$tiphysctl" render "$1" | grep -c '^kind:'; }
    check "a large chart on one processor and on all" 0 12 same "$work/large/chart"
fi
check "revision without repository" 2 "--revision needs --repo" "$tiphysctl" render "$repo" --revision main
check "diff finds the application" 1 '+  x: "2"' "$tiphysctl" diff HEAD~1 HEAD --repo "$repo"
check "diff names files in no application" 1 README.md "$tiphysctl" diff HEAD~1 HEAD --repo "$repo"
lacks "diff masks secrets" hunter "$tiphysctl" diff HEAD~1 HEAD --repo "$repo"
lacks "diff masks encoded secrets" "$(printf hunter3 | base64)" "$tiphysctl" diff HEAD~1 HEAD --repo "$repo"
check "diff of equal commits" 0 "0 of 2 applications differ" "$tiphysctl" diff main main --repo "$repo"
check "diff from the merge base" 1 "name: new" "$tiphysctl" diff main...feature --repo "$repo"
lacks "diff from the merge base leaves main alone" 'x: "2"' "$tiphysctl" diff main...feature --repo "$repo"
check "diff with one path" 1 "1 of 1 application differs" "$tiphysctl" diff HEAD~1 HEAD --repo "$repo" --path apps/shop
check "diff with one path that is the same" 0 "0 of 1 application differs" "$tiphysctl" diff main main --repo "$repo" --path apps/shop
check "diff with a path that is nowhere" 2 "neither revision has 'apps/none'" "$tiphysctl" diff HEAD~1 HEAD --repo "$repo" --path apps/none
check "diff of a range" 1 '+  x: "2"' "$tiphysctl" diff HEAD~1..HEAD --repo "$repo"
check "diff of a range and more" 2 "names both revisions" "$tiphysctl" diff HEAD~1...HEAD HEAD --repo "$repo"
check "diff with a path seen from a sub-folder" 1 "1 of 1 application differs" "$tiphysctl" diff HEAD~1 HEAD --repo "$repo/apps/shop" --path .
check "diff with a file for a folder" 2 "it is no folder" "$tiphysctl" diff HEAD~1 HEAD --repo "$repo" --path apps/shop/web.yaml
check "diff with a file that holds no Application" 2 "no Application is in it" "$tiphysctl" diff HEAD~1 HEAD --repo "$repo" --app apps/shop/web.yaml
check "diff as JSON" 1 '"unmatched"' "$tiphysctl" diff HEAD~1 HEAD --repo "$repo" -o json
check "diff as Markdown" 1 '```diff' "$tiphysctl" diff HEAD~1 HEAD --repo "$repo" -o markdown
check "diff of an empty revision" 2 "A is empty" "$tiphysctl" diff "" HEAD --repo "$repo"
check "diff of an unknown revision" 2 nope "$tiphysctl" diff nope HEAD --repo "$repo"
check "diff outside of a repository" 2 "$work" "$tiphysctl" diff a b --repo "$work"
check "diff with the working tree, clean" 0 "0 of" "$tiphysctl" diff HEAD --repo "$repo"
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bad\ndata:\n  x: [1, 2\n' >"$repo/apps/shop/bad.yaml"
check "diff names file and line of broken YAML" 2 'bad.yaml": failed to unmarshal manifest: error converting YAML to JSON: yaml: line' "$tiphysctl" diff HEAD --repo "$repo"
check "diff tells the place in the file" 2 '(at apps/shop/bad.yaml:7:1)' "$tiphysctl" diff HEAD --repo "$repo"
rm "$repo/apps/shop/bad.yaml"
config_map web 3 >"$repo/apps/shop/web.yaml"
check "diff with the working tree, changed" 1 '+  x: "3"' "$tiphysctl" diff HEAD --repo "$repo"

printf 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, generation: 2}\nspec: {replicas: 2}\nstatus: {observedGeneration: 1}\n' >"$work/deploy.yaml"
check "health of a file" 0 "Progressing" "$tiphysctl" health -f "$work/deploy.yaml"
check "health as JSON" 0 '{"group":"apps","kind":"Deployment","namespace":"","name":"web","status":"Progressing"' "$tiphysctl" health -f "$work/deploy.yaml" -o json
check "health of standard input" 0 Progressing bash -c "'$tiphysctl' health -f - <'$work/deploy.yaml'"
check "health of no file" 1 "no file '$work/none'" "$tiphysctl" health -f "$work/none"
printf '\xff\xfe\x00bad' >"$work/binary.yaml"
check "a file that is no text" 1 "binary.yaml" "$tiphysctl" health -f "$work/binary.yaml"
{
    config_map huge 1
    awk 'BEGIN { text = sprintf("%100s", ""); gsub(/ /, "x", text); for (n = 0; n < 180000; n++) printf "  key-%06d: %s\n", n, text }'
} >"$work/huge.yaml"
check "a manifest of 20 MB is rendered" 0 180000 bash -c "'$tiphysctl' render '$work/huge.yaml' | grep -c '  key-'"
mkdir "$repo/apps/huge" && cp "$work/huge.yaml" "$repo/apps/huge"
check "in a folder it is more than Argo CD takes" 2 "manifests of 'apps/huge' exceed 10000000 bytes at 'apps/huge/huge.yaml'" \
    "$tiphysctl" diff HEAD --repo "$repo" --path apps/huge
rm -r "$repo/apps/huge"
check "bash completion is valid" 0 "" bash -c "'$tiphysctl' completion bash | bash -n"
# An environment of a home folder alone; a sanitizer keeps what it is told.
alone=(env -i HOME="$work" ${TSAN_OPTIONS:+TSAN_OPTIONS="$TSAN_OPTIONS"} ${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} ${LSAN_OPTIONS:+LSAN_OPTIONS="$LSAN_OPTIONS"})
check "no kubeconfig" 1 "kubeconfig" "${alone[@]}" "$tiphysctl" app list
check "no kubeconfig is named" 1 "KUBECONFIG names no file" "${alone[@]}" KUBECONFIG=: "$tiphysctl" app list
check "kubeconfig that is not there" 1 "none.yaml" "${alone[@]}" "$tiphysctl" app list --kubeconfig "$work/none.yaml"
cat >"$work/noca.yaml" <<'KUBECONFIG'
apiVersion: v1
kind: Config
current-context: c
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1", certificate-authority: nothing/ca.crt}}]
users: [{name: u, user: {token: not-shown}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
KUBECONFIG
check "kubeconfig that is not there, for a list" 1 "no kubeconfig file" "${alone[@]}" "$tiphysctl" cluster list --kubeconfig "$work/none.yaml"
echo 'clusters: [' >"$work/broken.yaml"
check "broken kubeconfig" 1 "broken.yaml" "${alone[@]}" "$tiphysctl" cluster list --kubeconfig "$work/broken.yaml"
check "broken kubeconfig beside another" 0 "warning: " "${alone[@]}" KUBECONFIG="$work/broken.yaml:$work/noca.yaml" "$tiphysctl" cluster list
check "kubeconfig with a missing file" 1 "nothing/ca.crt" "${alone[@]}" "$tiphysctl" app list --kubeconfig "$work/noca.yaml"
lacks "errors never show a token" not-shown "${alone[@]}" "$tiphysctl" app list --kubeconfig "$work/noca.yaml"

# A base that an overlay reaches is part of the application.
bases=$work/bases
mkdir -p "$bases/base" "$bases/over" "$bases/apps" "$bases/chart/templates" "$bases/values"
git -C "$bases" init -q -b main
config_map a 1 >"$bases/base/d.yaml"
echo 'resources: [d.yaml]' >"$bases/base/kustomization.yaml"
echo 'resources: [../base]' >"$bases/over/kustomization.yaml"
printf 'apiVersion: v2\nname: chart\nversion: 1.0.0\n' >"$bases/chart/Chart.yaml"
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {x: "{{ .Values.x }}"}\n' >"$bases/chart/templates/c.yaml"
echo 'x: 1' >"$bases/values/prod.yaml"
application() { printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %s}\nspec: {project: default, source: {repoURL: "https://x/y", %s}, destination: {server: s}}\n' "$1" "$2"; }
application over 'path: over' >"$bases/apps/over.yaml"
application chart 'path: chart, helm: {valueFiles: [../values/prod.yaml]}' >"$bases/apps/chart.yaml"
git -C "$bases" add -A && git -C "$bases" commit -qm one
config_map a 2 >"$bases/base/d.yaml"
git -C "$bases" commit -qam two
check "a changed base changes its overlays" 1 '+  x: "2"' "$tiphysctl" diff HEAD~1 HEAD --repo "$bases"
lacks "a changed base belongs to an application" "in no application" "$tiphysctl" diff HEAD~1 HEAD --repo "$bases"
echo 'x: 7' >"$bases/values/prod.yaml"
git -C "$bases" commit -qam three
check "a values file outside of the chart" 1 "1 of 2 application" "$tiphysctl" diff HEAD~1 HEAD --repo "$bases"

# Config management plugins: nothing runs without consent, and consent is for one content.
export TIPHYS_CONFIG=$work/config
cmp=$work/cmp
mkdir -p "$cmp/.tiphys/plugins" "$cmp/app" "$cmp/named" "$cmp/apps"
git -C "$cmp" init -q -b main
plugin() { printf 'apiVersion: argoproj.io/v1alpha1\nkind: ConfigManagementPlugin\nmetadata: {name: %s}\nspec:\n  discover: {fileName: "%s"}\n  generate: {command: [sh, -c], args: [%s]}\n' "$1" "$2" "$3"; }
plugin maker '*.make' "'echo \"{apiVersion: v1, kind: ConfigMap, metadata: {name: \$(cat *.make)}, data: {app: \\\"\$ARGOCD_APP_NAME\\\", env: \\\"\$ARGOCD_ENV_X\\\"}}\"'" >"$cmp/.tiphys/plugins/maker.yaml"
printf one >"$cmp/app/a.make"
application made 'path: app, plugin: {env: [{name: X, value: "for-$ARGOCD_APP_NAME"}]}' >"$cmp/apps/made.yaml"
git -C "$cmp" add -A && git -C "$cmp" commit -qm one
printf two >"$cmp/app/a.make"
git -C "$cmp" commit -qam two
within() { (cd "$1" && shift && "$@"); }
check "a plugin needs consent" 1 "plugin 'maker' ($cmp/.tiphys/plugins/maker.yaml) is not allowed to run; allow it with --allow-plugins maker" within "$cmp" "$tiphysctl" render app </dev/null
check "a plugin that may not run is an error of its application" 2 "is not allowed to run" within "$cmp" "$tiphysctl" diff HEAD~1 HEAD </dev/null
check "a plugin claims a folder" 0 "name: two" within "$cmp" "$tiphysctl" render app --allow-plugins maker
check "consent is remembered" 0 "env: for-made" within "$cmp" "$tiphysctl" render apps/made.yaml
check "diff uses plugins" 1 "name: two" within "$cmp" "$tiphysctl" diff HEAD~1 HEAD
check "no plugins" 1 "config management plugin is not run here" within "$cmp" "$tiphysctl" render apps/made.yaml --no-plugins
echo '# changed' >>"$cmp/.tiphys/plugins/maker.yaml"
check "consent ends when the file changes" 1 "is not allowed to run" within "$cmp" "$tiphysctl" render app
check "an unknown plugin" 1 'could not find cmp-server plugin with name "none" supporting the given repository (there are: maker)' within "$cmp" "$tiphysctl" render named --config-management-plugin none
printf 'kind: ConfigManagementPlugin\nmetadata: {name: bad}\nspec: {generate: {command: [sh, -c, "echo oops >&2; exit 3"]}, parameters: {static: [{name: p, string: x}]}}\n' >"$work/bad.yaml"
check "a plugin that fails" 1 "plugin 'bad': \`sh -c \"echo oops >&2; exit 3\"\` failed exit status 3: oops" within "$cmp" "$tiphysctl" render named --plugin "$work/bad.yaml" --allow-plugins bad --config-management-plugin bad
check "announced parameters" 0 '"name": "p"' within "$cmp" "$tiphysctl" render named --plugin "$work/bad.yaml" --config-management-plugin bad --plugin-parameters
echo 'kind: Other' >"$work/other.yaml"
check "a file that is no plugin" 0 "warning: plugin file '$work/other.yaml'" within "$cmp" "$tiphysctl" render "$cmp/named" --plugin "$work/other.yaml"
printf 'use: [over]\nmore: 1\n' >"$bases/.tiphys.yaml"
mkdir -p "$bases/.tiphys" && mv "$bases/.tiphys.yaml" "$bases/.tiphys/tools.yaml"
check "tools of a workspace, badly written" 1 "tools.yaml: it must hold 'use'" within "$bases" "$tiphysctl" render apps/over.yaml
echo 'use: ["ov*"]' >"$bases/.tiphys/tools.yaml"
mkdir -p "$work/bin"
printf '#!/bin/sh\necho "{apiVersion: v1, kind: ConfigMap, metadata: {name: by-tool}}"\n' >"$work/bin/kustomize"
chmod +x "$work/bin/kustomize"
check "the tool of a chosen application" 0 "by-tool" within "$bases" env PATH="$work/bin:$PATH" "$tiphysctl" render apps/over.yaml
lacks "the tool of another application" "by-tool" within "$bases" env PATH="$work/bin:$PATH" "$tiphysctl" render apps/chart.yaml
# A clone knows its repository by another address than its Applications do; a detached HEAD is of no branch.
git clone -q "$repo" "$work/mirror"
check "Applications of another address" 0 "--repo-url URL" "$tiphysctl" diff main~1 main --repo "$work/mirror"
check "a further address of the repository" 1 "2 of 2 applications differ" "$tiphysctl" diff main~1 main --repo "$work/mirror" --repo-url https://git.example.com/x.git
sed -i 's|path: apps/shop|path: apps/shop, targetRevision: main|' "$work/mirror/argocd/apps.yaml"
printf 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: fleet}\nspec: {generators: []}\n' >"$work/mirror/argocd/set.yaml"
git -C "$work/mirror" checkout -q --detach && git -C "$work/mirror" add -A && git -C "$work/mirror" commit -qm four
config_map web 4 >"$work/mirror/apps/shop/web.yaml"
check "uncommitted changes of a detached HEAD" 1 '+  x: "4"' "$tiphysctl" diff HEAD --repo "$work/mirror" --repo-url https://git.example.com/x
check "ApplicationSets are named" 1 "applications of ApplicationSets, not compared: fleet" "$tiphysctl" diff HEAD --repo "$work/mirror" --repo-url https://git.example.com/x
check "a short comparison as Markdown" 1 "- changed ConfigMap web" "$tiphysctl" diff HEAD~1 HEAD~2 --repo "$work/mirror" --repo-url https://git.example.com/x -o markdown --summary
lacks "a short comparison as Markdown has no lines" '```' "$tiphysctl" diff HEAD~1 HEAD~2 --repo "$work/mirror" --repo-url https://git.example.com/x -o markdown --summary

# Who types is told what is waited for; a pipe is not.
printf 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n' >"$work/service.yaml"
typed() { # FILE COMMAND...: with the file typed on a terminal
    local file=$1; shift
    { cat "$file"; printf '\004'; } | python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' "$@"
}
told="on standard input (Ctrl+D ends it); -f FILE reads a file"
check "health says what it waits for" 0 "waiting for Kubernetes objects $told" typed "$work/service.yaml" "$tiphysctl" health
check "health takes what is typed" 0 "Service web" typed "$work/service.yaml" "$tiphysctl" health
check "actions say what they wait for" 0 "waiting for Kubernetes objects $told" typed "$work/service.yaml" "$tiphysctl" actions
check "lint says what it waits for" 0 "waiting for Rollouts $told" typed "$work/service.yaml" "$tiphysctl" rollout lint -f -
check "simulate says what it waits for" 1 "waiting for Rollouts and what they need $told" typed "$work/service.yaml" "$tiphysctl" rollout simulate -f -
check "customizations are waited for" 0 "waiting for the ConfigMap argocd-cm on standard input" typed /dev/null "$tiphysctl" health -f "$work/service.yaml" --customizations -
lacks "a pipe needs no word" "waiting" sh -c "'$tiphysctl' health <'$work/service.yaml'"

if [ -e /dev/full ]; then
    check "a full disk" 1 "error: the output could not be written: No space left on device" sh -c "'$tiphysctl' --help >/dev/full"
    check "a full disk under a long output" 1 "error: the output could not be written" sh -c "'$tiphysctl' man >/dev/full"
    check "a full disk under a comparison" 2 "error: the output could not be written" sh -c "'$tiphysctl' diff main~1 main --repo '$repo' >/dev/full"
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
