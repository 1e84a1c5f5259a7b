#!/usr/bin/env python3
"""Runs a command that sends alerts over HTTP, and prints what arrived.

    http_receiver.py [--answers LIST] [--says TEXT] [--slow S] [--gone-after N] [--tls]
                     [--waits S] COMMAND…

URL in the command's words becomes the address of a server that answers one request after the other
with the statuses of LIST (503,429:1,200: the last one for all that follow; 429:1 asks to wait for a
second), and with TEXT. With --tls it asks for a certificate and has one; both are cert.pem, which is made in the
current folder with its key, key.pem. Prints a line per request: status, content type, user agent, the headers X-*, and of the
body, if it is JSON, its rule and the members; then `status N`, the command's own. With --waits S it
also says whether the command took at least so many seconds. What the command prints goes through.
"""

import argparse
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import time


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        options, requests = self.server.options, self.server.requests
        with self.server.lock:
            answers = options.answers.split(",")
            status, _, wait = answers[min(len(requests), len(answers) - 1)].partition(":")
            requests.append((int(status), self.path, dict(self.headers), body))
            gone = options.gone_after and len(requests) >= options.gone_after
        time.sleep(options.slow)
        self.send_response(int(status))
        self.send_header("Content-Length", str(len(options.says.encode())))
        if wait:
            self.send_header("Retry-After", wait)
        self.end_headers()
        self.wfile.write(options.says.encode())
        if gone:
            self.close_connection = True
            self.server.socket.close()

    def log_message(self, *_):
        pass


def serve(options):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.options, server.requests, server.lock = options, [], threading.Lock()
    server.handle_error = lambda *_: None  # the command may be gone before its answer
    return server


def with_tls(server):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("cert.pem", "key.pem")
    context.load_verify_locations("cert.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)


def run(server, loop):
    try:
        loop(poll_interval=0.05)
    except (OSError, ValueError):
        pass  # its socket was closed


def shown(request):
    status, path, headers, body = request
    own = [f"{name}={value}" for name, value in sorted(headers.items()) if name.startswith("X-")]
    words = [str(status), path, headers.get("Content-Type", "-"), headers.get("User-Agent", "-")]
    try:
        alert = json.loads(body)
        words += own + [alert["rule"] + ":", " ".join(alert)]
    except ValueError:
        words += own + [body.decode()]
    return " ".join(words)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", default="200")
    parser.add_argument("--says", default="")
    parser.add_argument("--slow", type=float, default=0)
    parser.add_argument("--gone-after", type=int, default=0)
    parser.add_argument("--waits", type=float, default=0)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    server = serve(options)
    if options.tls:
        with_tls(server)
    thread = threading.Thread(target=run, args=(server, server.serve_forever), daemon=True)
    thread.start()
    url = f"http{'s' * options.tls}://127.0.0.1:{server.server_port}/alerts"
    started = time.monotonic()
    status = subprocess.run([word.replace("URL", url) for word in options.command]).returncode
    took = time.monotonic() - started
    for request in server.requests:
        print(shown(request))
    print(f"status {status}")
    if options.waits:
        print("waited" if took >= options.waits else f"did not wait: {took} s")
    sys.stdout.flush()
    os._exit(0)  # answers may still be slept over


if __name__ == "__main__":
    main()
