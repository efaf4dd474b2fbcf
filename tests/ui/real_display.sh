#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# real_display.sh PROGRAM [ARGUMENT…]: the program with real windows, on an X server of its own. Exit code 77: skipped.
set -uo pipefail

command -v xvfb-run >/dev/null || { echo "skipped: no xvfb-run"; exit 77; }
unset WAYLAND_DISPLAY DISPLAY
QT_QPA_PLATFORM=xcb exec xvfb-run --auto-servernum --server-args "-screen 0 1600x1000x24" "$@"
