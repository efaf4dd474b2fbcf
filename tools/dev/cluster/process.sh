# SPDX-License-Identifier: GPL-3.0-or-later
# Processes of one cluster. run/NAME.pid holds "PID STARTED PROGRAM"; a process counts as ours only while
# all three still hold, so that a number used again after a restart of the machine is never killed.
# shellcheck shell=bash disable=SC2154

marker=.tiphys-cluster

with_lock() {
    mkdir -p "$state"
    exec 9>"$state.lock"
    flock -w 120 9 || fail "another command holds $state.lock"
}

# Clock ticks from the start of the machine to the start of process $1; nothing for one that has ended.
started_at() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    # The program's name in parentheses may hold spaces: count fields after it.
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    [ "$1" != Z ] || return 1
    echo "${20}"
}

is_alive() {
    local pid started program
    read -r pid started program 2>/dev/null <"$state/run/$1.pid" || return 1
    [ "$(started_at "$pid")" = "$started" ] && tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$program"
}

# A killed process of several threads is a zombie while its last threads still hold its files and ports.
has_threads() {
    local threads
    threads=$(ls "/proc/$1/task" 2>/dev/null | wc -l)
    [ "$threads" -gt 1 ]
}

pid_of() { cut -d' ' -f1 "$state/run/$1.pid"; }

processes() {
    local file
    for file in "$state"/run/*.pid; do
        [ ! -e "$file" ] || basename "$file" .pid
    done
}

# start_process NAME PROGRAM ARGUMENTS…: in its own session, so that it outlives this shell and its children can be found.
start_process() {
    local process=$1 pid
    shift
    setsid "$@" >>"$state/log/$process.log" 2>&1 </dev/null 9>&- &
    pid=$!
    echo "$pid $(started_at $pid) $(basename "$1")" >"$state/run/$process.pid"
    # Until it has become the program, its command line is still this script's: a large one may have to come from a busy disk.
    local i
    for ((i = 0; i < 3000; i++)); do
        is_alive "$process" && return
        started_at $pid >/dev/null || break
        sleep 0.01
    done
    fail_with_log "$process"
}

fail_with_log() {
    echo "dev cluster: $1 ended; the last lines of $state/log/$1.log:" >&2
    tail -n 15 "$state/log/$1.log" | cut -c1-400 | sed 's/^/    /' >&2
    exit 1
}

# stop_process NAME [SIGNAL]: ends it and what it started, and waits until it is gone.
stop_process() {
    local process=$1 signal=${2:-TERM} pid i
    is_alive "$process" || return 0
    pid=$(pid_of "$process")
    kill -s "$signal" -- "-$pid" 2>/dev/null || true
    for ((i = 0; i < 500; i++)); do
        is_alive "$process" || has_threads "$pid" || return 0
        [ $i -ne 100 ] || kill -s KILL -- "-$pid" 2>/dev/null || true
        sleep 0.02
    done
    fail "$process (process $pid) does not end"
}

# wait_for WHAT SECONDS PROCESS COMMAND…: until COMMAND succeeds; PROCESS must stay alive meanwhile.
wait_for() {
    local what=$1 end=$((SECONDS + $2)) process=$3
    shift 3
    until "$@" >/dev/null 2>&1; do
        is_alive "$process" || fail_with_log "$process"
        if [ $SECONDS -ge $end ]; then
            echo "dev cluster: $what is not there in time; the last lines of $state/log/$process.log:" >&2
            tail -n 15 "$state/log/$process.log" | cut -c1-400 | sed 's/^/    /' >&2
            exit 1
        fi
        sleep 0.1
    done
}

# A port of loopback that nothing uses, below those that outgoing connections take.
free_port() {
    local highest port
    read -r highest _ </proc/sys/net/ipv4/ip_local_port_range
    [ "$highest" -gt 16000 ] || highest=32768
    while :; do
        port=$((15000 + SRANDOM % (highest - 15000)))
        cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '{ print $2 }' |
            grep -q ":$(printf '%04X' $port)\$" || { echo $port; return; }
    done
}

# answers PORT PATH: whether a plain HTTP GET on loopback is answered with 200.
answers() (
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
    read -r -t 5 _ code _ <&3
    [ "$code" = 200 ]
) 2>/dev/null
