# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the benchmarks that are scripts: measures commands. Wants the program "time".

# measure TIMES COMMAND…: runs a command several times; sets $ms (processor time, median), $wall (median) in
# milliseconds and $mb (peak memory in MB). Exit code 1 of the command is an answer too (diff).
measure() {
    local times=$1 runs="" code
    shift
    for ((i = 0; i < times; i++)); do
        code=0
        /usr/bin/time -q -o "$scratch/time" -f '%e %U %S %M' "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
        if [ "$code" -gt 1 ]; then
            echo "failed with $code: $*" >&2
            cat "$scratch/err" >&2
            exit 1
        fi
        runs+=$(tail -n1 "$scratch/time")$'\n'
    done
    read -r ms wall mb < <(printf %s "$runs" | awk -v n="$times" '
        { cpu[NR] = ($2 + $3) * 1000; wall[NR] = $1 * 1000; if ($4 > peak) peak = $4 }
        function middle(list,   i, j, t) {
            for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++)
                if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
            return list[int((n + 1) / 2)]
        }
        END { printf "%.0f %.0f %.0f\n", middle(cpu), middle(wall), peak / 1024 }')
}

# row NAME PEER_MS PEER_WALL PEER_MB OUR_MS OUR_WALL OUR_MB: a line of the table; ratios of processor time and wall time.
row() {
    awk -v name="$1" -v pc="$2" -v pw="$3" -v pm="$4" -v oc="$5" -v ow="$6" -v om="$7" 'BEGIN {
        printf "| %s | %s / %s ms, %s MB | %s / %s ms, %s MB | %.1fx / %.1fx |\n", name, pc, pw, pm, oc, ow, om,
            pc / (oc > 0 ? oc : 1), pw / (ow > 0 ? ow : 1) }'
}
