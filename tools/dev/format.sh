#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# clang-format over the sources that Git knows.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev format}"

usage() {
    cat <<'TEXT'
usage: ./dev format [--check] [--staged] [FILE...]

Formats every C++ source that Git knows, or those given, with clang-format 19.
  --check    change nothing; name the files that would change and exit with 1 if there are any
  --staged   only the sources of the coming commit
TEXT
}

check=0 staged=0 files=()
while [ $# -gt 0 ]; do
    case $1 in
        --check) check=1 ;;
        --staged) staged=1 ;;
        -h | --help) usage; exit 0 ;;
        -*) echo "dev format: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
        *) files+=("$1") ;;
    esac
    shift
done
command -v clang-format-19 >/dev/null || { echo "dev format: clang-format-19 is not installed (./dev setup --deep)" >&2; exit 3; }

if [ $staged -eq 1 ]; then
    mapfile -t files < <(git diff --cached --name-only --diff-filter=ACMR -- '*.h' '*.cpp')
elif [ ${#files[@]} -eq 0 ]; then
    mapfile -t files < <(git ls-files -- '*.h' '*.cpp')
fi
[ ${#files[@]} -gt 0 ] || exit 0

if [ $check -eq 0 ]; then
    clang-format-19 -i "${files[@]}"
    exit 0
fi
wrong=0
for file in "${files[@]}"; do
    clang-format-19 --dry-run -Werror "$file" >/dev/null 2>&1 || { echo "$file"; wrong=$((wrong + 1)); }
done
echo "format: $wrong of ${#files[@]} files would change"
[ $wrong -eq 0 ]
