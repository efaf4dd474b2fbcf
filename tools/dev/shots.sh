#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Renders the pages of the desktop program, light and dark, on the demo cluster.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev shots}"

usage() {
    cat <<'TEXT'
usage: ./dev shots [FOLDER] [--docs]

Renders every page of the desktop program on the demo cluster to FOLDER (default build/shots), light and dark.
  --docs   also replaces the pictures of the README in docs/images
TEXT
}

folder=build/shots docs=0
for argument in "$@"; do
    case $argument in
        --docs) docs=1 ;;
        -h | --help) usage; exit 0 ;;
        -*) echo "dev shots: unknown argument '$argument'" >&2; usage >&2; exit 2 ;;
        *) folder=$argument ;;
    esac
done

bash tools/dev/build.sh tiphys >/dev/null
for theme in light dark; do
    mkdir -p "$folder/$theme"
    QT_QPA_PLATFORM=offscreen build/bin/tiphys --demo --theme $theme --shots "$folder/$theme"
done
if [ $docs -eq 1 ]; then
    mkdir -p docs/images
    for pair in applications:applications application:application-tree diff:application-diff sync:sync; do
        cp "$folder/light/${pair#*:}-light-1100x700.png" "docs/images/${pair%%:*}.png"
    done
fi
echo "shots are in $folder"
