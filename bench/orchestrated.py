"""What `bench/run csi` measures: our driver under an orchestrator's calls, and what we cost as the orchestrator of another's driver."""

import contextlib
import os
import statistics
import subprocess
import time

DEADLINE = 60.0
KINDS = ("created", "published", "unpublished", "deleted", "all four")
# What a driver of the tests is called with for one `docker run`, and writes down its own time of.
CALLS = 6
DRIVER = "folders.csi.example"


def made(checkout):
    """Builds the orchestrator: its command line."""
    here = os.path.join(checkout, "bench/csi")
    subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q", "-nologo", here], check=True, stdout=subprocess.DEVNULL)
    return ["dotnet", os.path.join(here, "bin/Release/net10.0/Strake.Bench.Csi.dll")]


@contextlib.contextmanager
def process(command, socket, environment=None):
    """A program that listens at a socket, until this is left."""
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
    try:
        deadline = time.monotonic() + DEADLINE
        while not os.path.exists(socket):
            if running.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} does not listen at {socket}")
            time.sleep(0.01)
        yield running
    finally:
        running.terminate()
        running.wait(DEADLINE)


def served(orchestrator, program, root, count, in_flight, parameters):
    """Calls a second of each kind, and the most memory in MB, of a driver of its own on a folder."""
    socket, places = os.path.join(root, "csi.sock"), os.path.join(root, "places")
    os.makedirs(places)
    with process([program, "csi", "--endpoint", "unix://" + socket, "--data-root", os.path.join(root, "data"), "--node-id", "bench"], socket) as driver:
        said = subprocess.run([*orchestrator, socket, places, str(count), str(in_flight), *parameters], check=True, stdout=subprocess.PIPE, text=True, timeout=10 * DEADLINE).stdout
        with open(f"/proc/{driver.pid}/status", encoding="utf-8") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1000
    return dict(zip(KINDS, map(float, said.split()))), peak


def driver_of_tests(checkout, root):
    """The CSI driver that the tests have, in another language; context manager."""
    cache = os.path.join(os.environ.get("STRAKE_CACHE") or "/var/cache/strake", "grpc-js", "node_modules")
    storage = os.path.join(root, "storage")
    os.makedirs(storage)
    source = os.path.join(checkout, "tests/Strake.EndToEnd.Tests/Csi/driver/driver.js")
    command = ["node", source, "--endpoint", os.path.join(root, "csi.sock"), "--folder", storage, "--protos", os.path.join(checkout, "src/Strake.Csi/Protos")]
    return process(command, os.path.join(root, "csi.sock"), {"NODE_PATH": cache})


def shares(engine, root, times, warm=10):
    """Milliseconds: a `docker run` on a volume of the driver, on a local one, the driver's own part, and what is left for the engine; medians, alternating."""
    engine.docker("volume", "create", "-d", DRIVER, "far")
    engine.docker("volume", "create", "near")

    def run(volume):
        began = time.monotonic()
        engine.docker("run", "--rm", "--network", "none", "-v", f"{volume}:/data", "busybox", "true")
        return 1000 * (time.monotonic() - began)

    pairs = [(run("far"), run("near")) for _ in range(warm + times)][warm:]
    with open(os.path.join(root, "storage", "times"), encoding="utf-8") as file:
        own = [int(line.split()[1]) / 1000 for line in file][-CALLS * times:]
    far, near = (statistics.median(one) for one in zip(*pairs))
    driver = statistics.median(sum(own[at:at + CALLS]) for at in range(0, len(own), CALLS))
    return far, near, driver, far - near - driver
