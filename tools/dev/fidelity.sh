#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The comparisons with the real tools.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev fidelity}"

usage() {
    cat <<'TEXT'
usage: ./dev fidelity [--no-build] [-R REGEX]

Builds the real tools once (./dev oracles) and the tests, then compares Tiphys with them on generated and recorded input.
  --no-build  the tools and tests stand already
  -R REGEX    only comparisons whose name matches
TEXT
}

build=1 arguments=()
while [ $# -gt 0 ]; do
    case $1 in
        --no-build) build=0 ;;
        -R) arguments+=(-R "${2:?-R needs a pattern}"); shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "dev fidelity: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
    esac
    shift
done
if [ $build -eq 1 ]; then
    bash tools/dev/oracles.sh
    bash tools/dev/build.sh --preset dev
fi
ctest --preset dev -L fidelity --no-tests=error "${arguments[@]}"
