#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# clang-tidy over the sources of the program, with the commands of the dev build.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev tidy}"

usage() {
    cat <<'TEXT'
usage: ./dev tidy [--jobs N] [FOLDER|FILE...]

Runs clang-tidy 19 over the C++ sources of engine, models, ui and app, or over the folders and files given. Warnings
are in .clang-tidy; exits with 1 if there are any.
TEXT
}

jobs=$(nproc) wanted=()
while [ $# -gt 0 ]; do
    case $1 in
        --jobs) jobs=${2:?--jobs needs a number}; shift ;;
        -h | --help) usage; exit 0 ;;
        -*) echo "dev tidy: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
        *) wanted+=("$1") ;;
    esac
    shift
done
command -v clang-tidy-19 >/dev/null || { echo "dev tidy: clang-tidy-19 is not installed (./dev setup --deep)" >&2; exit 3; }
[ ${#wanted[@]} -gt 0 ] || wanted=(engine models ui app)

mapfile -t known < <(git ls-files -- "${wanted[@]}" | grep '\.cpp$')
commands=build/dev/compile_commands.json
[ -e $commands ] || cmake --preset dev >/dev/null
files=()
for file in "${known[@]}"; do
    # Sources for other systems have no command here.
    grep -qF "/$file\"" $commands && files+=("$file")
done
[ ${#files[@]} -gt 0 ] || { echo "dev tidy: no source is built from ${wanted[*]}" >&2; exit 2; }
echo "tidy: ${#files[@]} files"
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$jobs" clang-tidy-19 --quiet --warnings-as-errors='*' -p build/dev
