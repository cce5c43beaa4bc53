"""The product as a whole, for scenarios: a server in a folder of its own, its API, and what a scenario
found, counted."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request


def free_ports(count):
    listeners = [socket.socket() for _ in range(count)]
    for listener in listeners:
        listener.bind(("127.0.0.1", 0))
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def environment(**settings):
    """Ours without settings of the product, and with these."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("MOBILYTICS_")}
    return others | {f"MOBILYTICS_{name}": str(value) for name, value in settings.items()}


class Server:
    def __init__(self, build, folder):
        self.program, self.data = str(build / "mobilytics"), folder / "data"
        self.http, self.https, self.mqtt = free_ports(3)
        self.url = f"http://127.0.0.1:{self.http}"
        self.environment = environment(
            HTTP_PORT=self.http, DEVICES_HTTPS_PORT=self.https, DEVICES_MQTT_PORT=self.mqtt)
        self.log = open(folder / "server.log", "ab")
        self.out = folder / "server.out"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "up", "--data", str(self.data)], stdout=open(self.out, "ab"),
            stderr=self.log, env=self.environment, start_new_session=True)

    def wait_until_ready(self, seconds=120):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if urllib.request.urlopen(self.url + "/readyz", timeout=5).status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() == 1:  # Its children had not yet let go of the folder.
                self.start()
            elif self.process.poll() is not None:
                break
            time.sleep(0.5)
        tail = pathlib.Path(self.log.name).read_text(errors="replace").splitlines()[-10:]
        raise RuntimeError("the server was not ready in time\n" + "\n".join(tail))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.start()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            raise RuntimeError("the server did not stop cleanly")

    def child(self, name):
        """The process of a service of ours; none while there is none."""
        for stat in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                command = (stat / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if command[0].endswith(name.encode()) and any(str(self.data).encode() in word
                                                          for word in command[1:]):
                return int(stat.name)
        return None

    def verify(self):
        done = subprocess.run([self.program, "verify", "--data", str(self.data)],
                              capture_output=True, text=True, env=self.environment)
        return done.returncode, done.stdout or done.stderr[-2000:]

    def psql_words(self):
        sockets = list((self.data / "postgres").rglob(".s.PGSQL.*[0-9]"))
        folder = str(sockets[0].parent) if sockets else str(self.data / "postgres")
        return ["psql", "-h", folder, "-U", "postgres", "-d", "postgres", "-qtA"]

    def sql(self, statement):
        return subprocess.run([*self.psql_words(), "-c", statement],
                              capture_output=True, text=True, check=True).stdout.strip()

    def psql(self):
        """A conversation with the database, for who keeps a transaction open."""
        return subprocess.Popen([*self.psql_words(), "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def metric(self, name, **labels):
        """A counter or gauge of /metrics; 0 while it was never counted."""
        wanted = name + ("{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}" if labels else "")
        text = urllib.request.urlopen(self.url + "/metrics", timeout=30).read().decode()
        for line in text.splitlines():
            if line.startswith(wanted + " "):
                return int(float(line.rsplit(" ", 1)[1]))
        return 0


PASSWORD = "rivers run slowly in august"


class Api:
    def __init__(self, server, first=True):
        """`first`: nobody has signed in yet, in the data that the server has."""
        self.url = server.url
        self.token = None
        if not first:
            self.sign_in(self.ask("session", {"email": "owner@localhost", "password": PASSWORD}))
            return
        password = re.search(r"One-time password: (\S+)", server.out.read_text()).group(1)
        self.sign_in(self.ask("session", {"email": "owner@localhost", "password": password}))
        # The printed one opens once only.
        self.sign_in(self.ask("session/password", {"current": password, "next": PASSWORD}))

    def sign_in(self, reply):
        self.token = re.search(r"mobilytics_session=([^;]+)", reply[0]["Set-Cookie"]).group(1)

    def ask(self, path, body=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", headers=headers,
                                         data=json.dumps(body).encode() if body else None)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.headers, json.load(reply)


class Findings:
    """What was expected and what was found, one line each."""

    def __init__(self):
        self.passed, self.failures = 0, []

    def expect(self, what, found, wanted):
        self.hold(what, found == wanted, found, wanted)

    def at_least(self, what, found, least):
        self.hold(what, found >= least, found, f"at least {least}")

    def below(self, what, found, bound):
        self.hold(what, found < bound, found, f"less than {bound}")

    def hold(self, what, true, found, wanted):
        if true:
            self.passed += 1
            print(f"ok {what}: {found}", flush=True)
        else:
            self.failures.append(what)
            print(f"FAILED {what}: {found}, expected {wanted}", flush=True)

    def close(self):
        for failure in self.failures:
            print(f"failed: {failure}")
        print(f"{self.passed} passed, {len(self.failures)} failed")
        return 1 if self.failures else 0
