"""The network between sensors and server, in a scenario's hand: each sensor has a line of its own, a
relay for its two ports, that can be cut, be half open (what is sent is swallowed, and nobody is told), or
be reset (what is connected is gone at once, the next connection is let through)."""

import asyncio
import json
import socket
import struct
import threading

CHUNK = 64 << 10


class Line:
    """Ways of one sensor to the server's ports. Its methods are for any thread."""

    def __init__(self, network, targets):
        self.network, self.mode = network, "open"
        self.connected = set()  # Writers of both sides.
        self.swallowed = 0
        self.ports = {}
        for target in targets:
            serving = asyncio.start_server(
                lambda reader, writer, to=target: self.relay(reader, writer, to), "127.0.0.1", 0)
            server = network.call(serving)
            self.ports[target] = server.sockets[0].getsockname()[1]

    def cut(self):
        self.become("cut")

    def half_open(self):
        self.network.run(lambda: setattr(self, "mode", "half_open"))

    def reset(self):
        self.become("open")

    def open(self):
        """What a half-open line had swallowed is missing in its connections: they are of no use."""
        if self.mode != "open":
            self.become("open")

    def become(self, mode):
        def change():
            self.mode = mode
            for writer in list(self.connected):
                # To reach the other side as a reset, not as a polite end.
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
        self.network.run(change)

    def lead(self, state):
        """Makes an enrolled sensor go over this line."""
        file = state / "identity.json"
        identity = json.loads(file.read_text())
        for name in ("mqtt_url", "https_url"):
            host, _, port = identity[name].rpartition(":")
            identity[name] = f"{host}:{self.ports[int(port)]}"
        file.write_text(json.dumps(identity))

    async def relay(self, reader, writer, target):
        if self.mode == "cut":
            writer.transport.abort()
            return
        self.connected.add(writer)
        onward, ways = None, []
        try:
            there, onward = await asyncio.open_connection("127.0.0.1", target)
            self.connected.add(onward)
            ways = [asyncio.create_task(self.carry(reader, onward)),
                    asyncio.create_task(self.carry(there, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass  # The server is away: so is the line.
        finally:
            for way in ways:
                way.cancel()
            for one in (writer, onward):
                if one is not None:
                    self.connected.discard(one)
                    one.close()

    async def carry(self, reader, writer):
        try:
            while data := await reader.read(CHUNK):
                if self.mode == "half_open":
                    self.swallowed += len(data)
                    continue
                writer.write(data)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass


class Network:
    """A thread that relays for all lines."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def line(self, *targets):
        return Line(self, targets)

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def run(self, change):
        async def changed():
            change()
        self.call(changed())
