#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long scenarios whose engine is killed, or whose API server is restarted, after one write after the other: in the end
everything has to be as if nothing had happened.

  interruptions.py kill|api --kubeconfig FILE --audit FILE --log FILE [--copies N] [--stride N] -- COMMAND of the engine

Every scenario runs in several namespaces at once. A copy interrupts after every N-th write of the engine in its namespace,
each copy after others of them, so that with as many copies as the stride there is an interruption after each write. What
is there at the end is compared with record.json; events are not, for one that was lost with its engine is not told later.
"""
import argparse, concurrent.futures, http.server, json, os, re, signal, subprocess, sys, threading, time

import scenarios

NAMES = ["long-canary", "long-blue-green", "long-experiment"]
MOST_SECONDS = 420


class Engine:
    """The program under test; killed as a power cut does it, and started anew at once."""

    def __init__(self, command, log):
        self.command, self.log, self.starts, self.lock = command, open(log, "ab"), 0, threading.Lock()
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log)
        self.starts += 1

    def kill(self):
        with self.lock:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.start()

    def end(self):
        self.process.kill()
        self.process.wait()


class Patient(scenarios.Cluster):
    """Requests that outlive a restart of the API server."""

    def request(self, *arguments, **more):
        return self.again(lambda: super(Patient, self).request(*arguments, **more), lambda answer: answer[0] < 500)

    def apply(self, ns, text):
        self.again(lambda: super(Patient, self).apply(ns, text) or True, bool)

    def again(self, attempt, is_good):
        for _ in range(200):
            try:
                answer = attempt()
                if is_good(answer):
                    return answer
            except (OSError, RuntimeError, scenarios.http.client.HTTPException):
                pass
            time.sleep(0.3)
        raise RuntimeError("the API server does not come back")


class Watcher(threading.Thread):
    """Counts the engine's writes by namespace in the audit log and interrupts at those that a copy has as its own."""

    def __init__(self, audit, interrupt, stride):
        super().__init__(daemon=True)
        self.audit, self.interrupt, self.stride = audit, interrupt, stride
        self.writes, self.hits, self.turns = {}, {}, {}
        self.interruptions = 0

    def run(self):
        with open(self.audit) as log:
            log.seek(0, os.SEEK_END)
            rest = ""
            while True:
                rest += log.read()
                lines = rest.split("\n")
                rest = lines.pop()
                if any([self.count(line) for line in lines]):
                    self.interruptions += 1
                    self.interrupt()
                time.sleep(0.003)

    def count(self, line):
        if '"userAgent":"tiphys' not in line or '"stage":"ResponseComplete"' not in line:
            return False
        entry = json.loads(line)
        about = entry.get("objectRef", {})
        ns = about.get("namespace", "")
        if (ns not in self.turns or entry["verb"] not in ("create", "update", "patch", "delete")
                or about.get("resource") in ("events", "leases") or entry.get("responseStatus", {}).get("code", 500) >= 300):
            return False
        self.writes[ns] = number = self.writes.get(ns, 0) + 1
        if number % self.stride != self.turns[ns]:
            return False
        self.hits.setdefault(ns, []).append(number)
        return True


def without_repetitions(runs):
    """A step's run that has ended before the Rollout could name it is made once more, as by the controller; where that happens
    often the first ones are beyond the limit of history, and one of the later ones stands for them."""
    first = {}
    for name, run in sorted(runs.items()):
        again = re.fullmatch(r"(demo-.*)\.\d+", name)
        if not again or run["status"].get("phase") != "Successful":
            first[name] = run
        elif again[1] not in runs:
            first.setdefault(again[1], run)
    return first


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["kill", "api"])
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--audit", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--restart-api", help="the command for it")
    parser.add_argument("--copies", type=int, default=6)
    parser.add_argument("--stride", type=int, default=6)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    scenarios.MOST_SECONDS = MOST_SECONDS
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), scenarios.Server)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    server = f"http://127.0.0.1:{web.server_address[1]}"
    engine = Engine(options.command, options.log)

    def restart():
        subprocess.run(options.restart_api, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    watcher = Watcher(options.audit, engine.kill if options.mode == "kill" else restart, options.stride)
    cluster = Patient(options.kubeconfig)
    copies = []
    for name in NAMES:
        for copy in range(options.copies):
            one = scenarios.Scenario(cluster, name, server)
            one.ns = f"s-{name}-{copy}"
            watcher.turns[one.ns] = copy % options.stride
            copies.append(one)
    watcher.start()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        for one, checks in zip(copies, pool.map(lambda one: one.run(), copies)):
            with open(os.path.join(one.folder, "record.json")) as file:
                wanted = json.load(file)
            for state in [*wanted.values(), *checks.values()]:
                if isinstance(state, dict):
                    state.pop("events", None)
                    # Whether a pass comes by in a short pause is chance.
                    status = state["rollouts"]["demo"]["status"]
                    state["analysisruns"] = without_repetitions(state.get("analysisruns", {}))
                    status["conditions"] = [one for one in status["conditions"] if one["type"] != "Paused"]
            found = list(scenarios.differences(wanted, checks))
            failed += bool(found)
            print(("FAILED  " if found else "ok      ") + f"{one.ns[2:]}: {watcher.writes.get(one.ns, 0)} writes, "
                  f"interrupted after {len(watcher.hits.get(one.ns, []))} of them", flush=True)
            for line in found[:30]:
                print("            " + line[:400], flush=True)
    engine.end()
    hit = {name: {number for ns, numbers in watcher.hits.items() if ns.startswith("s-" + name) for number in numbers} for name in NAMES}
    most = {name: max(watcher.writes.get(one.ns, 0) for one in copies if one.name == name) for name in NAMES}
    for name in NAMES:
        print(f"{name}: an interruption after {len(hit[name])} of {most[name]} writes")
    print(f"{watcher.interruptions} interruptions; {len(copies) - failed} passed, {failed} failed")
    return 1 if failed or not watcher.interruptions else 0


if __name__ == "__main__":
    sys.exit(main())
