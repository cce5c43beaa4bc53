#!/usr/bin/env python3
"""The whole way, end to end: starts the server with the demo city in an empty folder, waits until its
first day is there, and has a real browser walk through it. With MOBILYTICS_SCREENSHOTS set to a folder,
pictures of every view are put there too.

    demo_walk.py BUILD_FOLDER
"""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

UP_SECONDS_MAX = 120
CITY_SECONDS_MAX = 300


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    def __init__(self, program, folder, options=("--demo",), settings=None, host="127.0.0.1"):
        self.folder = pathlib.Path(folder)
        http, https, mqtt = free_port(), free_port(), free_port()
        self.url = f"http://{host}:{http}"
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [program, "up", *options, "--data", str(self.folder / "data")], text=True,
            stdout=subprocess.PIPE, stderr=self.log, start_new_session=True,
            env={**{name: value for name, value in os.environ.items()
                    if not name.startswith("MOBILYTICS_")},
                 "MOBILYTICS_HTTP_PORT": str(http),
                 "MOBILYTICS_DEVICES_HTTPS_PORT": str(https),
                 "MOBILYTICS_DEVICES_MQTT_PORT": str(mqtt),
                 **(settings(self.url) if settings else {})})

    def password(self):
        """What it prints at its first start."""
        end = time.monotonic() + UP_SECONDS_MAX
        for line in self.process.stdout:
            if found := re.match(r"One-time password: (\S+)", line):
                return found.group(1)
            if time.monotonic() > end:
                break
        raise RuntimeError("the server did not start:\n" + self.tail())

    def tail(self):
        return "\n".join((self.folder / "log").read_text(errors="replace").splitlines()[-40:])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.log.close()
        if code != 0:
            raise RuntimeError(f"the server ended with {code}:\n" + self.tail())


def ask(url, token=None, body=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, headers=headers,
                                     data=json.dumps(body).encode() if body else None)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply, json.load(reply)


EMAIL, PASSWORD = "owner@localhost", "rivers run slowly in august"


def token_of(answer):
    return re.search(r"mobilytics_session=([^;]+)", answer[0].headers["Set-Cookie"]).group(1)


def wait_for_the_city(server, password):
    """Until every asset was heard lately, and the facts have come to the present."""
    token = token_of(ask(server.url + "/api/v1/session", body={"email": EMAIL, "password": password}))
    token = token_of(ask(server.url + "/api/v1/session/password", token,
                         {"current": password, "next": PASSWORD}))
    end = time.monotonic() + CITY_SECONDS_MAX
    while time.monotonic() < end:
        _, freshness = ask(server.url + "/api/v1/reports/freshness", token)
        items = freshness["items"]
        now = time.time()
        current = [item for item in items if "last_observation_at" in item and now -
                   time.mktime(time.strptime(item["last_observation_at"][:19], "%Y-%m-%dT%H:%M:%S"))
                   + time.timezone < 60]
        if items and len(current) == len(items):
            return
        time.sleep(2)
    print(f"the city had not caught up within {CITY_SECONDS_MAX} s: "
          f"{len(current)} of {len(items)} assets")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = tempfile.mkdtemp(prefix="mobilytics_e2e_")
    os.chmod(folder, 0o755)  # As root, the database runs as another user.
    server = Server(str(build / "mobilytics"), folder)
    try:
        password = server.password()
        wait_for_the_city(server, password)
        environment = {**os.environ, "MOBILYTICS_URL": server.url, "MOBILYTICS_EMAIL": EMAIL,
                       "MOBILYTICS_PASSWORD": PASSWORD,
                       "TZ": "UTC"}
        code = subprocess.run(["npm", "run", "--silent", "e2e", "--", "walk"],
                              cwd=root / "web", env=environment).returncode
        if os.environ.get("MOBILYTICS_SCREENSHOTS"):
            subprocess.run(["npm", "run", "--silent", "e2e", "--", "screenshots"], check=True,
                           cwd=root / "web", env=environment)
        if code:
            print(server.tail())
        server.stop()
        return code
    finally:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
