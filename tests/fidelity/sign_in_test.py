#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How kubectl and tiphysctl reach an API server beside each other: https proxies and the auth-provider oidc.

API server, proxies and issuer are played on loopback and note what they are told; for each kubeconfig the notes of both
programs must be the same. usage: sign_in_test.py TIPHYSCTL. Exit code 77: skipped, with the reason.
"""
import base64
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

root = os.environ.get("TIPHYS_ROOT") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
work = tempfile.mkdtemp(prefix="tiphys-sign-in.")
notes = []  # (who, what) in order


def note(who, *what):
    if (who, what) not in notes:
        notes.append((who, what))


# --- certificates

def certificate(name, *arguments):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2", "-subj", "/CN=" + name,
                    "-keyout", name + ".key", "-out", name + ".crt", *arguments],
                   cwd=work, check=True, stderr=subprocess.DEVNULL)


def make_certificates():
    certificate("ca")
    for name, names in (("server", "IP:127.0.0.1,DNS:api.example.test"), ("elsewhere", "DNS:proxy.example.test"), ("client", "DNS:me")):
        certificate(name, "-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "subjectAltName=" + names,
                    "-addext", "basicConstraints=critical,CA:false")


def served_with(name, asks=False):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{work}/{name}.crt", f"{work}/{name}.key")
    context.set_alpn_protocols(["http/1.1"])
    if asks:
        context.load_verify_locations(work + "/ca.crt")
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


def client_of(connection):
    subject = (connection.getpeercert() or {}).get("subject", ())
    return dict(pair[0] for pair in subject).get("commonName", "nobody")


# --- who is talked to

def id_token(lifetime, who):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    return f"{part({'alg': 'none'})}.{part({'sub': who, 'exp': int(time.time()) + lifetime})}.c2ln"


def bearer_in(header):
    """Basic and plain tokens as they are, id-tokens by whom they name: their times differ."""
    parts = (header or "").removeprefix("Bearer ").split(".")
    if len(parts) != 3:
        return header
    return json.loads(base64.urlsafe_b64decode(parts[1] + "=="))["sub"]


class Speaker(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, code, value):
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Api(Speaker):
    def do_GET(self):
        note("api", bearer_in(self.headers.get("Authorization")), client_of(self.connection))
        self.say(200, {"major": "1", "minor": "36", "gitVersion": "v1.36.3"})

    do_POST = do_GET


class Issuer(Speaker):
    answer = None     # (status, body) of the token endpoint instead of tokens
    wants_form = False

    def do_GET(self):
        note("issuer", "GET", self.path)
        self.say(200, {"token_endpoint": f"https://127.0.0.1:{self.server.server_port}/token?realm=one"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        login = (self.headers.get("Authorization") or "").removeprefix("Basic ")
        login = urllib.parse.unquote_plus(base64.b64decode(login).decode())
        form = tuple(sorted(urllib.parse.parse_qsl(body)))
        note("issuer", "POST", self.path, self.headers.get("Content-Type"), login, form)
        if Issuer.answer:
            return self.say(*Issuer.answer)
        if Issuer.wants_form and login:
            return self.say(401, {"error": "invalid_client"})
        return self.say(200, {"access_token": "a", "token_type": "Bearer", "id_token": id_token(3600, "renewed"), "refresh_token": "r2"})


def serve(handler, context):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # who does not trust the certificate hangs up
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


class Proxy(threading.Thread):
    """A proxy that is spoken to over TLS."""

    def __init__(self, certificate_name, login=None):
        super().__init__(daemon=True)
        self.login = login
        self.context = served_with(certificate_name, asks=True)
        self.context.sni_callback = lambda _socket, name, _context: note("proxy", "called", name)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            near, _ = self.listener.accept()
            threading.Thread(target=self.pass_on, args=(near,), daemon=True).start()

    def pass_on(self, plain):
        try:
            near = self.context.wrap_socket(plain, server_side=True)
            while True:
                head = b""
                while b"\r\n\r\n" not in head:
                    got = near.recv(4096)
                    if not got:
                        return
                    head += got
                lines = head.decode().split("\r\n")
                logins = [line.split(" ")[-1] for line in lines if line.lower().startswith("proxy-authorization:")]
                if not self.login or self.login in logins:
                    break
                near.sendall(b'HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n')
            target = lines[0].split(" ")[1]
            note("proxy", lines[0].rsplit(" ", 1)[0], tuple(logins), client_of(near))
            host, port = target.rsplit(":", 1)
            far = socket.create_connection((host, int(port)))
            near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=copy, args=(far, near), daemon=True).start()
            copy(near, far)
        except (OSError, ssl.SSLError):
            plain.close()


def copy(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except (OSError, ssl.SSLError):
        pass


# --- kubeconfigs

def encoded(name):
    with open(f"{work}/{name}", "rb") as file:
        return base64.b64encode(file.read()).decode()


def kubeconfig(cluster, user):
    merged = {"server": f"https://127.0.0.1:{api}", "certificate-authority-data": encoded("ca.crt"), **cluster}
    path = work + "/config"
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "x",
                   "clusters": [{"name": "c", "cluster": {key: value for key, value in merged.items() if value}}],
                   "users": [{"name": "u", "user": user}], "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}]}, file)
    return path


def oidc(**fields):
    config = {"idp-issuer-url": f"https://127.0.0.1:{issuer}/realm/", "client-id": "tiphys", "client-secret": "s h/h",
              "idp-certificate-authority-data": encoded("ca.crt")}
    config |= {name.replace("_", "-"): value for name, value in fields.items()}
    return {"auth-provider": {"name": "oidc", "config": config}}


def cases():
    client = {"client-certificate-data": encoded("client.crt"), "client-key-data": encoded("client.key")}

    def by(proxy, who=""):
        return {"proxy-url": f"https://{who}127.0.0.1:{proxy.port}"}
    yield "a proxy", by(here), client, {}
    yield "a proxy that asks who one is", by(asking, "me:pass@"), client, {}
    yield "a proxy of another name", by(elsewhere), client, {}
    yield "tls-server-name is the proxy's", by(elsewhere) | {"tls-server-name": "proxy.example.test"}, client, {}
    yield "tls-server-name is of both", by(here) | {"tls-server-name": "api.example.test"}, client, {}
    yield "nothing is verified", by(elsewhere) | {"insecure-skip-tls-verify": True, "certificate-authority-data": ""}, client, {}
    yield "a proxy that is not there", {"proxy-url": "https://127.0.0.1:1"}, client, {}
    yield "an id-token that is good", {}, oidc(id_token=id_token(3600, "mine"), refresh_token="r1"), {}
    yield "one that has expired", {}, oidc(id_token=id_token(-5, "mine"), refresh_token="r/1"), {}
    yield "one that expires in five seconds", {}, oidc(id_token=id_token(5, "mine"), refresh_token="r1"), {}
    yield "an issuer that wants the form", {}, oidc(refresh_token="r1"), {"wants_form": True}
    yield "no secret", {}, oidc(refresh_token="r1", client_secret=""), {"wants_form": True}
    yield "no refresh token", {}, oidc(id_token=id_token(-5, "mine")), {}
    yield "a refusal", {}, oidc(refresh_token="r1"), {"answer": (400, {"error": "invalid_grant"})}
    yield "a refusal with status 200", {}, oidc(refresh_token="r1"), {"answer": (200, {"error": "login_required"})}
    yield "an answer without id-token", {}, oidc(refresh_token="r1"), {"answer": (200, {"access_token": "a"})}
    yield "a token that is none", {}, oidc(id_token="broken", refresh_token="r1"), {}
    yield "an issuer nobody vouches for", {}, oidc(refresh_token="r1", idp_certificate_authority_data=""), {}
    yield "a client certificate too", {}, oidc(refresh_token="r1") | client, {}
    yield "a token too", {}, oidc(refresh_token="r1") | {"token": "own"}, {}
    yield "an issuer without address", {}, oidc(refresh_token="r1", idp_issuer_url=""), {}
    yield "a provider of old", {}, {"auth-provider": {"name": "gcp"}, "token": "own"}, {}


def told(command, config):
    notes.clear()
    environment = {"PATH": os.environ["PATH"], "HOME": work, "KUBECONFIG": config}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return sorted(notes, key=lambda pair: pair[0]), (done.stdout + done.stderr).strip()


def main():
    tools = subprocess.run([root + "/dev", "oracles", "--path", "kubernetes"], capture_output=True, text=True, check=False)
    if tools.returncode != 0:
        print("skipped: kubectl is not built (./dev oracles kubernetes)")
        return 77
    programs = ([tools.stdout.strip() + "/kubectl", "get", "--raw", "/version"], [sys.argv[1], "cluster", "list"])
    failures = 0
    for name, cluster, user, played in cases():
        both = []
        for program in programs:
            Issuer.answer, Issuer.wants_form = played.get("answer"), played.get("wants_form", False)
            both.append(told(program, kubeconfig(cluster, user)))
        if both[0][0] == both[1][0]:
            print("ok     ", name)
            continue
        failures += 1
        print("FAILED ", name)
        for program, (heard, said) in zip(("kubectl", "tiphysctl"), both):
            print("   ", program, "said", said[:300])
            for pair in heard:
                print("       ", *pair)
    print(failures, "failed")
    return 1 if failures else 0


make_certificates()
api, issuer = serve(Api, served_with("server", asks=True)), serve(Issuer, served_with("server"))
here, elsewhere, asking = Proxy("server"), Proxy("elsewhere"), Proxy("server", "bWU6cGFzcw==")
try:
    code = main()
finally:
    subprocess.run(["rm", "-rf", work], check=False)
sys.exit(code)
