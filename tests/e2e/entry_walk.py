#!/usr/bin/env python3
"""Getting in, end to end: an installation of nothing, a real OpenID Connect provider beside it, and a
browser with an authenticator in it. The mails are read in the outbox, as the backoffice shows them.

    entry_walk.py BUILD_FOLDER
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from demo_walk import EMAIL, Server

PROVIDER_SECONDS_MAX = 60
SECRET = "a secret with spaces & signs: +/%"


class Provider:
    """The npm package oidc-provider. Whoever signs in as NAME there is NAME@plaza.example."""

    def __init__(self, root, folder):
        self.root, self.file = root, pathlib.Path(folder) / "issuer"
        self.process = None

    def start(self, callback):
        self.process = subprocess.Popen(
            ["node", "oidc_provider.mjs", "serve", str(self.file), callback],
            cwd=self.root / "tests" / "witnesses", stdin=subprocess.PIPE)
        end = time.monotonic() + PROVIDER_SECONDS_MAX
        while not self.file.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the provider did not start")
            time.sleep(0.1)
        return self.file.read_text()

    def stop(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait(30)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = tempfile.mkdtemp(prefix="mobilytics_entry_")
    os.chmod(folder, 0o755)  # As root, the database runs as another user.
    provider = Provider(root, folder)

    def settings(url):
        return {"MOBILYTICS_HTTP_PUBLIC_URL": url,
                "MOBILYTICS_IDENTITY_OIDC_ISSUER":
                    provider.start(url + "/api/v1/session/oidc/callback"),
                "MOBILYTICS_IDENTITY_OIDC_CLIENT_ID": "rs256",
                "MOBILYTICS_IDENTITY_OIDC_CLIENT_SECRET": SECRET,
                "MOBILYTICS_IDENTITY_OIDC_NAME": "Plaza"}

    # Passkeys are of a domain, which an address of numbers is not.
    server = Server(str(build / "mobilytics"), folder, options=(), settings=settings,
                    host="localhost")
    try:
        environment = {**os.environ, "MOBILYTICS_URL": server.url, "MOBILYTICS_EMAIL": EMAIL,
                       "MOBILYTICS_PASSWORD": server.password()}
        code = subprocess.run(["npm", "run", "--silent", "e2e", "--", "real_entry"],
                              cwd=root / "web", env=environment).returncode
        if code:
            print(server.tail())
        server.stop()
        return code
    finally:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
        provider.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
