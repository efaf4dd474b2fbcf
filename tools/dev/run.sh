#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Opens the desktop program on the demo cluster; without a display it renders offscreen.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev run}"

usage() {
    cat <<'TEXT'
usage: ./dev run [--yes] [ARGUMENTS OF TIPHYS]

Sets up what is missing, builds, and opens Tiphys on a demo cluster that lives in the program. With ARGUMENTS these
replace --demo, for example: ./dev run --kubeconfig ~/.kube/config
Without a display every page is rendered to build/shots instead.
TEXT
}

setup_arguments=() arguments=()
for argument in "$@"; do
    case $argument in
        --yes | -y) setup_arguments+=(--yes) ;;
        -h | --help) usage; exit 0 ;;
        *) arguments+=("$argument") ;;
    esac
done
[ ${#arguments[@]} -gt 0 ] || arguments=(--demo)

bash tools/dev/setup.sh "${setup_arguments[@]}"
bash tools/dev/build.sh tiphys tiphysctl
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec build/bin/tiphys "${arguments[@]}"
fi
mkdir -p build/shots
QT_QPA_PLATFORM=offscreen build/bin/tiphys "${arguments[@]}" --shots build/shots
echo "no display: the pages were rendered to $PWD/build/shots"
