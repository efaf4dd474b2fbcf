#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up, builds and runs the tests.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev test}"

usage() {
    cat <<'TEXT'
usage: ./dev test [--all | --deep] [--yes] [--no-setup] [-R REGEX]

Sets up what is missing, builds, and runs every test that needs no Go toolchain.
  --all       also the tests against a real API server and the real tools (built once by ./dev oracles),
              and the other compilers
  --deep      sanitizers over everything and long fuzzing: for people, takes an hour or more
  --yes       install missing packages without asking
  --no-setup  do not look for missing packages
  -R REGEX    only tests whose name matches
TEXT
}

all=0 deep=0 setup=1 setup_arguments=() ctest_arguments=()
while [ $# -gt 0 ]; do
    case $1 in
        --all) all=1 ;;
        --deep) deep=1 ;;
        --yes | -y) setup_arguments+=(--yes) ;;
        --no-setup) setup=0 ;;
        -R) ctest_arguments+=(-R "${2:?-R needs a pattern}"); shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "dev test: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
    esac
    shift
done
[ $all -eq 1 ] && setup_arguments+=(--all)
[ $deep -eq 1 ] && exec bash tools/dev/deep.sh
[ $setup -eq 1 ] && bash tools/dev/setup.sh "${setup_arguments[@]}"

failed=0
if [ $all -eq 1 ]; then
    # The real tools are built beside the program: both wait for the same two cores, but one log stays readable.
    bash tools/dev/oracles.sh || {
        code=$?
        [ $code -eq 3 ] || exit $code
        echo "test: no Go toolchain, so tests against the real tools and the real API server are skipped (and counted)"
    }
    oracle_path=$(bash tools/dev/oracles.sh --path 2>/dev/null) && export PATH="$oracle_path:$PATH"
fi
bash tools/dev/build.sh --preset dev
if [ $all -eq 1 ]; then
    bash tools/dev/portability.sh || failed=1
    ctest --preset dev "${ctest_arguments[@]}" || failed=1
else
    ctest --preset dev -LE 'cluster|fidelity' "${ctest_arguments[@]}" || failed=1
fi
[ $failed -eq 0 ] || { echo "test: something failed, see above" >&2; exit 1; }
