"""The calls that `bench/run grpc` compares: Strake.Grpc and grpc-go, each with its own client and server, over a unix socket."""

import contextlib
import os
import statistics
import subprocess
import time

SECONDS = 4          # measured, after half as many of warm-up
IN_FLIGHT = (1, 16)
DEADLINE = 60.0


def made(checkout):
    """Builds both programs: name and command line of each."""
    here = os.path.join(checkout, "bench/grpc")
    subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q", "-nologo", here], check=True, stdout=subprocess.DEVNULL)
    peer = subprocess.run([os.path.join(here, "peer/make")], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return {"strake": ["dotnet", os.path.join(here, "bin/Release/net10.0/Strake.Bench.Grpc.dll")], "grpc-go": [peer]}


@contextlib.contextmanager
def serving(command, socket):
    server = subprocess.Popen([*command, "serve", socket], stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + DEADLINE
        while not os.path.exists(socket):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[-1]} does not listen")
            time.sleep(0.01)
        yield
    finally:
        server.kill()
        server.wait()


def rates(programs, work, rounds):
    """Medians of calls a second, by client, server and calls in flight; each round has a new server."""
    taken = {}
    for _ in range(rounds):
        for in_flight in IN_FLIGHT:
            for client in programs:
                for server in programs:
                    socket = os.path.join(work, "calls.sock")
                    with serving(programs[server], socket):
                        rate = subprocess.run([*programs[client], "call", socket, str(in_flight), str(SECONDS)], check=True, stdout=subprocess.PIPE, text=True, timeout=DEADLINE).stdout
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(socket)
                    taken.setdefault((client, server, in_flight), []).append(float(rate))
    return {key: statistics.median(values) for key, values in taken.items()}
