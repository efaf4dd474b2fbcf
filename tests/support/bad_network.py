#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad network between a program and an HTTPS server, for tests.

bad_network.py slow UPSTREAM_PORT --delay SECONDS --loss PART
    Bytes arrive later, and now and then much later, as on a long line that loses packets. TLS and HTTP/2 pass through.
    From SIGUSR1 on, connections that stand are forgotten: nothing passes, and nobody is told. New ones work.
bad_network.py faults UPSTREAM_PORT --pki DIRECTORY --rules FILE --log FILE
    Speaks HTTP/1.1 with the server's certificate and does to some requests what a line of FILE says (read anew for each
    request):  ACTION COUNT METHOD PATH_REGEX
      drop     the server gets the request, its answer is lost
      refuse   the connection closes before the request is sent on
      cut      the connection closes in the middle of the answer
      gone     410: the watch, or the rest of the list, is too old
      CODE     answered so, without asking the server; 429 and 503 with Retry-After: 1
    COUNT is how often, over the life of the line. What was done is a line in the log.

Prints the port it listens on; ends with the one who started it.
"""
import argparse
import asyncio
import json
import pathlib
import random
import re
import signal
import ssl
import sys

CHUNK = 16 * 1024
RETRANSMISSION = 0.6  # seconds until a lost packet is sent again, at the delays in question


# --- a long line that loses packets

class Memory:
    forgotten = 0


async def pump(reader, writer, delay, loss):
    """Order is kept: what comes after something late is late as well."""
    born = Memory.forgotten
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue()

    async def deliver():
        while (item := await queue.get()) is not None:
            due, data = item
            await asyncio.sleep(max(0.0, due - loop.time()))
            if born == Memory.forgotten:
                writer.write(data)
                await writer.drain()

    delivering = asyncio.create_task(deliver())
    last = 0.0
    try:
        while data := await reader.read(CHUNK):
            late = RETRANSMISSION if random.random() < loss else 0.0
            last = max(last, loop.time() + delay + late)
            await queue.put((last, data))
    except OSError:
        pass
    await queue.put(None)
    try:
        await delivering
    except OSError:
        pass
    if born == Memory.forgotten:
        writer.close()


def forget():
    Memory.forgotten += 1


async def slow(options, reader, writer):
    await asyncio.sleep(options.delay)  # the handshake's way
    other_reader, other_writer = await asyncio.open_connection("127.0.0.1", options.upstream)
    await asyncio.gather(pump(reader, other_writer, options.delay, options.loss),
                         pump(other_reader, writer, options.delay, options.loss))


# --- faults

class Rules:
    def __init__(self, file, log):
        self.file, self.log, self.used = file, log, {}

    def action(self, method, path):
        for line in self.file.read_text().splitlines():
            if not line.strip():
                continue
            action, count, wanted, pattern = line.split(None, 3)
            if self.used.get(line, 0) >= int(count) or wanted != method or not re.search(pattern, path):
                continue
            self.used[line] = self.used.get(line, 0) + 1
            with self.log.open("a") as log:
                log.write(f"{action} {method} {path}\n")
            return action
        return None


def status(code, reason, message):
    return json.dumps({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
                       "reason": reason, "code": code}).encode()


def answer(code, words, body):
    retry = b"Retry-After: 1\r\n" if code in (429, 503) else b""
    return (f"HTTP/1.1 {code} {words}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n".encode()
            + retry + b"\r\n" + body)


REASONS = {429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable", 504: "Timeout"}
GONE = status(410, "Expired", "too old resource version")


async def read_message(reader):
    """The head as bytes and its fields by lower-case name; nothing at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, OSError):
        return None, {}
    fields = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    return head, fields


async def body_parts(reader, fields, has_body):
    """The body as it stands on the wire, part by part."""
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        while True:
            size_line = await reader.readline()
            size = int(size_line.split(b";")[0] or b"0", 16)
            yield size_line + await reader.readexactly(size + 2)
            if size == 0:
                return
    elif b"content-length" in fields:
        left = int(fields[b"content-length"])
        while left > 0:
            part = await reader.readexactly(min(left, CHUNK))
            left -= len(part)
            yield part
    elif has_body:
        while part := await reader.read(CHUNK):
            yield part


async def pass_answer(reader, writer, action, method):
    """True if the connection can be used again."""
    head, fields = await read_message(reader)
    if head is None or action == "drop":
        return False
    writer.write(head)
    has_body = method != b"HEAD" and head.split()[1] not in (b"204", b"304")
    if not has_body:
        fields = {}
    async for part in body_parts(reader, fields, has_body):
        if action == "cut":
            writer.write(part[:max(1, len(part) // 2)])
            await writer.drain()
            return False
        writer.write(part)
        await writer.drain()
    await writer.drain()
    return has_body is False or b"content-length" in fields or b"transfer-encoding" in fields


async def faulty(options, upstream_tls, rules, reader, writer):
    other = None
    try:
        while True:
            head, fields = await read_message(reader)
            if head is None:
                return
            method, path = head.split(b" ", 2)[:2]
            action = rules.action(method.decode(), path.decode())
            request = head + b"".join([part async for part in body_parts(reader, fields, False)])
            if action == "refuse":
                return
            if action == "gone" and b"watch=" in path:
                event = json.dumps({"type": "ERROR", "object": json.loads(GONE)}).encode() + b"\n"
                writer.write(answer(200, "OK", event))
                await writer.drain()
                continue
            if action == "gone":
                writer.write(answer(410, "Gone", GONE))
                await writer.drain()
                continue
            if action is not None and action.isdigit():
                code = int(action)
                reason = REASONS.get(code, "Unknown")
                writer.write(answer(code, reason, status(code, reason, "the network's own words")))
                await writer.drain()
                continue
            if other is None:
                other = await asyncio.open_connection("127.0.0.1", options.upstream, ssl=upstream_tls)
            other[1].write(request)
            await other[1].drain()
            if not await pass_answer(other[0], writer, action, method):
                return
    except (OSError, asyncio.IncompleteReadError, ValueError):
        pass
    finally:
        writer.close()
        if other is not None:
            other[1].close()


# --- the program

async def serve(options):
    if options.mode == "slow":
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, forget)
        server = await asyncio.start_server(lambda r, w: slow(options, r, w), "127.0.0.1", 0)
    else:
        pki = options.pki
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(pki / "apiserver.crt", pki / "apiserver.key")
        upstream = ssl.create_default_context(cafile=pki / "ca.crt")
        upstream.check_hostname = False
        upstream.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        rules = Rules(options.rules, options.log)
        server = await asyncio.start_server(lambda r, w: faulty(options, upstream, rules, r, w), "127.0.0.1", 0, ssl=tls,
                                            limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["slow", "faults"])
    parser.add_argument("upstream", type=int)
    parser.add_argument("--delay", type=float, default=0.15, help="seconds one way")
    parser.add_argument("--loss", type=float, default=0.05, help="part of the pieces that come late")
    parser.add_argument("--pki", type=pathlib.Path)
    parser.add_argument("--rules", type=pathlib.Path)
    parser.add_argument("--log", type=pathlib.Path)
    options = parser.parse_args()
    random.seed(1)
    try:
        asyncio.run(serve(options))
    except KeyboardInterrupt:
        sys.exit(0)


main()
