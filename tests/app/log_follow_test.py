#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A log that is followed over a connection that is lost for a while goes on without a gap and without a line twice.

usage: log_follow_test.py TIPHYSCTL
"""
import datetime
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SECONDS_PER_LINE = 10  # of the demo cluster's pods


class Network:
    """Passes bytes on to a port of this machine; cut() closes what stands, and new connections until mend()."""

    def __init__(self, upstream):
        self.upstream, self.sockets, self.is_cut, self.lock = upstream, set(), False, threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            if self.is_cut:
                client.close()
                continue
            threading.Thread(target=self.pass_on, args=(client,), daemon=True).start()

    def pass_on(self, client):
        server = socket.create_connection(("127.0.0.1", self.upstream))
        pair = {client: server, server: client}
        with self.lock:
            self.sockets |= pair.keys()
        try:
            while True:
                for readable in select.select(list(pair), [], [])[0]:
                    data = readable.recv(65536)
                    if not data:
                        return
                    pair[readable].sendall(data)
        except (OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.sockets -= pair.keys()
            for end in pair:
                end.close()

    def cut(self):
        self.is_cut = True
        with self.lock:
            for end in self.sockets:
                end.shutdown(socket.SHUT_RDWR)

    def mend(self):
        self.is_cut = False


def times_in(path):
    found = re.findall(r"^(20\S+Z) level=", path.read_text(), re.MULTILINE)
    return [datetime.datetime.fromisoformat(text) for text in found]


def until(condition, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    sys.exit(f"FAILED: {what}")


def main():
    tiphysctl = sys.argv[1]
    folder = pathlib.Path(tempfile.mkdtemp())
    environment = {**os.environ, "HOME": str(folder)}
    demo = subprocess.Popen([tiphysctl, "demo", "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment)
    follower = None
    try:
        port = int(demo.stdout.readline().rsplit(":", 1)[1])
        kubeconfig = pathlib.Path(demo.stdout.readline().split(": ", 1)[1].strip())
        network = Network(port)
        other = folder / "kubeconfig"
        other.write_text(kubeconfig.read_text().replace(f"127.0.0.1:{port}", f"127.0.0.1:{network.port}"))
        out, err = folder / "out", folder / "err"
        with out.open("w") as output, err.open("w") as errors:
            follower = subprocess.Popen([tiphysctl, "app", "logs", "telemetry", "-f", "--tail", "2", "--timestamps", "--kubeconfig", str(other)],
                                        stdout=output, stderr=errors, env=environment)
        until(lambda: len(times_in(out)) >= 3, 60, "a line that is written later comes")
        network.cut()
        time.sleep(1.5 * SECONDS_PER_LINE)
        before = len(times_in(out))
        network.mend()
        until(lambda: len(times_in(out)) >= before + 3, 90, "the log goes on")
        follower.send_signal(signal.SIGINT)
        code = follower.wait(30)
        trouble = err.read_text()
        times = times_in(out)
        steps = [(b - a).total_seconds() for a, b in zip(times, times[1:])]
        if code != 0 or any(step != SECONDS_PER_LINE for step in steps):
            sys.exit(f"FAILED: exit code {code}, seconds between lines {steps}\n{out.read_text()}{trouble}")
        if "its log goes on" not in trouble or "error: " not in trouble:
            sys.exit(f"FAILED: the loss and its end are told\n{trouble}")
        print("ok: a followed log goes on after its connection was lost")
    finally:
        for process in (follower, demo):
            if process and process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(30)


main()
