"""Receivers of webhooks as there are many. Prints its port; then a line of JSON for each request:
{path, headers, body}. The path says how it answers:

    /ok  /slow (after 30 s)  /error  /gone  /busy (429, Retry-After: 600)  /redirect (to /ok)
    /huge (a body without end)  /flaky (500 twice, then 204)  /hangup
    /held (200, when a line has come on standard input)
"""

import http.server
import json
import sys
import threading
import time

told = threading.Lock()
tries = {}
released = threading.Event()


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with told:
            print(json.dumps({"path": self.path, "body": body.decode(),
                              "headers": {k.lower(): v for k, v in self.headers.items()}}), flush=True)
            count = tries[self.path] = tries.get(self.path, 0) + 1
        match self.path:
            case "/ok":
                self.answer(200, b"thank you")
            case "/slow":
                time.sleep(30)
                self.answer(200)
            case "/held":
                released.wait()
                self.answer(200)
            case "/error":
                self.answer(500, b"out of order")
            case "/gone":
                self.answer(410)
            case "/busy":
                self.answer(429, headers=[("Retry-After", "600")])
            case "/redirect":
                self.answer(302, headers=[("Location", "/ok")])
            case "/flaky":
                self.answer(500 if count < 3 else 204)
            case "/huge":
                self.send_response(200)
                self.end_headers()
                self.close_connection = True
                try:
                    while True:
                        self.wfile.write(b"x" * 65536)
                except OSError:
                    pass
            case _:
                self.close_connection = True


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    print(server.server_port, flush=True)
    threading.Thread(target=lambda: sys.stdin.readline() and released.set(), daemon=True).start()
    server.serve_forever()
