#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes expected.json and error.txt of tests/data/helm anew, from the real Helm (./dev oracles helm).
exec "$(dirname "$0")/../../build/dev/tests/tiphys_fidelity_helm_test" --record
