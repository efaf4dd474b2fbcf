#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# English has a translation too: its plurals. lupdate finds them in the sources.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev translations}"

usage() {
    cat <<'TEXT'
usage: ./dev translations [--check]

Brings translations/tiphys_en.ts up to the sources and names what is to be written there: each text with a count has a form
for one and a form for several. --check changes nothing; the exit code is 1 where something is to be written or is there in vain.
TEXT
}

checks=no
while [ $# -gt 0 ]; do
    case $1 in
        --check) checks=yes ;;
        -h | --help) usage; exit 0 ;;
        *) echo "dev translations: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
    esac
    shift
done

lupdate=${LUPDATE:-}
for place in "$(command -v lupdate || true)" /usr/lib/qt6/bin/lupdate "$(qtpaths6 --query QT_INSTALL_BINS 2>/dev/null || true)/lupdate"; do
    if [ -z "$lupdate" ] && [ -x "$place" ]; then lupdate=$place; fi
done
[ -n "$lupdate" ] || { echo "dev translations: lupdate is not installed (./dev setup)" >&2; exit 3; }

file=translations/tiphys_en.ts
renewed=$file
if [ $checks = yes ]; then
    renewed=$(mktemp --suffix=.ts)
    trap 'rm -f "$renewed"' EXIT
    cp "$file" "$renewed"
fi
# Headers tell which class a text belongs to.
obsolete=()
[ $checks = yes ] || obsolete=(-no-obsolete)
if ! said=$("$lupdate" -pluralonly "${obsolete[@]}" -locations none -I . -I engine -I app ui models app/gui -ts "$renewed" 2>&1); then
    echo "$said" >&2
    exit 1
fi
if ! open=$(grep -E -B 3 'translation type="(unfinished|vanished|obsolete)"' "$renewed" | grep -E '<source>|<translation'); then exit 0; fi
echo "$file, to be written or taken away:" >&2
echo "$open" >&2
exit 1
