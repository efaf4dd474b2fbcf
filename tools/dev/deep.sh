#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sanitizers over all tests that need no real cluster, fuzzing, and the end-to-end suite of Argo Rollouts.
set -euo pipefail
cd "${TIPHYS_ROOT:?run ./dev deep}"

usage() {
    cat <<'TEXT'
usage: ./dev deep [--minutes N] [asan] [tsan] [fuzz] [rollouts]

Builds and runs the tests with the address and undefined behaviour sanitizers (asan), with the thread sanitizer (tsan),
lets each fuzz target look for N minutes (default 10), and runs the end-to-end suite of Argo Rollouts against the local
engine (rollouts; needs ./dev oracles rollouts). Without a name: all of them. What fuzzing finds new is kept in
build/fuzz/corpus/TARGET, what fails in build/fuzz/findings. Takes an hour or more.
TEXT
}

minutes=10 parts=()
while [ $# -gt 0 ]; do
    case $1 in
        --minutes) minutes=${2:?--minutes needs a number}; shift ;;
        asan | tsan | fuzz | rollouts) parts+=("$1") ;;
        -h | --help) usage; exit 0 ;;
        *) echo "dev deep: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
    esac
    shift
done
[[ $minutes =~ ^[1-9][0-9]*$ ]] || { echo "dev deep: --minutes wants a whole number above 0, not '$minutes'" >&2; exit 2; }
[ ${#parts[@]} -gt 0 ] || parts=(asan tsan fuzz rollouts)

lines=()
failed=0
# close PART RESULT: remembers the closing line of a part.
close() {
    lines+=("deep: $1: $2")
    [[ $2 == passed* ]] || failed=1
}

sanitize() {
    bash tools/dev/build.sh --preset "$1" || { close "$1" "does not build"; return; }
    # Frames are several times larger: what recurses as deep as the limits allow needs more stack than usual.
    ulimit -s 65536
    # Reports name functions and lines only where the symbolizer is found.
    local symbolizer names=
    symbolizer=$(command -v llvm-symbolizer-19 || command -v llvm-symbolizer) && names=:external_symbolizer_path=$symbolizer
    # Qt of the distribution is not instrumented: its own synchronisation is invisible to the thread sanitizer.
    if ASAN_OPTIONS=detect_stack_use_after_return=1$names LSAN_OPTIONS=suppressions=$TIPHYS_ROOT/tests/leaks.supp UBSAN_OPTIONS=print_stacktrace=1$names \
        TSAN_OPTIONS=ignore_noninstrumented_modules=1:suppressions=$TIPHYS_ROOT/tests/threads.supp$names ctest --preset "$1" -LE 'cluster|fidelity'; then
        close "$1" passed
    else
        close "$1" failed
    fi
}

fuzz() {
    bash tools/dev/build.sh --preset fuzz || { close fuzz "does not build"; return; }
    local program target seeds
    mkdir -p build/fuzz/findings
    for program in build/fuzz/tests/fuzz/tiphys_*_fuzz build/fuzz/bin/tiphys_*_fuzz; do
        [ -x "$program" ] || continue
        target=$(basename "$program" _fuzz)
        target=${target#tiphys_}
        mkdir -p "build/fuzz/corpus/$target"
        seeds=()
        [ -d "tests/fuzz/corpus/$target" ] && seeds=("tests/fuzz/corpus/$target")
        echo "deep: fuzzing $target for $minutes minutes"
        # Without the stack of each allocation, and with little memory held back, a target runs several times as often; a
        # finding is run again by itself for a full report.
        if ASAN_OPTIONS=malloc_context_size=0:quarantine_size_mb=4 "$program" -max_total_time=$((minutes * 60)) -timeout=20 \
            -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$target-" "build/fuzz/corpus/$target" "${seeds[@]}"; then
            close "fuzz $target" "passed, $minutes minutes"
        else
            close "fuzz $target" "failed, see build/fuzz/findings"
        fi
    done
}

rollouts() {
    bash tools/dev/build.sh --preset dev || { close rollouts "does not build"; return; }
    local result=0
    TIPHYS_DEEP=1 tests/cluster/rollout_interruptions_test.sh || result=$?
    case $result in
        0) close "rollouts, interrupted" passed ;;
        77) close "rollouts, interrupted" "passed over, see above" ;;
        *) close "rollouts, interrupted" failed ;;
    esac
    result=0
    tests/fidelity/rollouts/e2e.sh ours || result=$?
    case $result in
        0) close rollouts passed ;;
        77) close rollouts "passed over, see above" ;;
        *) close rollouts failed ;;
    esac
}

for part in "${parts[@]}"; do
    case $part in
        fuzz) fuzz ;;
        rollouts) rollouts ;;
        *) sanitize "$part" ;;
    esac
done
printf '%s\n' "${lines[@]}"
exit $failed
