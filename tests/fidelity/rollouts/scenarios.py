#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the scenarios of this folder against a cluster, each in a namespace of its own, and records or compares.

  scenarios.py record|replay|live --kubeconfig FILE [--real FILE] [NAME…]

A scenario is a folder: objects.yaml, steps.txt and record.json, what the real controller made of it. `record` writes the
records, `replay` compares with them and prints differences, `live` compares with what happens meanwhile on a second
cluster (--real). Some controller must be at work on each.

steps.txt, one a line:
  apply FILE                          the objects of a file; @SERVER@ becomes a small web server: /value/5 gives {"value":5}
  image NAME N                        the first container's image becomes example.test/web:N
  patch RESOURCE NAME JSON            a merge patch, @NOW@ is the time; status RESOURCE NAME JSON of the status
  delete RESOURCE NAME
  touch RESOURCE NAME                 an annotation changes, if it is still there: something to look at it for
  wait RESOURCE NAME PATH VALUE       until a field has a value (a dotted path; numbers are indexes; - for absent)
  healthy NAME                        until the Rollout is healthy with its newest template
  paused NAME                         until the Rollout is paused, and has seen its newest spec
  restarted NAME                      until no pod is left that was to be restarted
  check WORD                          when nothing has changed for a while: what is recorded
  sleep SECONDS
