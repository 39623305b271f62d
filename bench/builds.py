"""The builds that `bench/run build` compares: the programs that build, the contexts, and the time that a client takes for itself."""

import contextlib
import json
import multiprocessing
import os
import random
import socket
import subprocess
import threading
import time

FILES = 20_000
STEPS = 10
STAGES = 8
# About a second of one core in busybox's shell, then half a second in which a core is free for others.
WORK = "i=0; while [ $i -lt {loops} ]; do i=$((i+1)); done; sleep 0.5"
LOOPS = 600_000
# buildah's own are more than a process without CAP_SYS_RESOURCE may give; and crun refuses hybrid cgroups, which some machines have.
LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"]


class Builder:
    """A program that builds, in the form that its users have."""

    def __init__(self, engine, name):
        self.engine, self.name = engine, name

    @property
    def environment(self):
        return os.environ

    def command(self, context, *options):
        raise NotImplementedError

    def load(self, path, name):
        self.engine.take(path, name, name)

    def build(self, context, *options):
        """Builds; returns the seconds that it took, and those of processor time that the client used."""
        began = time.monotonic()
        with subprocess.Popen(self.command(context, *options), env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        taken = time.monotonic() - began
        if process.returncode != 0:
            raise RuntimeError(f"{self.name}: {output[-3000:].decode(errors='replace')}")
        return taken, usage.ru_utime + usage.ru_stime

    def own(self, context, used):
        """Of a build's seconds those that the client spends on itself, given the processor time that it used."""
        raise NotImplementedError


class DockerClient(Builder):
    """The docker client, with or without buildx."""

    def __init__(self, engine, name, root, config, has_buildx):
        super().__init__(engine, name)
        self.root, self.config, self.has_buildx = root, config, has_buildx

    @property
    def environment(self):
        return {**os.environ, "DOCKER_HOST": "unix://" + self.engine.socket, "DOCKER_CONFIG": self.config, "DOCKER_BUILDKIT": "1" if self.has_buildx else "0"}

    def command(self, context, *options):
        return ["docker", "build", "-q", "--network", "none", "-t", "bench", *options, self.root + context]

    def own(self, context, used):
        if self.has_buildx:
            return used
        # Right after the build each time: what else the machine does is to meet both.
        with silent_server(os.path.join(self.config, "silent.sock")) as path:
            began = time.monotonic()
            subprocess.run(self.command(context), env={**self.environment, "DOCKER_HOST": "unix://" + path}, check=True, capture_output=True)
            return time.monotonic() - began


class Buildah(Builder):
    """buildah, which is its own engine: no client, nothing to take off."""

    def command(self, context, *options):
        return [*self.engine.prefix, *self.engine.buildah, "bud", "-q", "--layers", "--network", "none", "--runtime", "runc", *LIMITS, "-t", "bench", *options, context]

    def own(self, context, used):
        return 0.0


class Contexts:
    """The build contexts: at a path in the engines' root, and below `root` here."""

    def __init__(self, root, folder):
        self.root, self.folder, self.changes = root, folder, 0
        chance = random.Random(4)
        for number in range(FILES):
            self.write(self.source(number), chance.randbytes(chance.randrange(200, 4000)))
        self.write("files/Dockerfile", b"FROM busybox\nCOPY src /app/src\n")
        self.write("small/Dockerfile", b"FROM busybox\nCOPY Dockerfile /\nRUN true\n")
        steps = [f"RUN echo {number} >/file{number}" for number in range(STEPS)]
        self.write("steps/Dockerfile", "\n".join(["FROM busybox", *steps, ""]).encode())
        stages = [f"FROM busybox AS stage{number}\nRUN {WORK.format(loops=LOOPS)}; echo {number} >/made" for number in range(STAGES)]
        copies = [f"COPY --from=stage{number} /made /made{number}" for number in range(STAGES)]
        self.write("stages/Dockerfile", "\n".join([*stages, "FROM busybox", *copies, ""]).encode())

    @staticmethod
    def source(number):
        return f"files/src/{number % 200}/file{number}"

    def write(self, name, content):
        path = os.path.join(self.root + self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)

    def change(self):
        """Changes one file of the 20,000, as no build has seen it."""
        self.changes += 1
        self.write(self.source(FILES // 2), f"change {self.changes}\n".encode())

    def __getitem__(self, name):
        return os.path.join(self.folder, name)


@contextlib.contextmanager
def silent_server(path):
    """A server that takes a classic build's context and answers at once that the image is built."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(16)
        process = multiprocessing.get_context("fork").Process(target=serve, args=(listener,), daemon=True)
        process.start()
        try:
            yield path
        finally:
            process.terminate()
            process.join()


def serve(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def answer(connection):
    with connection, connection.makefile("rb", buffering=1 << 20) as stream:
        while request := stream.readline():
            headers = {}
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                headers[name.lower()] = value.strip()
            if headers.get(b"transfer-encoding") == b"chunked":
                while size := int(stream.readline(), 16):
                    stream.read(size + 2)
                stream.readline()
            else:
                stream.read(int(headers.get(b"content-length", b"0")))
            body = b"OK" if b"/_ping" in request else json.dumps({"stream": "sha256:0\n"}).encode() + b"\r\n"
            connection.sendall(b"HTTP/1.1 200 OK\r\nApi-Version: 1.48\r\nOSType: linux\r\nBuilder-Version: 1\r\nContent-Type: application/json\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(body) + (b"" if request.startswith(b"HEAD") else body))
