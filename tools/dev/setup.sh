#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing from tools/dev/packages.txt. Under a second when nothing is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

usage() {
    cat <<'TEXT'
usage: ./dev setup [--yes] [--all] [--deep] [--list] [--hooks]

Installs the Debian packages Tiphys is built and tested with (Debian 12 or 13, as root or with sudo).
  --yes    do not ask before changing anything
  --all    also what `./dev test --all` needs (clang, libc++, mingw-w64, redis)
  --deep   also what `./dev tidy`, `./dev format` and `./dev test --deep` need
  --list   only print what is missing
  --hooks  only put tools/dev/pre-commit in place as the Git hook of this clone
TEXT
}

yes=0 list=0 hooks=0 groups="build"
for argument in "$@"; do
    case $argument in
        --yes | -y) yes=1 ;;
        --all) groups="$groups all" ;;
        --deep) groups="$groups deep" ;;
        --list) list=1 ;;
        --hooks) hooks=1 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "dev setup: unknown argument '$argument'" >&2; usage >&2; exit 2 ;;
    esac
done

if [ $hooks -eq 1 ]; then
    hook=$(git -C "$here" rev-parse --path-format=absolute --git-path hooks)/pre-commit
    [ ! -e "$hook" ] || [ -L "$hook" ] || { echo "dev setup: $hook is another hook, left alone" >&2; exit 1; }
    mkdir -p "${hook%/*}"
    ln -sfn "$here/pre-commit" "$hook"
    echo "setup: $hook runs tools/dev/pre-commit"
    exit 0
fi

if ! command -v dpkg-query >/dev/null; then
    echo "dev setup: this is not a Debian system; install the packages named in tools/dev/packages.txt by hand" >&2
    exit 1
fi
# shellcheck disable=SC1091
release=$(. /etc/os-release && echo "${VERSION_ID:-unknown}")
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-unknown}")

wanted=()
while read -r group package _; do
    case " $groups " in *" $group "*) wanted+=("$package") ;; esac
done < <(grep -v '^#' "$here/packages.txt" | grep -v '^$')

installed=$(dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
    grep -q "^$package installed" <<<"$installed" || missing+=("$package")
done
# Debian 12's own CMake, Qt, libgit2 and libjsonnet are too old; the same names from Debian 13 replace them.
for package in qt6-base-dev libgit2-dev libjsonnet-dev cmake; do
    version=$(awk -v p="$package" '$1 == p && $2 == "installed" { print $3 }' <<<"$installed")
    [ -n "$version" ] || continue
    case $package in qt6-base-dev) least=6.8 ;; libgit2-dev) least=1.9 ;; libjsonnet-dev) least=0.20 ;; cmake) least=3.25 ;; esac
    dpkg --compare-versions "$version" ge "$least" || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
    [ $list -eq 1 ] || echo "setup: nothing is missing"
    exit 0
fi
if [ $list -eq 1 ]; then
    printf '%s\n' "${missing[@]}"
    exit 0
fi

add_trixie=0
case $codename in
    trixie) ;;
    bookworm) [ -e /etc/apt/sources.list.d/tiphys-trixie.sources ] || add_trixie=1 ;;
    *) echo "dev setup: Debian 12 (bookworm) or 13 (trixie) is needed, this is '$codename' $release" >&2; exit 1 ;;
esac

echo "setup will change this machine:"
if [ "$codename" = bookworm ]; then
    [ $add_trixie -eq 1 ] && echo "  add Debian 13 (trixie) as a second package source, pinned to priority 100"
    echo "  install from Debian 13, which raises libc to 2.41 (g++ 12 stays the default g++)"
fi
echo "  install: ${missing[*]}"
if [ $yes -eq 0 ] && [ -t 0 ]; then
    read -r -p "Go on? [y/N] " answer
    case $answer in y | Y | yes) ;; *) echo "nothing was changed"; exit 1 ;; esac
fi

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "dev setup: run as root, or install sudo" >&2
        exit 1
    fi
}

if [ $add_trixie -eq 1 ]; then
    uri=$(grep -hs '^URIs:' /etc/apt/sources.list.d/*.sources | grep -v security | awk '{ print $2; exit }' || true)
    [ -n "$uri" ] || uri=$(grep -hs '^deb ' /etc/apt/sources.list | grep -v security |
        sed -E 's/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/' | head -n 1 || true)
    [ -n "$uri" ] || { echo "dev setup: found no Debian mirror in /etc/apt" >&2; exit 1; }
    as_root tee /etc/apt/sources.list.d/tiphys-trixie.sources >/dev/null <<SOURCE
Types: deb
URIs: $uri
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCE
    as_root tee /etc/apt/preferences.d/tiphys-trixie >/dev/null <<'PIN'
Package: *
Pin: release n=trixie
Pin-Priority: 100
PIN
fi
export DEBIAN_FRONTEND=noninteractive
# What was installed from Debian 13 may have made this machine one by name: its first source is still preferred then.
from=()
[ -e /etc/apt/preferences.d/tiphys-trixie ] && from=(-t trixie)
as_root apt-get update -q
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${from[@]}" "${missing[@]}"
echo "setup: done"
