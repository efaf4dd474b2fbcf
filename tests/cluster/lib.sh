# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the tests share that drive tiphysctl against a cluster of their own. The script that reads this sets
# TIPHYS_ROOT and `work`, a folder for everything it makes.

passed=0 failed=0
TIPHYSCTL=${TIPHYSCTL:-$TIPHYS_ROOT/build/bin/tiphysctl}

cluster() { "$TIPHYS_ROOT/dev" cluster --dir "$work/one" "$@"; }
kubectl_as() { # IDENTITY ARGUMENTS…
    local identity=$1
    shift
    kubectl --kubeconfig "$work/one/kubeconfig/$identity.yaml" --cache-dir "$work/kubectl-cache" "$@"
}
k() { kubectl_as admin "$@"; }

# The program with a cache folder of its own; an answer that does not come is a failure, not a hang.
ctl_as() { # IDENTITY ARGUMENTS…
    local identity=$1
    shift
    KUBECONFIG=$work/one/kubeconfig/$identity.yaml XDG_CACHE_HOME=$work/cache timeout 120 "$TIPHYSCTL" "$@"
}
ctl() { ctl_as admin "$@"; }

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
        tail -n 25 <<<"$output" | sed 's/^/            /'
        return 1
    fi
}

# eventually SECONDS COMMAND…: until it succeeds
eventually() {
    local end=$((SECONDS + $1)) output
    shift
    until output=$("$@" 2>&1); do
        [ $SECONDS -lt $end ] || { echo "$output"; return 1; }
        sleep 0.2
    done
    echo "$output"
}

not() { ! "$@"; }

# code WANTED COMMAND…: the exit code
code() {
    local wanted=$1 got
    shift
    "$@"
    got=$?
    [ $got -eq "$wanted" ] || { echo "exit code $got, not $wanted"; return 1; }
}

# says CODE WORDS… -- COMMAND…: the exit code, and each of the words in what it prints
says() {
    local wanted=$1 got output word
    local -a words=()
    shift
    while [ "$1" != -- ]; do
        words+=("$1")
        shift
    done
    shift
    output=$("$@" 2>&1)
    got=$?
    echo "$output"
    [ $got -eq "$wanted" ] || { echo "exit code $got, not $wanted"; return 1; }
    for word in "${words[@]}"; do
        grep -qF -- "$word" <<<"$output" || { echo "does not say: $word"; return 1; }
    done
}

# is FIELDS WANTED OBJECT…: what a jsonpath gives
is() {
    local value
    value=$(k get "${@:3}" -o "jsonpath=$1") || return 1
    [ "$value" = "$2" ] || { echo "$* is '$value', not '$2'"; return 1; }
}

# has FIELDS WORDS OBJECT…: what a jsonpath gives holds the words
has() {
    local value
    value=$(k get "${@:3}" -o "jsonpath=$1") || return 1
    [[ $value == *"$2"* ]] || { echo "$* is '$value', without '$2'"; return 1; }
}

absent() { # OBJECT…
    local output
    output=$(k get "$@" --ignore-not-found -o name) && [ -z "$output" ] || { echo "there: $output"; return 1; }
}

# --- the audit log

mark() { marked=$(wc -l <"$(cluster audit)"); }

# The program's accepted writes since mark, in their order: VERB RESOURCE/NAME, with " (dry run)". Applications, Events
# and questions about rights are left out.
written() {
    tail -n +$((marked + 1)) "$(cluster audit)" | sed -nE '
        /"userAgent":"tiphys"/!d
        s/"requestObject":.*//
        /"code":20[0-9]/!d
        /"resource":"(applications|events|selfsubject[a-z]*)"/d
        s/.*"requestURI":"([^"]*)","verb":"(create|update|patch|delete)".*"objectRef":\{"resource":"([^"]*)"(,"namespace":"[^"]*")?(,"name":"([^"]*)")?.*/\2 \3\/\6 \1/
        t found
        d
        : found
        s/ [^ ]*dryRun=All[^ ]*$/ (dry run)/
        t show
        s/ [^ ]*$//
        : show
        p'
}

# wrote WANTED…: exactly these writes since mark, in this order
wrote() {
    local got wanted
    got=$(written)
    wanted=$(printf '%s\n' "$@")
    [ "$got" = "$wanted" ] || { printf 'written:\n%s\nnot:\n%s\n' "$got" "$wanted"; return 1; }
}

# counted COUNT WRITE: so many since mark
counted() {
    local got
    got=$(written | grep -cxF -- "$2")
    [ "$got" = "$1" ] || { written; echo "'$2' $got times, not $1"; return 1; }
}

# in_order WRITE…: each since mark, this order, others in between
in_order() {
    local line
    written | {
        for line in "$@"; do
            while read -r got; do
                [ "$got" != "$line" ] || continue 2
            done
            echo "not in its place: $line"
            return 1
        done
    } || { written; return 1; }
}

# --- Git

# repository NAME: a repository whose folder app/ is filled by manifests(), and its URL
repository() { git init -q -b main "$work/git/$1" && mkdir -p "$work/git/$1/app"; }
manifest() { cat >"$work/git/$1/app/$2.yaml"; } # REPOSITORY FILE <TEXT
url() { echo "file://$work/git/$1"; }
commit() { # REPOSITORY
    git -C "$work/git/$1" add -A && git -C "$work/git/$1" -c user.name=test -c user.email=test@example.test commit -qm change
}
head_of() { git -C "$work/git/$1" rev-parse HEAD; }

# deployment NAME [ANNOTATIONS of it] [tiphys.dev/pod] [REPLICAS]
deployment() {
    cat <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1, annotations: {${2:-}}}
spec:
  replicas: ${4:-1}
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}, annotations: {tiphys.dev/pod: "${3:-}"}}
    spec: {containers: [{name: main, image: example.test/web:1}]}
