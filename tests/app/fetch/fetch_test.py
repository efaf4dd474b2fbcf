# SPDX-License-Identifier: GPL-3.0-or-later
"""`tiphysctl --fetch` against real servers on loopback; compared with helm and kustomize where the oracles are built.
Usage: fetch_test.py TIPHYSCTL"""
import glob
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers  # noqa: E402

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else "tiphysctl"


def oracle(name):
    found = glob.glob(os.path.expanduser("~/.cache/tiphys/oracles/%s-*/bin/%s" % (name, name)))
    return found[0] if found else None


HELM = oracle("helm")
KUSTOMIZE = oracle("kustomize")

TEMPLATE = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
data:
  version: {{ .Chart.Version | quote }}
  size: {{ .Values.size | quote }}
  global: {{ (.Values.global | default dict).site | default "none" | quote }}
"""


def chart(name, version, more="", extra=None):
    files = {
        "Chart.yaml": "apiVersion: v2\nname: %s\nversion: %s\n%s" % (name, version, more),
        "values.yaml": "size: 1\n",
        "templates/a.yaml": TEMPLATE,
    }
    files.update(extra or {})
    return files


def archive(name, files):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for path, text in files.items():
            entry = tarfile.TarInfo(name + "/" + path)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return gzip.compress(data.getvalue(), mtime=0)


def write(folder, files):
    for path, text in files.items():
        place = os.path.join(folder, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w") as out:
            out.write(text)


def files_of(folder):
    texts = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name)) as file:
            texts[name] = file.read()
    return texts


class FetchTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="tiphys-fetch-")
        self.work = os.path.join(self.home, "work")
        os.makedirs(self.work)
        self.env = dict(os.environ, HOME=self.home, TIPHYS_CACHE=self.home + "/cache", HELM_CONFIG_HOME=self.home + "/helm",
                        HELM_CACHE_HOME=self.home + "/helm-cache", HELM_DATA_HOME=self.home + "/helm-data",
                        DOCKER_CONFIG=self.home + "/docker", XDG_RUNTIME_DIR=self.home, no_proxy="*")
        for name in ("XDG_CONFIG_HOME", "HELM_REGISTRY_CONFIG", "HELM_REPOSITORY_CONFIG", "HELM_REPOSITORY_CACHE"):
            self.env.pop(name, None)
        self.servers = []

    def tearDown(self):
        for server in self.servers:
            server.close()
        shutil.rmtree(self.home)

    # What stands somewhere

    def repository(self, charts, user=None, certificate=None, digests=True):
        state = servers.files({}, user)
        entries = {}
        for name, version, files in charts:
            data = archive(name, files)
            state["files"]["/%s-%s.tgz" % (name, version)] = data
            entry = {"name": name, "version": version, "apiVersion": "v2", "urls": ["%s-%s.tgz" % (name, version)]}
            if digests:
                entry["digest"] = servers.digest_of(data)[7:]
            entries.setdefault(name, []).append(entry)
        state["files"]["/index.yaml"] = json.dumps({"apiVersion": "v1", "entries": entries}).encode()
        server = servers.Server(servers.Files, state, certificate)
        self.servers.append(server)
        return server

    def run_program(self, *arguments, folder=None):
        return subprocess.run([PROGRAM, *arguments], cwd=folder or self.work, env=self.env, capture_output=True, text=True, timeout=60)

    def rendered(self, *arguments, folder=None):
        done = self.run_program("render", *arguments, "-o", "json", folder=folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def names(self, objects):
        return sorted("%s %s" % (each["metadata"]["name"], each["data"]["version"]) for each in objects)

    def error(self, *arguments):
        done = self.run_program("render", *arguments)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("error: ", done.stderr)
        return done.stderr[done.stderr.index("error: "):].rstrip("\n")

    def tool(self, *arguments, folder=None):
        done = subprocess.run(arguments, cwd=folder or self.work, env=self.env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def objects_in(self, text):
        path = os.path.join(self.home, "manifests.yaml")
        with open(path, "w") as out:
            out.write(text)
        return self.rendered(path, folder=self.home)

    # Chart repositories

    def top(self, server, dependencies=None):
        write(self.work, chart("top", "1.0.0", "dependencies:\n" + (dependencies or "- {name: web, version: ^1, repository: '%s'}\n" % server.url)))

    def test_asks_before_anything_is_fetched(self):
        server = self.repository([("web", "1.4.0", chart("web", "1.4.0"))])
        self.top(server)
        text = self.error(".")
        self.assertEqual(text, "error: chart 'web' ^1 of %s is not fetched; run it again with --fetch to get chart 'web' ^1 of %s" % (server.url, server.url))
        self.assertEqual(server.http.state["seen"], [])

    def test_builds_dependencies(self):
        server = self.repository([("web", v, chart("web", v)) for v in ("1.4.0", "1.9.0", "1.10.0", "2.0.0", "1.11.0-rc.1")])
        # ranges that do not overlap: of two archives that fit, Helm takes either
        self.top(server, "- {name: web, version: ^1.5, repository: '%s'}\n- {name: web, version: ~1.4, repository: '%s', alias: old}\n" % (server.url, server.url))
        ours = self.rendered(".", "--fetch", "--set", "global.site=x")
        self.assertEqual(self.names(ours), ["release-name-old 1.4.0", "release-name-top 1.0.0", "release-name-web 1.10.0"])
        if HELM:
            self.tool(HELM, "dependency", "build")
            theirs = self.objects_in(self.tool(HELM, "template", ".", "--set", "global.site=x"))
            self.assertEqual(ours, theirs)

    def test_honours_the_lock_file(self):
        server = self.repository([("web", v, chart("web", v)) for v in ("1.4.0", "1.10.0")])
        self.top(server)
        if not HELM:
            self.skipTest("no helm")
        index = server.http.state["files"]["/index.yaml"]
        server.http.state["files"]["/index.yaml"] = index.replace(b"1.10.0", b"0.9.0")
        self.tool(HELM, "dependency", "update")
        shutil.rmtree(self.work + "/charts")
        server.http.state["files"]["/index.yaml"] = index
        self.assertEqual(self.names(self.rendered(".", "--fetch")), ["release-name-top 1.0.0", "release-name-web 1.4.0"])
        with open(self.work + "/Chart.yaml") as text:
            changed = text.read().replace("^1", "^1.2")
        write(self.work, {"Chart.yaml": changed})
        self.assertIn("the lock file (Chart.lock) is out of sync", self.error(".", "--fetch"))

    def test_knows_the_repositories_of_helm(self):
        server = self.repository([("web", "1.4.0", chart("web", "1.4.0"))], user="u:p")
        write(self.home, {"helm/repositories.yaml": "repositories:\n- {name: mine, url: '%s', username: u, password: p}\n" % server.url})
        self.top(server, "- {name: web, version: 1.4.0, repository: '@mine'}\n")
        self.assertEqual(len(self.rendered(".", "--fetch")), 2)
        self.top(server, "- {name: web, version: 1.4.0, repository: 'alias:other'}\n")
        self.assertIn("no repository definition for alias:other", self.error(".", "--fetch"))

    def test_names_what_is_wrong(self):
        server = self.repository([("web", "1.4.0", chart("web", "1.4.0"))])
        state = server.http.state
        self.top(server)
        good = dict(state["files"])
        what = "error: dependency 'web': chart 'web' ^1 of %s" % server.url
        state["user"] = "u:p"
        self.assertEqual(self.error(".", "--fetch"), what + ": %s/index.yaml: HTTP status 401 (unauthorized: credentials are wanted, or these are wrong)" % server.url)
        state["user"] = None
        state["files"] = {}
        self.assertEqual(self.error(".", "--fetch"), what + ": %s/index.yaml: HTTP status 404 (not found)" % server.url)
        state["files"] = dict(good, **{"/web-1.4.0.tgz": b"other"})
        self.assertIn(what + ": %s/web-1.4.0.tgz has digest sha256:" % server.url, self.error(".", "--fetch"))
        state["files"] = good
        state["cut"] = {"/web-1.4.0.tgz"}
        self.assertTrue(self.error(".", "--fetch").startswith(what + ": %s/web-1.4.0.tgz: " % server.url))
        state["cut"] = set()
        state["redirects"] = {"/index.yaml": server.url + "/index.yaml"}
        self.assertIn("redirects", self.error(".", "--fetch"))

    def test_leaves_no_archive_out_of_its_folder(self):
        evil = chart("web", "1.4.0", extra={"../../evil": "x"})
        server = self.repository([("web", "1.4.0", evil)])
        self.top(server)
        self.assertIn("chart illegally references parent directory", self.error(".", "--fetch"))

    def test_does_not_carry_credentials_elsewhere(self):
        other = self.repository([("web", "1.4.0", chart("web", "1.4.0"))])
        server = self.repository([("web", "1.4.0", chart("web", "1.4.0"))], user="u:p")
        server.http.state["redirects"] = {"/web-1.4.0.tgz": other.url + "/web-1.4.0.tgz"}
        write(self.home, {"helm/repositories.yaml": "repositories:\n- {name: mine, url: '%s', username: u, password: p}\n" % server.url})
        self.top(server)
        self.assertEqual(len(self.rendered(".", "--fetch")), 2)
        self.assertEqual(other.http.state["seen"], [("/web-1.4.0.tgz", None)])

    def test_trusts_the_given_certificate_only(self):
        key, certificate = self.home + "/key.pem", self.home + "/cert.pem"
        made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                               "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"], capture_output=True)
        if made.returncode != 0:
            self.skipTest("no openssl")
        server = self.repository([("web", "1.4.0", chart("web", "1.4.0"))], certificate=(certificate, key))
        self.top(server)
        self.assertIn("TLS", self.error(".", "--fetch"))
        write(self.home, {"helm/repositories.yaml": "repositories:\n- {name: mine, url: '%s', caFile: '%s'}\n" % (server.url, certificate)})
        self.assertEqual(len(self.rendered(".", "--fetch")), 2)

    # Registries

    def registry_with(self, *versions):
        server = servers.registry("u:p")
        self.servers.append(server)
        for version in versions:
            data = archive("web", chart("web", version))
            config = b"{}"
            manifest = json.dumps({"schemaVersion": 2, "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": servers.digest_of(config), "size": 2},
                                   "layers": [{"mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "digest": servers.digest_of(data), "size": len(data)}]}).encode()
            state = server.http.state
            state["blobs"].update({servers.digest_of(data): data, servers.digest_of(config): config})
            state["manifests"][("charts/web", version.replace("+", "_"))] = ("application/vnd.oci.image.manifest.v1+json", manifest)
        auth = servers.base64.b64encode(b"u:p").decode()
        write(self.home, {"docker/config.json": json.dumps({"auths": {server.host: {"auth": auth}}})})
        return server

    def test_builds_dependencies_of_registries(self):
        server = self.registry_with("1.2.0", "1.4.0+b2", "1.3.0", "2.0.0")
        self.top(server, "- {name: web, version: ^1, repository: 'oci://%s/charts'}\n" % server.host)
        self.assertEqual(self.names(self.rendered(".", "--fetch", "--plain-http")), ["release-name-top 1.0.0", "release-name-web 1.4.0+b2"])

    def test_follows_blobs_without_the_token(self):
        server = self.registry_with("1.2.0")
        blobs = servers.Server(servers.Files, servers.files({"/" + name: data for name, data in server.http.state["blobs"].items()}))
        self.servers.append(blobs)
        server.http.state["blobs_at"] = blobs.url
        self.top(server, "- {name: web, version: 1.2.0, repository: 'oci://%s/charts'}\n" % server.host)
        self.assertEqual(len(self.rendered(".", "--fetch", "--plain-http")), 2)
        self.assertEqual([authorization for _, authorization in blobs.http.state["seen"]], [None])

    def test_takes_what_helm_pushed(self):
        if not HELM:
            self.skipTest("no helm")
        server = servers.registry("u:p")
        self.servers.append(server)
        self.tool(HELM, "registry", "login", server.host, "--plain-http", "-u", "u", "-p", "p")
        for version in ("1.4.0", "1.5.0+b1", "2.0.0-rc.1"):
            write(self.home + "/web", chart("web", version))
            self.tool(HELM, "package", self.home + "/web", "-d", self.home)
            self.tool(HELM, "push", "%s/web-%s.tgz" % (self.home, version), "oci://%s/charts" % server.host, "--plain-http")
        self.top(server, "- {name: web, version: 1.x, repository: 'oci://%s/charts'}\n" % server.host)
        ours = self.rendered(".", "--fetch", "--plain-http")
        self.tool(HELM, "dependency", "build", "--plain-http")
        self.assertEqual(ours, self.objects_in(self.tool(HELM, "template", ".")))

    # Sources of Applications

    def application(self, source):
        application = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "shop"},
                       "spec": {"project": "default", "destination": {"namespace": "shop"}}}
        application["spec"].update(source)
        write(self.work, {"app.yaml": json.dumps(application)})
        return "app.yaml"

    def test_renders_charts_of_applications(self):
        server = self.repository([("web", v, chart("web", v)) for v in ("1.4.0", "2.0.0")])
        values = servers.Server(servers.Files, servers.files({"/v.yaml": b"size: 7\n"}))
        self.servers.append(values)
        write(self.work, {"values/a.yaml": "global: {site: here}\n"})
        file = self.application({"sources": [
            {"repoURL": server.url, "chart": "web", "targetRevision": "1.*", "helm": {"valueFiles": [values.url + "/v.yaml", "$mine/values/a.yaml"]}},
            {"repoURL": "https://git.test/mine", "targetRevision": "HEAD", "ref": "mine"}]})
        objects = self.rendered(file, "--fetch")
        self.assertEqual([each["data"] for each in objects], [{"version": "1.4.0", "size": "7", "global": "here"}])
        self.assertEqual(objects[0]["metadata"]["name"], "shop-web")

    def test_renders_charts_and_artifacts_of_registries(self):
        server = self.registry_with("1.4.0")
        objects = self.rendered(self.application({"source": {"repoURL": server.host + "/charts", "chart": "web", "targetRevision": "1.x"}}), "--fetch", "--plain-http")
        self.assertEqual(objects[0]["metadata"]["name"], "shop-web")
        objects = self.rendered(self.application({"source": {"repoURL": "oci://%s/charts/web" % server.host, "path": ".", "targetRevision": "1.4.0"}}), "--fetch", "--plain-http")
        self.assertEqual(objects[0]["metadata"]["name"], "shop-web")

    # Kustomize

    def git(self, folder, files):
        write(folder, files)
        environment = dict(self.env, GIT_AUTHOR_NAME="t", GIT_AUTHOR_EMAIL="t@t", GIT_COMMITTER_NAME="t", GIT_COMMITTER_EMAIL="t@t")
        for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "x"], ["tag", "v1"]):
            subprocess.run(["git", *command], cwd=folder, env=environment, check=True, capture_output=True)

    def kustomized(self, files, *flags):
        write(self.work, files)
        ours = self.rendered(".", "--fetch", *flags)
        if KUSTOMIZE:
            command = [KUSTOMIZE, "build", "."] + ([] if "--enable-helm" not in flags else ["--enable-helm", "--helm-command", HELM])
            if "--enable-helm" not in flags or HELM:
                self.assertEqual(ours, self.objects_in(self.tool(*command)))
        return ours

    def test_reads_remote_files_and_bases(self):
        config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
        server = servers.Server(servers.Files, servers.files({"/far.yaml": (config % "far").encode()}))
        self.servers.append(server)
        self.git(self.home + "/bases/lib.git", {"base/kustomization.yaml": "resources: [a.yaml]\nnamePrefix: base-\n", "base/a.yaml": config % "a"})
        objects = self.kustomized({"kustomization.yaml": "resources:\n- %s/far.yaml\n- file://%s/bases/lib.git//base?ref=v1&timeout=30s\n" % (server.url, self.home)})
        self.assertEqual([each["metadata"]["name"] for each in objects], ["base-a", "far"])

    def test_reads_submodules_of_remote_bases(self):
        config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
        root = self.home + "/served"
        server = servers.Server(servers.Git, {"root": root})
        self.servers.append(server)
        environment = dict(self.env, GIT_AUTHOR_NAME="t", GIT_AUTHOR_EMAIL="t@t", GIT_COMMITTER_NAME="t", GIT_COMMITTER_EMAIL="t@t")

        def serve(name, files, inner=None, place=None):
            folder = self.home + "/source/" + name
            self.git(folder, files)
            commands = [["clone", "-q", "--bare", folder, root + "/" + name + ".git"]]
            if inner:
                commands = [["submodule", "--quiet", "add", server.url + "/" + inner + ".git", place], ["commit", "-qm", "y"], ["tag", "-f", "v1"]] + commands
            for command in commands:
                subprocess.run(["git", *command], cwd=folder, env=environment, check=True, capture_output=True)

        serve("deep", {"kustomization.yaml": "resources: [d.yaml]\n", "d.yaml": config % "deep"})
        serve("inner", {"kustomization.yaml": "resources: [deep, i.yaml]\n", "i.yaml": config % "inner"}, "deep", "deep")
        serve("lib", {"base/kustomization.yaml": "resources: [../parts/inner, a.yaml]\n", "base/a.yaml": config % "a"}, "inner", "parts/inner")
        objects = self.kustomized({"kustomization.yaml": "namePrefix: p-\nresources:\n- %s/lib.git//base?ref=v1&submodules=true\n" % server.url})
        self.assertEqual([each["metadata"]["name"] for each in objects], ["p-a", "p-deep", "p-inner"])

    def test_renders_charts_of_kustomizations(self):
        server = self.repository([("web", "1.4.0", chart("web", "1.4.0", extra={"crds/c.yaml": "apiVersion: v1\nkind: Thing\nmetadata: {name: thing}\n"}))])
        write(self.work, {"kustomization.yaml": "helmCharts:\n- {name: web, repo: '%s', version: 1.4.0}\n" % server.url})
        self.assertIn("must specify --enable-helm", self.error(".", "--fetch"))
        for more in ("releaseName: one", "releaseName: two, valuesInline: {size: 5}, namespace: other", "includeCRDs: true, valuesMerge: merge, valuesInline: {size: 9, global: {site: x}}",
                     "valuesMerge: replace, valuesInline: {size: 3}", "nameTemplate: fixed", "nameTemplate: '{{ lower \"WEB\" }}-{{ add 1 2 }}'"):
            shutil.rmtree(self.work + "/charts", ignore_errors=True)
            objects = self.kustomized({"kustomization.yaml": "namePrefix: p-\nhelmCharts:\n- {name: web, repo: '%s', version: 1.4.0, %s}\n" % (server.url, more)}, "--enable-helm")
            self.assertTrue(objects)

    def test_compares_two_versions_of_a_chart_source(self):
        server = self.repository([("web", v, chart("web", v)) for v in ("1.4.0", "2.0.0")])
        source = {"source": {"repoURL": server.url, "chart": "web", "targetRevision": "1.4.0"}}
        self.application(source)
        self.git(self.work, {})
        source["source"]["targetRevision"] = "2.0.0"
        self.application(source)
        without = self.run_program("diff", "HEAD", "-o", "json")
        self.assertEqual(without.returncode, 2)
        self.assertIn("run it again with --fetch to get ", without.stderr)
        self.assertIn("chart 'web' 2.0.0 of " + server.url, without.stderr)
        done = self.run_program("diff", "HEAD", "-o", "json", "--fetch")
        self.assertEqual(done.returncode, 1, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual([each["name"] for each in report["applications"]], ["shop"])
        self.assertIn("+  version: 2.0.0", report["applications"][0]["resources"][0]["patch"])

    # Jsonnet

    def test_evaluates_jsonnet(self):
        write(self.work, {
            "app/a.jsonnet": "local x = import 'x.libsonnet'; local lib = import 'lib.libsonnet'; local t = importstr 'sub/t.txt';\n"
                             "function(who='nobody') [{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: x.name},"
                             " data: {env: std.extVar('env'), n: std.toString(std.extVar('n') + 1), who: who, lib: lib, text: t}}]",
            "app/x.libsonnet": "{name: (import 'sub/y.libsonnet')}", "app/sub/y.libsonnet": "'from-' + (import '../../one/z.libsonnet')", "app/sub/t.txt": "hello",
            "one/z.libsonnet": "'z'", "one/lib.libsonnet": "'first'", "two/lib.libsonnet": "'last'", "app/b.yaml": "kind: B\nmetadata: {name: b}\n"})
        jsonnet = {"extVars": [{"name": "env", "value": "$ARGOCD_APP_NAME"}, {"name": "n", "value": "1 + 1", "code": True}], "tlas": [{"name": "who", "value": "me"}],
                   "libs": ["one", "two"]}
        self.application({"source": {"repoURL": "https://git.test/mine", "path": "app", "directory": {"jsonnet": jsonnet}}})
        objects = self.rendered("app.yaml")
        self.assertEqual([each["metadata"]["name"] for each in objects], ["from-z", "b"])
        self.assertEqual(objects[0]["data"], {"env": "shop", "n": "3", "who": "me", "lib": "last", "text": "hello"})

    def test_says_what_is_wrong_in_jsonnet(self):
        for text, words in (("{", "Failed to evaluate jsonnet"), ("[1]", "Failed to unmarshal generated json"), ("{a: 1}", "Object 'Kind' is missing"),
                            ("import 'none.libsonnet'", "couldn't open import"), ("import '/etc/passwd'", "couldn't open import"),
                            ("import '../../../etc/passwd'", "couldn't open import"), ("error 'my words'", "my words"), ("std.extVar('x')", "x")):
            write(self.work, {"j/a.jsonnet": text})
            self.assertIn(words, self.error("j"))
        write(self.work, {"j/a.jsonnet": "local f(x) = f(x + 1) tailstrict; f(0)"})
        self.assertTrue(self.error("j"))

    # External tools

    def test_tells_whether_tools_agree(self):
        if not HELM or not KUSTOMIZE:
            self.skipTest("no helm, no kustomize")
        self.env["PATH"] = os.pathsep.join([os.path.dirname(HELM), os.path.dirname(KUSTOMIZE), self.env["PATH"]])
        write(self.work, chart("web", "1.4.0"))
        done = self.run_program("render", ".", "--verify-with-tools", "--set", "size=7")
        self.assertEqual((done.returncode, done.stderr), (0, "helm v4.2.4 agrees: 1 objects\n"))
        self.assertEqual(self.rendered(".", "--set", "size=7"), self.rendered(".", "--set", "size=7", "--with-tools"))
        write(self.home + "/k", {"kustomization.yaml": "resources: [a.yaml]\nnamePrefix: p-\n", "a.yaml": "apiVersion: v1\nkind: A\nmetadata: {name: a}\n"})
        done = self.run_program("render", self.home + "/k", "--verify-with-tools")
        self.assertEqual((done.returncode, done.stderr), (0, "kustomize v5.8.1 agrees: 1 objects\n"))
        # With the options of an Application, which are edits of a copy.
        write(self.work, {
            "k/kustomization.yaml": "resources: [a.yaml]\nimages: [{name: web, newTag: '1'}]\n",
            "k/a.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 1, selector: {matchLabels: {x: y}}, "
                        "template: {metadata: {labels: {x: y}}, spec: {containers: [{name: c, image: web}]}}}\n",
            "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {part: 'yes'}\n",
            "app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n  destination: {namespace: n}\n"
                        "  source:\n    repoURL: r\n    path: k\n    kustomize:\n      namePrefix: p-\n      nameSuffix: -s\n      namespace: shop\n"
                        "      images: ['web:${ARGOCD_APP_NAME}']\n      replicas: [{name: a, count: 3}]\n      commonLabels: {team: '$ARGOCD_APP_NAME'}\n"
                        "      labelWithoutSelector: true\n      commonAnnotations: {note: 'a:b'}\n      components: [../part]\n"
                        "      patches: [{target: {kind: Deployment}, patch: '- {op: add, path: /metadata/labels, value: {patched: really}}'}]\n"})
        before = sorted(os.listdir(self.work + "/k")), open(self.work + "/k/kustomization.yaml").read()
        done = self.run_program("render", "app.yaml", "--verify-with-tools")
        self.assertEqual((done.returncode, done.stderr), (0, "kustomize v5.8.1 agrees: 1 objects\n"))
        self.assertIn("patched: really", done.stdout)
        self.assertEqual(before, (sorted(os.listdir(self.work + "/k")), open(self.work + "/k/kustomization.yaml").read()))
        write(self.home + "/fake", {"helm": "#!/bin/sh\necho 'kind: Other'\n"})
        os.chmod(self.home + "/fake/helm", 0o755)
        self.env["PATH"] = self.home + "/fake:" + self.env["PATH"]
        done = self.run_program("render", ".", "--verify-with-tools")
        self.assertEqual(done.returncode, 1)
        self.assertIn("differs: object 1 is", done.stderr)
        write(self.home + "/fake", {"helm": "#!/bin/sh\necho 'no, really' >&2\nexit 3\n"})
        done = self.run_program("render", ".", "--with-tools")
        self.assertEqual((done.returncode, done.stderr), (1, "error: helm: no, really\n"))


if __name__ == "__main__":
    unittest.main()
