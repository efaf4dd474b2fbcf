#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the real tools that tests compare with from their published Go modules, once, outside the tree.
# Each is described by tests/oracles/NAME/: go.mod and go.sum pin it, oracle.conf says what to build.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./dev oracles [NAME…] [--list] [--path] [--source NAME] [--fetch-go]

Builds the real tools (all but the optional ones, or those named) into
  ${TIPHYS_CACHE:-${XDG_CACHE_HOME:-~/.cache}/tiphys}/oracles/NAME-VERSION-HASH/bin
Needs Go 1.26, about 15 minutes once and 4 GB in Go's own caches; under a second when all is built.
  --list         print each tool with its version and whether it is built
  --path         print the directories of the built tools, joined by ':', to put before PATH
                 (exit code 1 if one of those wanted is not built)
  --source NAME  print the directory of the tool's source in Go's module cache
  --fetch-go     let an older Go fetch the Go that a tool wants (GOTOOLCHAIN=auto)
Exit codes: 1 a build failed, 2 wrong arguments, 3 no Go toolchain.
TEXT
}

definitions=$TIPHYS_ROOT/tests/oracles
cache=${TIPHYS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tiphys}/oracles
# Order of building: what most tests need comes first.
known=(kubernetes etcd kwok argocd kustomize helm rollouts goyaml diff health helmengine)
build_flags=(-mod=readonly -trimpath -buildvcs=false)
link_flags="-s -w"

fail() { echo "dev oracles: $1" >&2; exit "${2:-1}"; }

conf() { sed -n "s/^$2 //p" "$definitions/$1/oracle.conf"; }
is_optional() { grep -qx optional "$definitions/$1/oracle.conf"; }
version_of() {
    local module
    module=$(conf "$1" version)
    awk -v m="$module" '$1 == "require" { $1 = ""; $0 = $0; $1 = $1 } $1 == m && $2 ~ /^v/ { print $2; exit }' \
        "$definitions/$1/go.mod"
}
directory_of() {
    local hash
    hash=$({ cat "$definitions/$1"/{go.mod,go.sum,oracle.conf}; find "$definitions/$1" -name '*.go' -exec cat {} +; echo "${build_flags[*]} $link_flags"; } | sha256sum)
    echo "$cache/$1-$(version_of "$1")-${hash:0:12}"
}
is_built() { [ -d "$(directory_of "$1")/bin" ]; }

find_go() {
    command -v go >/dev/null && return
    local candidate
    for candidate in /usr/local/go/bin $(printf '%s\n' /usr/lib/go-*/bin | sort -rV); do
        [ -x "$candidate/go" ] || continue
        PATH=$candidate:$PATH
        return
    done
    fail "no Go toolchain: install Go 1.26 or newer (on Debian: the package golang; with an older one add --fetch-go)" 3
}

# A Go older than the go.mod asks for would stop with a message that does not say what to do.
check_go() {
    local wanted have
    wanted=$(awk '$1 == "go" { print $2 }' "$definitions/$1/go.mod")
    have=$(go env GOVERSION | sed 's/^go//; s/[ -].*//')
    [ "$(printf '%s\n' "$wanted" "$have" | sort -V | head -n 1)" = "$wanted" ] && return
    case $(go env GOTOOLCHAIN) in auto | *+auto | path | *+path) return ;; esac
    fail "no Go toolchain for $1: it needs Go $wanted and this is $have; install a newer one or add --fetch-go" 3
}