and what a person does with a Rollout: promote, full, abort, retry, pause, resume NAME.
"""
import argparse, collections, concurrent.futures, http.client, http.server, json, os, re, ssl, subprocess, sys, tempfile, base64
import threading, time, urllib.parse

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scenarios")
# Only played where they are named: what they come to depends on how fast pods and runs are (docs/rollout-scenarios.md).
LEFT_OUT = {"long-experiment", "workload-scale-down-blue-green"}
PATHS = {
    "rollouts": "/apis/argoproj.io/v1alpha1", "analysisruns": "/apis/argoproj.io/v1alpha1",
    "experiments": "/apis/argoproj.io/v1alpha1", "replicasets": "/apis/apps/v1", "deployments": "/apis/apps/v1",
    "services": "/api/v1", "events": "/api/v1", "ingresses": "/apis/networking.k8s.io/v1",
}
RECORDED = [kind for kind in PATHS if kind != "events"]
# Objects of routers, by their API group; looked at where a scenario has something of the group.
ROUTERS = {
    "networking.istio.io": ("v1alpha3", ["virtualservices", "destinationrules"]),
    "split.smi-spec.io": ("v1alpha1", ["trafficsplits"]),
    "traefik.containo.us": ("v1alpha1", ["traefikservices"]),
    "apisix.apache.org": ("v2", ["apisixroutes"]),
    "getambassador.io": ("v2", ["mappings"]),
    "appmesh.k8s.aws": ("v1beta2", ["appmesh/virtualservices", "virtualrouters", "virtualnodes"]),
}
ROUTED = [kind for version, kinds in ROUTERS.values() for kind in kinds]
for group, (version, kinds) in ROUTERS.items():
    PATHS.update({kind: f"/apis/{group}/{version}" for kind in kinds})
QUIET_SECONDS = 2.0
MOST_SECONDS = 120
# Both controllers let so many events of a type about an object through at once, and then one each five minutes.
BURST = 25


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"value": json.loads(self.path.rsplit("/", 1)[1])}).encode()
        try:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # nobody waits for it any more

    def log_message(self, *_):
        pass


class Cluster:
    """Requests to the API server; one connection a thread."""

    def __init__(self, kubeconfig):
        self.kubeconfig = kubeconfig
        view = json.loads(subprocess.check_output(
            ["kubectl", "--kubeconfig", kubeconfig, "config", "view", "--raw", "--minify", "-o", "json"]))
        cluster, user = view["clusters"][0]["cluster"], view["users"][0]["user"]
        self.url = urllib.parse.urlparse(cluster["server"])
        self.context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        self.headers = {}
        if "token" in user:
            self.headers["Authorization"] = "Bearer " + user["token"]
        else:
            with tempfile.NamedTemporaryFile("wb", suffix=".pem") as pem:
                pem.write(base64.b64decode(user["client-certificate-data"]) + b"\n" + base64.b64decode(user["client-key-data"]))
                pem.flush()
                self.context.load_cert_chain(pem.name)
        self.local = threading.local()

    def request(self, method, path, body=None, content="application/json"):
        for again in (True, False):
            connection = getattr(self.local, "connection", None)
            if connection is None:
                connection = self.local.connection = http.client.HTTPSConnection(
                    self.url.hostname, self.url.port, context=self.context, timeout=30)
            try:
                connection.request(method, path, None if body is None else json.dumps(body),
                                   {**self.headers, "Content-Type": content})
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                self.local.connection = None
                if not again:
                    raise
                continue
            return answer.status, json.loads(text) if text else {}

    def apply(self, ns, text):
        done = subprocess.run(["kubectl", "--kubeconfig", self.kubeconfig, "-n", ns, "apply", "-f", "-"], input=text.encode(),
                              capture_output=True)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())


def at(value, path):
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def pruned(value):
    """Without empty maps: the controller writes them for parts that its types have and nobody uses."""
    if isinstance(value, dict):
        parts = {key: pruned(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part != {}}
    return [pruned(part) for part in value] if isinstance(value, list) else value


class Scenario:
    def __init__(self, cluster, name, server):
        self.cluster, self.name, self.server = cluster, name, server
        self.ns = "s-" + name
        self.folder = os.path.join(HERE, name)
        self.checks = {}
        text = "".join(open(os.path.join(self.folder, file)).read() for file in sorted(os.listdir(self.folder)) if file.endswith(".yaml"))
        # How often such a workload is written depends on the moments at which pods become available: so do its generations.
        self.is_workload_shrinking = "scaleDown: progressively" in text
        # A TrafficSplit is made by the controller.
        self.recorded = RECORDED + [kind for group, (version, kinds) in ROUTERS.items() for kind in kinds
                                    if group in text or (kind == "trafficsplits" and "smi: " in text)]

    def path(self, resource, name=""):
        return f"{PATHS[resource]}/namespaces/{self.ns}/{resource.split('/')[-1]}" + (f"/{name}" if name else "")

    def patch(self, resource, name, body, subresource="", content="application/merge-patch+json"):
        status, answer = self.cluster.request("PATCH", self.path(resource, name) + subresource, body, content)
        if status >= 300:
            raise RuntimeError(f"patch {resource}/{name}: {answer.get('message')}")

    def run(self):
        # One of a former run may still be going.
        self.until(lambda: self.cluster.request("GET", "/api/v1/namespaces/" + self.ns)[0] == 404, "the namespace stays")
        self.cluster.request("POST", "/api/v1/namespaces",
                             {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.ns}})
        with open(os.path.join(self.folder, "steps.txt")) as steps:
            for line in steps:
                if line.strip() and not line.startswith("#"):
                    try:
                        self.step(*line.split(None, 1))
                    except Exception as problem:  # what went wrong belongs to the result
                        self.checks["problem"] = f"{line.strip()}: {problem}"
                        break
        self.cluster.request("DELETE", "/api/v1/namespaces/" + self.ns)
        return self.checks

    def step(self, verb, rest=""):
        rest = rest.strip()
        if verb in ("image", "patch", "status", "promote", "full", "abort", "retry", "pause", "resume"):
            # The real controller may put a state of its own over a change that meets its write.
            time.sleep(1.5)
        if verb == "apply":
            with open(os.path.join(self.folder, rest)) as file:
                self.cluster.apply(self.ns, file.read().replace("@SERVER@", self.server))
        elif verb == "image":
            name, number = rest.split()
            self.patch("rollouts", name, [{"op": "replace", "path": "/spec/template/spec/containers/0/image",
                                           "value": f"example.test/web:{number}"}], content="application/json-patch+json")
        elif verb in ("patch", "status"):
            resource, name, body = rest.split(None, 2)
            body = json.loads(body.replace("@NOW@", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())))
            self.patch(resource, name, body, "/status" if verb == "status" else "")
        elif verb == "delete":
            self.cluster.request("DELETE", self.path(*rest.split()))
        elif verb == "touch":
            self.cluster.request("PATCH", self.path(*rest.split()), {"metadata": {"annotations": {"touched": str(time.time())}}},
                                 "application/merge-patch+json")
        elif verb in ("promote", "full", "abort", "retry"):
            self.patch("rollouts", rest, {"status": {"promote": {"pauseConditions": None}, "full": {"promoteFull": True},
                                                     "abort": {"abort": True}, "retry": {"abort": False}}[verb]}, "/status")
        elif verb in ("pause", "resume"):
            self.patch("rollouts", rest, {"spec": {"paused": verb == "pause"}})
        elif verb == "wait":
            self.wait(*rest.split(None, 3))
        elif verb == "healthy":
            self.until(lambda: self.is_healthy(rest), f"{rest} is not healthy")
        elif verb == "paused":
            self.until(lambda: self.is_paused(rest), f"{rest} is not paused")
        elif verb == "restarted":
            self.until(lambda: self.is_restarted(rest), f"{rest} is not restarted")
        elif verb == "check":
            self.settle()
            self.checks[rest] = self.normal(self.dump(self.recorded + ["events"]))
        elif verb == "sleep":
            time.sleep(float(rest))
        else:
            raise RuntimeError("no such step")

    def wait(self, resource, name, path, value):
        end = time.time() + MOST_SECONDS
        found = None
        while time.time() < end:
            if name == "*":
                status, answer = self.cluster.request("GET", self.path(resource))
                found = [at(item, path) for item in answer.get("items", [])]
                if value in [str(one) for one in found]:
                    return
            else:
                status, answer = self.cluster.request("GET", self.path(resource, name))
                found = at(answer, path) if status < 300 else None
                if (value == "-" and found is None) or str(found) == value:
                    return
            time.sleep(0.15)
        raise RuntimeError(f"is {found}, not {value}")

    def until(self, holds, problem):
        end = time.time() + MOST_SECONDS
        while not holds():
            if time.time() > end:
                raise RuntimeError(problem)
            time.sleep(0.15)

    def fresh_status(self, name, phase):
        """The status if it has this phase as the spec is written now: a phase alone may be of yesterday."""
        rollout = self.cluster.request("GET", self.path("rollouts", name))[1]
        status = rollout.get("status", {})
        is_fresh = status.get("observedGeneration") == str(rollout["metadata"]["generation"])
        return status if is_fresh and status.get("phase") == phase else None

    def is_healthy(self, name):
        status = self.fresh_status(name, "Healthy")
        return bool(status) and status.get("stableRS") == status.get("currentPodHash")

    def is_paused(self, name):
        return self.fresh_status(name, "Paused") is not None

    def is_restarted(self, name):
        rollout = self.cluster.request("GET", self.path("rollouts", name))[1]
        return rollout["spec"].get("restartAt") == rollout.get("status", {}).get("restartedAt")

    def dump(self, kinds):
        return {kind: self.cluster.request("GET", self.path(kind))[1].get("items", []) for kind in kinds}

    def settle(self):
        """Returns when nothing has changed for a while."""
        end, since, last = time.time() + MOST_SECONDS, time.time(), None
        while time.time() < end:
            now = {(kind, item["metadata"]["name"]): item["metadata"]["resourceVersion"]
                   for kind, items in self.dump(self.recorded + ["events"]).items() for item in items}
            if now != last:
                last, since = now, time.time()
            elif time.time() - since >= QUIET_SECONDS:
                return
            time.sleep(0.25)

    # --- what is compared

    def normal(self, state):
        uids = {item["metadata"]["uid"]: f"uid-of-{item['metadata']['name']}" for items in state.values() for item in items}
        text = json.dumps({kind: {item["metadata"]["name"]: self.essence(kind, item) for item in items}
                           for kind, items in state.items() if kind != "events"}, sort_keys=True)
        events = sorted({f"{event['involvedObject']['kind']}/{event['involvedObject']['name']} {event['type']} {event['reason']}: "
                         f"{event['message']}" for event in state["events"]
                         if event.get("source", {}).get("component") == "rollouts-controller"})
        text = text[:-1] + ', "events": ' + json.dumps(events) + ', "spent": ' + json.dumps(self.spent(state["events"])) + "}"
        for uid, name in uids.items():
            text = text.replace(uid, name)
        text = text.replace("(combined from similar events): ", "")
        # Here the real one prints addresses of its memory.
        text = re.sub(r"headerRoute '&\{%!d\(string=([^)]*)\).*?\}'", r"headerRoute '\1'", text)
        # How a plugin is not there is said in words of one's own.
        text = re.sub(r"(could not create step plugin at index \d+ : )[^\"]*", r"\1…", text)
        text = re.sub(r'"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"', '"TIME"', text)
        text = re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", text)
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID", text)
        text = text.replace(self.server, "@SERVER@").replace(self.ns, "NAMESPACE")
        return pruned(json.loads(text))

    @staticmethod
    def spent(events):
        """The kinds of events ("Rollout/demo Normal") that do not tell all: no more of them are let through (an equal one again
        counts as well), or alike ones share one object, which says the last of them only."""
        counts = collections.Counter()
        for event in events:
            kind = f"{event['involvedObject']['kind']}/{event['involvedObject']['name']} {event['type']}"
            is_joined = event["message"].startswith("(combined from similar events): ")
            counts[kind] += BURST if is_joined else event.get("count") or 1
        return sorted(kind for kind, count in counts.items() if count >= BURST)

    def essence(self, kind, item):
        metadata = item["metadata"]
        annotations = {key: text for key, text in metadata.get("annotations", {}).items()
                       if not key.startswith(("kubectl.kubernetes.io/", "deployment.kubernetes.io/"))}
        if self.is_workload_shrinking:
            annotations.pop("rollout.argoproj.io/workload-generation", None)
        result = {"labels": metadata.get("labels", {}), "annotations": annotations}
        if kind == "replicasets":
            status = item.get("status", {})
            result["size"] = [item["spec"].get("replicas"), status.get("replicas", 0), status.get("availableReplicas", 0)]
            result["selector"], result["template"] = item["spec"]["selector"], item["spec"]["template"]["metadata"]
            result["affinity"] = item["spec"]["template"]["spec"].get("affinity")
            result["owners"] = [f"{owner['kind']}/{owner['name']}" for owner in metadata.get("ownerReferences", [])]
        elif kind == "services":
            result["selector"] = item["spec"].get("selector")
        elif kind == "ingresses":
            result["spec"] = item["spec"]
        elif kind in ROUTED:
            result["spec"] = item.get("spec")
            result["owners"] = [f"{owner['kind']}/{owner['name']}" for owner in metadata.get("ownerReferences", [])]
        elif kind == "deployments":
            result["replicas"] = item["spec"].get("replicas")
        else:
            status = dict(item.get("status", {}))
            # Numbers of the generation depend on how objects are written.
            status.pop("observedGeneration", None)
            if self.is_workload_shrinking:
                status.pop("workloadObservedGeneration", None)
            status["conditions"] = sorted(
                ({key: text for key, text in condition.items() if not key.startswith("last")}
                 for condition in status.get("conditions", [])), key=lambda condition: condition["type"])
            # Whether a pass came by while one ran that has failed since is chance.
            if kind == "experiments" and status.get("phase") != "Successful":
                status.pop("conditions")
            # Metrics are measured at once: their order is chance.
            if "metricResults" in status:
                status["metricResults"] = sorted(status["metricResults"], key=lambda part: part["name"])
            result["status"] = status
            if kind == "analysisruns":
                result["spec"] = item["spec"]
        return result


def chained(events):
    """Events with the steps in which a ReplicaSet shrinks joined ("from 2 to 1", "from 1 to 0" is "from 2 to 0"): in how many it
    does depends on the moments at which other pods become available."""
    steps, rest = {}, []
    for event in events:
        step = re.fullmatch(r"(.* Scaled down ReplicaSet .*) from (\d+) to (\d+)", event)
        if step:
            steps.setdefault(step[1], {})[int(step[2])] = int(step[3])
        else:
            rest.append(event)
    for words, ways in steps.items():
        for start in sorted(set(ways) - set(ways.values())):
            end = start
            while end in ways:
                end = ways[end]
            rest.append(f"{words} from {start} to {end}")
    return rest


def missing_events(wanted, got, spent):
    """The real one writes its events behind its back: some come after the checkpoint. Those it was seen to write count."""
    if not set(wanted) <= set(got):
        wanted, got = chained(wanted), chained(got)
    return [event for event in wanted if event not in got and " ".join(event.split()[:2]) not in spent]


def differences(wanted, got, path=""):
    if isinstance(wanted, dict) and isinstance(got, dict):
        if "events" in wanted and "events" in got:
            for event in missing_events(wanted["events"], got["events"], got.get("spent", [])):
                yield f"{path}/events: lacks {event}"
        for key in sorted((set(wanted) | set(got)) - {"events", "spent"}):
            yield from differences(wanted.get(key), got.get(key), f"{path}/{key}")
    elif wanted != got:
        yield f"{path}: {json.dumps(got)}, not {json.dumps(wanted)}"


def run(cluster, name, server):
    return Scenario(cluster, name, server).run()


def recorded(name):
    with open(os.path.join(HERE, name, "record.json")) as file:
        return json.load(file)


def run_both(real, cluster, name, server):
    """What differs between two controllers that are at work at the same time."""
    with concurrent.futures.ThreadPoolExecutor(1) as beside:
        wanted = beside.submit(run, real, name, server)
        checks = run(cluster, name, server)
    # Both may have met the same trouble, which is none of the scenario's.
    found = [checks["problem"]] if "problem" in checks else []
    return found + list(differences(wanted.result(), checks))


def replay(cluster, name, server):
    """What differs from the record."""
    return list(differences(recorded(name), run(cluster, name, server)))


def twice(compare, *arguments, name, server):
    """What differs. Controllers write when they come to it, and what a slow machine makes of that is chance: what differs is
    shown and tried once more."""
    found = compare(*arguments, name, server)
    if found:
        show("again   " + name, found[:10])
        found = compare(*arguments, name, server)
    return found


def show(line, found):
    print("\n".join([line] + ["            " + difference[:400] for difference in found]), flush=True)


def record(name, checks):
    """Writes down what happened; returns what went wrong."""
    for check in checks.values():
        if isinstance(check, dict):
            check.pop("spent", None)
    with open(os.path.join(HERE, name, "record.json"), "w") as out:
        json.dump(checks, out, indent=1, sort_keys=True)
        out.write("\n")
    return [checks["problem"]] if "problem" in checks else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["record", "replay", "live"])
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--real", help="live: the cluster of the real controller")
    parser.add_argument("--at-once", type=int, default=24)
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    if (options.mode == "live") != bool(options.real):
        parser.error("--real goes with live")
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    server = f"http://127.0.0.1:{web.server_address[1]}"
    cluster, real = Cluster(options.kubeconfig), Cluster(options.real) if options.real else None
    names = options.names or [name for name in sorted(os.listdir(HERE)) if name not in LEFT_OUT]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        if options.mode == "live":
            results = pool.map(lambda name: twice(run_both, real, cluster, name=name, server=server), names)
        elif options.mode == "replay":
            results = pool.map(lambda name: twice(replay, cluster, name=name, server=server), names)
        else:
            results = pool.map(lambda name: record(name, run(cluster, name, server)), names)
        for name, result in zip(names, results):
            show(("FAILED  " if result else "ok      ") + name, result[:40])
            failed += bool(result)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
