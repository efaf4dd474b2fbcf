#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the kubelet: pods that have a node live as their spec says, without containers.

  pod_player.py --kubeconfig FILE

What is played: images that cannot be pulled (names with "error"), commands that do not exist (/…, exit) or that are made of
`sleep N`, `exit N` and `echo`, all others run for ever; readinessProbe.initialDelaySeconds, readiness gates, restartPolicy,
postStart and preStop with `sleep N`. A pod that is deleted is gone a moment later.
"""
import argparse, heapq, http.client, itertools, json, re, threading, time

from scenarios import Cluster

START_SECONDS = 2.0
STOP_SECONDS = 0.6
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def stamp():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def seconds_of(word):
    """Of an argument of sleep; None for ever."""
    found = re.fullmatch(r"([\d.]+)([smh]?)", word)
    return float(found[1]) * UNITS[found[2]] if found else None


class Fate:
    """What a container comes to: `problem` (a waiting reason), or an end after seconds with a code, or neither."""

    def __init__(self, container):
        self.problem, self.after, self.code = None, None, 0
        command = container.get("command") or []
        words = [*command, *(container.get("args") or [])]
        if "error" in container["image"]:
            self.problem = "ImagePullBackOff"
        elif command and (command[0].startswith("/") or command[0] == "exit"):
            self.problem = "CrashLoopBackOff"
            self.after, self.code = 0, 128
        elif command and command[0] == "sleep":
            self.after = seconds_of(words[1])
        elif command and command[0] == "sh":
            self.play(words[-1])

    def play(self, script):
        self.after = 0
        for part in re.split(r"&&|;|\n", script):
            words = part.split()
            if not words:
                continue
            if words[0] == "sleep":
                length = seconds_of(words[1])
                if length is None:
                    self.after = None
                    return
                self.after += length
            elif words[0] == "exit":
                self.code = int(words[1])
                return
            elif words[0] != "echo":
                self.after = None
                return


class Pod:
    """The life of one pod."""

    def __init__(self, player, pod):
        self.player, self.pod = player, pod
        self.fates = [Fate(container) for container in pod["spec"]["containers"]]
        self.started, self.ended, self.is_going = None, None, False
        player.after(START_SECONDS + self.hook_seconds("postStart"), self.start)

    @property
    def spec(self):
        return self.pod["spec"]

    def path(self):
        metadata = self.pod["metadata"]
        return f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"

    def see(self, pod):
        self.pod = pod
        if pod["metadata"].get("deletionTimestamp"):
            if not self.is_going:
                self.is_going = True
                grace = pod["metadata"].get("deletionGracePeriodSeconds", 30)
                self.player.after(STOP_SECONDS + min(grace, self.hook_seconds("preStop")), self.go)
        elif self.started:
            self.write()

    def hook_seconds(self, hook):
        longest = 0
        for container in self.spec["containers"]:
            words = container.get("lifecycle", {}).get(hook, {}).get("exec", {}).get("command", [])
            if len(words) == 2 and words[0] == "sleep":
                longest = max(longest, seconds_of(words[1]) or 0)
        return longest

    def go(self):
        self.player.cluster.request("DELETE", self.path(), {"gracePeriodSeconds": 0,
                                                            "preconditions": {"uid": self.pod["metadata"]["uid"]}})

    def start(self):
        if self.is_going:
            return
        self.started = time.time()
        self.write()
        self.player.after(self.probe_delay(), self.write)
        ends = [fate.after for fate in self.fates]
        if self.spec["restartPolicy"] != "Always" and None not in ends:
            self.player.after(max(ends), self.end)

    def end(self):
        self.ended = time.time()
        self.write()

    def probe_delay(self):
        return max(container.get("readinessProbe", {}).get("initialDelaySeconds", 0) for container in self.spec["containers"])

    def is_stuck(self):
        return any(fate.problem == "ImagePullBackOff" or fate.problem and self.spec["restartPolicy"] == "Always"
                   for fate in self.fates)

    def write(self):
        if self.is_going:
            return
        status = self.status()
        if self.is_written(status):
            return
        self.player.cluster.request("PATCH", self.path() + "/status", {"metadata": {"uid": self.pod["metadata"]["uid"]},
                                                                       "status": status},
                                    "application/strategic-merge-patch+json")

    def is_written(self, status):
        now = self.pod.get("status", {})
        conditions = {one["type"]: one["status"] for one in now.get("conditions", [])}
        return (now.get("phase") == status["phase"] and
                all(conditions.get(one["type"]) == one["status"] for one in status["conditions"]))

    def status(self):
        runs = not self.is_stuck() and not self.ended
        ready = runs and time.time() >= self.started + self.probe_delay()
        met = {one["type"] for one in self.pod.get("status", {}).get("conditions", []) if one["status"] == "True"}
        gates = all(gate["conditionType"] in met for gate in self.spec.get("readinessGates", []))
        phase = "Running"
        if self.ended:
            phase = "Failed" if any(fate.code for fate in self.fates) else "Succeeded"
        elif any(fate.problem == "ImagePullBackOff" for fate in self.fates):
            phase = "Pending"
        return {
            "phase": phase, "hostIP": "10.63.0.1", "podIP": "10.64.0.1", "podIPs": [{"ip": "10.64.0.1"}],
            "startTime": stamp(),
            "conditions": [self.condition("PodReadyToStartContainers", True), self.condition("Initialized", True),
                           self.condition("ContainersReady", ready), self.condition("Ready", ready and gates)],
            "containerStatuses": [self.container(container, fate, ready) for container, fate in zip(self.spec["containers"], self.fates)],
        }

    def condition(self, kind, holds):
        return {"type": kind, "status": "True" if holds else "False", "lastTransitionTime": stamp(),
                "reason": None if holds else "ContainersNotReady", "message": None if holds else "containers with unready status"}

    def container(self, container, fate, ready):
        state = {"running": {"startedAt": stamp()}}
        if self.ended:
            state = {"terminated": {"exitCode": fate.code, "reason": "Error" if fate.code else "Completed",
                                    "startedAt": stamp(), "finishedAt": stamp()}}
        elif fate.problem:
            state = {"waiting": {"reason": fate.problem, "message": f"back-off of {container['name']}"}}
        return {"name": container["name"], "image": container["image"], "imageID": "", "ready": ready,
                "started": "running" in state, "restartCount": 3 if fate.problem == "CrashLoopBackOff" else 0, "state": state}


class Player:
    def __init__(self, cluster):
        self.cluster = cluster
        self.pods, self.alarms, self.numbers = {}, [], itertools.count()
        self.changed = threading.Condition()

    def after(self, seconds, act):
        with self.changed:
            heapq.heappush(self.alarms, (time.time() + seconds, next(self.numbers), act))
            self.changed.notify()

    def ring(self):
        """Carries out what is due, for ever."""
        while True:
            with self.changed:
                while not self.alarms or self.alarms[0][0] > time.time():
                    self.changed.wait(self.alarms[0][0] - time.time() if self.alarms else None)
                act = heapq.heappop(self.alarms)[2]
            try:
                act()
            except (OSError, http.client.HTTPException) as problem:
                print("again:", problem, flush=True)
                self.after(0.5, act)

    def see(self, kind, pod):
        uid = pod["metadata"]["uid"]
        if kind == "DELETED":
            self.pods.pop(uid, None)
        elif pod["spec"].get("nodeName"):
            if uid not in self.pods:
                self.pods[uid] = Pod(self, pod)
            known = self.pods[uid]
            self.after(0, lambda: known.see(pod))

    def watch(self):
        """Hears of pods until the connection ends."""
        pods = self.cluster.request("GET", "/api/v1/pods")[1]
        for pod in pods["items"]:
            self.see("ADDED", pod)
        connection = http.client.HTTPSConnection(self.cluster.url.hostname, self.cluster.url.port, context=self.cluster.context)
        connection.request("GET", f"/api/v1/pods?watch=1&resourceVersion={pods['metadata']['resourceVersion']}",
                           headers=self.cluster.headers)
        for line in connection.getresponse():
            event = json.loads(line)
            if event["type"] == "ERROR":
                return
            self.see(event["type"], event["object"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kubeconfig", required=True)
    player = Player(Cluster(parser.parse_args().kubeconfig))
    threading.Thread(target=player.ring, daemon=True).start()
    while True:
        try:
            player.watch()
        except (OSError, http.client.HTTPException) as problem:
            print("watches again:", problem, flush=True)
            time.sleep(0.5)


if __name__ == "__main__":
    main()
