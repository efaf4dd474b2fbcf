#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The pure folders with clang and libc++, and, syntax only and with the worker process beside them, with mingw-w64.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev portability}"

if command -v clang++-19 >/dev/null; then
    echo "portability: pure folders with clang 19 and libc++"
    bash tools/dev/build.sh --preset clang pure
else
    echo "portability: clang 19 is not installed (./dev setup --all), not compiled with it"
fi

compiler=x86_64-w64-mingw32-g++-posix
if command -v $compiler >/dev/null; then
    echo "portability: pure folders with mingw-w64, syntax only"
    pure=$(sed -n 's/^set(pure \(.*\))$/\1/p' engine/CMakeLists.txt)
    # Sources over third-party libraries need those libraries' Windows headers, which Debian does not have: those that
    # include one, and those that include a header that does.
    foreign='#include <(simdjson|yaml|re2|jq|libjsonnet|lua|luajit-2.1|openssl|archive|toml[+][+])[./]'
    headers=$(cd engine && grep -rlE "$foreign" --include='*.h' . | sed 's,^[.]/,,')
    while :; do
        pattern=$foreign
        for header in $headers; do
            pattern+="|#include \"$header\""
        done
        more=$(cd engine && grep -rlE "$pattern" --include='*.h' . | sed 's,^[.]/,,')
        [ "$(sort -u <<<"$more")" != "$(sort -u <<<"$headers")" ] || break
        headers=$more
    done
    sources=()
    # Of the adapters the one that scripts of users need: its Windows side says what it cannot do there.
    for folder in $pure process; do
        [ -d "engine/$folder" ] || continue
        while read -r source; do
            grep -qE "$pattern" "$source" && continue
            [[ $source != *_posix.cpp ]] || continue
            sources+=("$source")
        done < <(find "engine/$folder" -name '*.cpp' | sort)
    done
    # xargs ends with 123 when one of them fails; each failure has named its file.
    printf '%s\0' "${sources[@]}" | xargs -0 -P "$(nproc)" -n 1 $compiler -std=c++23 -fsyntax-only -Iengine
    echo "portability: ${#sources[@]} sources are well-formed for Windows"
else
    echo "portability: mingw-w64 is not installed (./dev setup --all), not compiled with it"
fi