build() {
    local name=$1 directory temporary version number defines="" line
    directory=$(directory_of "$name")
    version=$(version_of "$name") number=${version#v}
    echo "oracles: building $name $version"
    while read -r line; do
        defines+=" -X ${line//@VERSION@/$version}"
    done < <(conf "$name" define)
    defines=${defines//@VERSION_NUMBER@/$number}
    defines=${defines//@MAJOR@/${number%%.*}}
    defines=${defines//@MINOR@/$(cut -d. -f2 <<<"$number")}

    temporary=$(mktemp -d "$cache/.build-$name.XXXXXX")
    mkdir "$temporary/bin"
    local binary package target
    while read -r binary package; do
        (cd "$definitions/$name" && go build "${build_flags[@]}" -ldflags "$link_flags$defines" \
            -o "$temporary/bin/$binary" "$package") || { rm -rf "$temporary"; return 1; }
    done < <(conf "$name" binary)
    while read -r binary target; do
        ln -s "$target" "$temporary/bin/$binary"
    done < <(conf "$name" alias)
    chmod 755 "$temporary"
    rm -rf "$directory"
    mv "$temporary" "$directory"
    # Builds of other versions of the same tool are of no use any more.
    local old
    for old in "$cache/$name"-v*; do
        [ "$old" = "$directory" ] || [ -n "${TIPHYS_KEEP_ORACLES:-}" ] || [ ! -d "$old" ] ||
            echo "oracles: $old is from another version and may be deleted"
    done
}

print_path() {
    local name joined="" missing=0
    for name in "${wanted[@]}"; do
        if is_built "$name"; then
            joined+=${joined:+:}$(directory_of "$name")/bin
        else
            echo "dev oracles: $name is not built (run ./dev oracles $name)" >&2
            missing=1
        fi
    done
    echo "$joined"
    return $missing
}

print_list() {
    local name
    for name in "${wanted[@]}"; do
        printf '%-11s %-9s %s\n' "$name" "$(version_of "$name")" "$(is_built "$name" && directory_of "$name" || echo "not built")"
    done
}

# Fetched where it is missing: inside our module, so that go.sum vouches for it, and outside for a
# module that wants a newer Go than this one (its source is of use without building it).
print_source() {
    local module directory
    find_go
    module=$(conf "$1" version)@$(version_of "$1")
    directory=$(cd / && go env GOMODCACHE)/$module
    [ -d "$directory" ] || (cd "$definitions/$1" && go mod download "${module%@*}") >/dev/null 2>&1 ||
        (cd / && go mod download "$module") >/dev/null 2>&1 || true
    [ -d "$directory" ] || fail "the source of $1 is not in Go's module cache and cannot be fetched"
    echo "$directory"
}

action=build wanted=()
while [ $# -gt 0 ]; do
    case $1 in
        --list) action=list ;;
        --path) action=path ;;
        --source) action=source ;;
        --fetch-go) export GOTOOLCHAIN=auto ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; fail "unknown argument '$1'" 2 ;;
        *)
            [[ " ${known[*]} " == *" $1 "* ]] || fail "unknown tool '$1' (known: ${known[*]})" 2
            wanted+=("$1")
            ;;
    esac
    shift
done
if [ $action = source ]; then
    [ ${#wanted[@]} -eq 1 ] || fail "--source wants one name" 2
fi
if [ ${#wanted[@]} -eq 0 ]; then
    for name in "${known[@]}"; do
        { [ $action != list ] && is_optional "$name"; } || wanted+=("$name")
    done
fi

export GOFLAGS=-mod=readonly GOWORK=off CGO_ENABLED=0
case $action in
    list) print_list; exit ;;
    path) print_path; exit ;;
    source) print_source "${wanted[0]}"; exit ;;
esac

missing=()
for name in "${wanted[@]}"; do
    is_built "$name" || missing+=("$name")
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "oracles: all built in $cache"
    exit 0
fi
find_go
for name in "${missing[@]}"; do
    check_go "$name"
done
mkdir -p "$cache"
exec 9>"$cache/.lock"
flock -n 9 || { echo "oracles: waiting for another build"; flock 9; }
find "$cache" -maxdepth 1 -name '.build-*' -exec rm -rf {} +
failed=()
for name in "${missing[@]}"; do
    is_built "$name" || build "$name" || failed+=("$name")
done
[ ${#failed[@]} -eq 0 ] || fail "these did not build: ${failed[*]}"
