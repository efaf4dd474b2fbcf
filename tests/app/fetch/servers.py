# SPDX-License-Identifier: GPL-3.0-or-later
"""A chart repository and an OCI registry on loopback, small enough for tests."""
import base64
import hashlib
import http.server
import json
import os
import ssl
import subprocess
import threading
import urllib.parse


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Server:
    """Serves `handler` in a thread; `server.state` is shared with its handlers."""

    def __init__(self, handler, state, certificate=None):
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.state = state
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
            scheme = "https"
        self.host = "127.0.0.1:%d" % self.http.server_address[1]
        self.url = "%s://%s" % (scheme, self.host)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    @property
    def state(self):
        return self.server.state

    def answer(self, status, body=b"", headers=None, length=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        if length is not None:
            self.close_connection = True

    def basic(self):
        text = self.headers.get("Authorization", "")
        return base64.b64decode(text[6:]).decode() if text.startswith("Basic ") else None


class Git(Quiet):
    """state: root (folder of repositories), served by git's own program."""

    def serve(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environment = dict(os.environ, GIT_PROJECT_ROOT=self.state["root"], GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path, QUERY_STRING=query,
                           REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get("Content-Type", ""), CONTENT_LENGTH=str(len(body)),
                           HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""), GIT_PROTOCOL=self.headers.get("Git-Protocol", ""),
                           GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*")
        output = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True).stdout
        head, _, rest = output.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.answer(int(headers.pop("Status", "200").split()[0]), rest, headers)

    do_GET = serve
    do_POST = serve


class Files(Quiet):
    """state: files {path: bytes}, user ("name:password" or None), cut (paths that end too early),
    redirects {path: url}, seen [(path, Authorization)]."""

    def do_GET(self):
        path = self.path.split("?")[0]
        self.state["seen"].append((path, self.headers.get("Authorization")))
        if path in self.state["redirects"]:
            return self.answer(302, headers={"Location": self.state["redirects"][path]})
        if self.state["user"] and self.basic() != self.state["user"]:
            return self.answer(401, headers={"WWW-Authenticate": 'Basic realm="charts"'})
        data = self.state["files"].get(path)
        if data is None:
            return self.answer(404, b"nothing here")
        if path in self.state["cut"]:
            return self.answer(200, data[: len(data) // 2], length=len(data))
        self.answer(200, data)


def files(contents, user=None):
    return {"files": contents, "user": user, "cut": set(), "redirects": {}, "seen": []}


class Registry(Quiet):
    """An OCI registry with tokens. state: blobs {digest: bytes}, manifests {(name, reference): (type, bytes)},
    user, seen, url (its own)."""

    def denied(self):
        name = urllib.parse.urlparse(self.path).path[len("/v2/"):].split("/blobs/")[0].split("/manifests/")[0].split("/tags/")[0]
        if self.headers.get("Authorization") == "Bearer good":
            return False
        scope = ',scope="repository:%s:pull,push"' % name if name else ""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(401, headers={"WWW-Authenticate": 'Bearer realm="%s/token",service="test"%s' % (self.state["url"], scope)})
        return True

    def note(self):
        self.state["seen"].append((self.command, self.path, self.headers.get("Authorization")))

    def do_GET(self):
        self.note()
        url = urllib.parse.urlparse(self.path)
        if url.path == "/token":
            if self.basic() != self.state["user"]:
                return self.answer(401)
            return self.answer(200, json.dumps({"token": "good"}).encode())
        if self.denied():
            return None
        if url.path in ("/v2/", "/v2"):
            return self.answer(200, b"{}")
        parts = url.path[len("/v2/"):]
        if parts.endswith("/tags/list"):
            name = parts[: -len("/tags/list")]
            tags = sorted(r for n, r in self.state["manifests"] if n == name and not r.startswith("sha256:"))
            last = urllib.parse.parse_qs(url.query).get("last", [""])[0]
            page = [tag for tag in tags if tag > last][:2]
            headers = {}
            if page and page[-1] != tags[-1]:
                headers["Link"] = '</v2/%s/tags/list?last=%s>; rel="next"' % (name, urllib.parse.quote(page[-1]))
            return self.answer(200, json.dumps({"name": name, "tags": page}).encode(), headers)
        if "/manifests/" in parts:
            found = self.state["manifests"].get(tuple(parts.split("/manifests/")))
            if not found:
                return self.answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
            kind, data = found
            return self.answer(200, data, {"Content-Type": kind, "Docker-Content-Digest": digest_of(data)})
        if "/blobs/" in parts:
            data = self.state["blobs"].get(parts.split("/blobs/")[1])
            if data is None:
                return self.answer(404)
            if self.state.get("blobs_at") and self.command == "GET":
                return self.answer(307, headers={"Location": self.state["blobs_at"] + "/" + parts.split("/blobs/")[1]})
            return self.answer(200, data, {"Content-Type": "application/octet-stream"})
        return self.answer(404)

    do_HEAD = do_GET

    def do_POST(self):
        self.note()
        if self.denied():
            return
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(202, headers={"Location": urllib.parse.urlparse(self.path).path + "1"})

    def do_PUT(self):
        self.note()
        if self.denied():
            return
        url = urllib.parse.urlparse(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "/manifests/" in url.path:
            name, reference = url.path[len("/v2/"):].split("/manifests/")
            for each in (reference, digest_of(data)):
                self.state["manifests"][(name, each)] = (self.headers.get("Content-Type"), data)
        else:
            self.state["blobs"][urllib.parse.parse_qs(url.query)["digest"][0]] = data
        self.answer(201, headers={"Location": url.path, "Docker-Content-Digest": digest_of(data)})


def registry(user):
    server = Server(Registry, {"blobs": {}, "manifests": {}, "user": user, "seen": []})
    server.http.state["url"] = server.url
    return server
