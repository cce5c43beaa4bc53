"""An SMTP server for mail_test.cpp, by Debian's aiosmtpd. Prints its port; then a line of JSON for each
mail that it took. What it says depends on the receiver: refused@ is refused for good, busy@ until the
third try, rejected@ after the content was sent.

    smtp_server_test.py [--tls CERT KEY] [--starttls CERT KEY] [--user NAME PASSWORD]
"""

import argparse
import asyncio
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

tries = {}


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        tries[address] = tries.get(address, 0) + 1
        if name == "refused":
            return "550 5.1.1 there is nobody of this name"
        if name == "busy" and tries[address] < 3:
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("rejected@"):
            return "554 5.6.0 we do not like what it says"
        print(json.dumps({
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
            "user": session.auth_data.decode() if session.authenticated else "",
            "content": envelope.content.decode("ascii")}), flush=True)
        return "250 OK queued"


def context(files):
    out = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    out.load_cert_chain(*files)
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--starttls", nargs=2)
    parser.add_argument("--user", nargs=2)
    args = parser.parse_args()

    def authenticate(server, session, envelope, mechanism, data):
        good = [data.login.decode(), data.password.decode()] == args.user
        return AuthResult(success=good, auth_data=data.login if good else None)

    def serve():
        options = {"hostname": "localhost", "timeout": 60}
        if args.starttls:
            options |= {"tls_context": context(args.starttls), "require_starttls": True}
        if args.user:
            options |= {"authenticator": authenticate, "auth_required": True,
                        "auth_require_tls": bool(args.starttls)}
        return SMTP(Handler(), **options)

    async def run():
        tls = context(args.tls) if args.tls else None
        server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0, ssl=tls)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()

    asyncio.run(run())


if __name__ == "__main__":
    main()