---
YAML
}

configmap() { # NAME [ANNOTATIONS] [VALUE]
    cat <<YAML
apiVersion: v1
kind: ConfigMap
metadata: {name: $1, annotations: {${2:-}}}
data: {word: "${3:-ahoy}"}
---
YAML
}

hook() { # NAME TYPE [DELETE POLICY] [tiphys.dev/pod]
    cat <<YAML
apiVersion: batch/v1
kind: Job
metadata: {name: $1, annotations: {argocd.argoproj.io/hook: $2${3:+, argocd.argoproj.io/hook-delete-policy: $3}}}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {tiphys.dev/pod: "${4:-}"}}
    spec: {restartPolicy: Never, containers: [{name: main, image: example.test/job:1}]}
---
YAML
}

wave() { echo "argocd.argoproj.io/sync-wave: \"$1\""; }

# create_app NAME [ARGUMENTS…]: the Application of the repository of that name
create_app() { ctl app create "$1" --repo "$(url "$1")" --path app --revision main --dest-namespace team-a "${@:2}"; }
sync_app() { ctl app sync "$1" --local-engine --timeout 90 "${@:2}"; }
app_is() { is "$2" "$3" application "$1" -n argocd; } # NAME FIELDS WANTED
state_of() { app_is "$1" '{.status.sync.status} {.status.health.status} {.status.operationState.phase}' "$2"; }

# --- the engine in the background

start_engine() { # LOG ARGUMENTS…; not in a subshell, so that its number is known
    KUBECONFIG=$work/one/kubeconfig/admin.yaml XDG_CACHE_HOME=$work/cache "$TIPHYSCTL" engine run "${@:2}" >"$1" 2>&1 &
    engine=$!
    background+=("$engine")
}

ended() { ! kill -0 "$1" 2>/dev/null; }

# --- a whole script

# closing: the closing line and exit code
closing() {
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
}

# What ends with the script; one that leaves more behind defines it anew.
background=() # processes
finish() {
    local pid
    for pid in "${background[@]}"; do
        kill -9 "$pid" 2>/dev/null
    done
    cluster down >/dev/null 2>&1
    [ ! -e "$work/two" ] || "$TIPHYS_ROOT/dev" cluster --dir "$work/two" down >/dev/null 2>&1
    [ "$failed" -gt 0 ] && [ -n "${TIPHYS_KEEP:-}" ] && echo "kept $work" || rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

skip() { # REASON
    echo "skipped: $1"
    exit 77
}

# need TOOL…: the program and these real tools, which are on PATH then; else the script is skipped
need() {
    local path
    path=$("$TIPHYS_ROOT/dev" oracles --path "$@") || skip "the real tools are not built (./dev oracles)"
    [ -x "$TIPHYSCTL" ] || skip "$TIPHYSCTL is not built"
    PATH=$path:$PATH
}
need_rollouts() {
    "$TIPHYS_ROOT/dev" oracles --source rollouts >/dev/null 2>&1 || skip "the source of Argo Rollouts is not there"
}

# run_parts "PART…" [WANTED…]: test_start, then test_PART of all parts, or of those that are wanted
run_parts() {
    local part parts=$1
    shift
    [ $# -eq 0 ] || parts=$*
    test_start
    if [ $failed -eq 0 ]; then
        for part in $parts; do
            "test_$part"
        done
    fi
    closing
}
