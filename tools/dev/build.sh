#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Configures (once) and builds.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev build}"

usage() {
    cat <<'TEXT'
usage: ./dev build [--preset NAME] [TARGET...]

Configures and builds everything, or the given targets. The default preset is dev; its programs are in build/bin.
Presets: dev release asan tsan coverage clang fuzz tidy.
TEXT
}

preset=dev
targets=()
while [ $# -gt 0 ]; do
    case $1 in
        --preset) preset=${2:?--preset needs a name}; shift ;;
        -h | --help) usage; exit 0 ;;
        -*) echo "dev build: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
        *) targets+=(--target "$1") ;;
    esac
    shift
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
cmake --build --preset "$preset" "${targets[@]}"
