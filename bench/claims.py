"""Claims through the Kubernetes API, from applied to Bound: a client of its own, for kubectl's start-up and its limit of calls a second would be all that is seen."""

import base64
import http.client
import json
import os
import re
import ssl
import statistics
import tempfile
import threading
import time
import urllib.parse

WRITERS = 8
PATIENCE = 120.0
CLASS = "/apis/storage.k8s.io/v1/storageclasses"
VOLUMES = "/api/v1/persistentvolumes"
CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims"


class Cluster:
    """An API server, as its kubeconfig names it."""

    def __init__(self, kubeconfig):
        with open(kubeconfig, encoding="utf-8") as file:
            text = file.read()

        def field(name):
            return re.search(rf"{name}: *(\S+)", text)[1]

        self.address = urllib.parse.urlparse(field("server")).netloc
        self.tls = ssl.create_default_context(cadata=base64.b64decode(field("certificate-authority-data")).decode())
        with tempfile.NamedTemporaryFile() as pair:
            pair.write(base64.b64decode(field("client-certificate-data")) + b"\n" + base64.b64decode(field("client-key-data")))
            pair.flush()
            self.tls.load_cert_chain(pair.name)

    def connect(self):
        return http.client.HTTPSConnection(self.address, context=self.tls, timeout=PATIENCE)


def call(connection, method, path, document=None):
    """One call; the answer's bytes."""
    connection.request(method, path, None if document is None else json.dumps(document), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status >= 300 and not (method == "DELETE" and answer.status == 404):
        raise RuntimeError(f"{method} {path}: {answer.status} {body[:300]}")
    return body


def volume(number):
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"bench{number}"},
            "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": "bench-static", "hostPath": {"path": f"/tmp/bench{number}"}}}


def claim(number, of):
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": f"bench{number}"},
            "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": of, "resources": {"requests": {"storage": "1Gi"}}}}


def in_parallel(cluster, count, work):
    """Does a piece of work for each number, on several connections."""
    failures = []

    def some(first):
        connection = cluster.connect()
        try:
            for number in range(first, count, WRITERS):
                work(connection, number)
        except Exception as failure:  # Told below, in the thread that waits.
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=some, args=(first,)) for first in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def bound_after(cluster, count, of):
    """Seconds from the first claim's call to the last one's being Bound, and those of each claim from its own call."""
    begun, ended, ready, done = {}, {}, threading.Event(), threading.Event()

    def watch():
        connection = cluster.connect()
        connection.request("GET", CLAIMS + "?watch=true")
        answer = connection.getresponse()
        ready.set()
        while len(ended) < count:
            line = answer.readline()
            if b'"phase":"Bound"' in line:
                name = json.loads(line)["object"]["metadata"]["name"]
                if name.startswith("bench"):
                    ended.setdefault(name, time.monotonic())
        connection.close()
        done.set()

    def apply(connection, number):
        document = claim(number, of)
        begun[document["metadata"]["name"]] = time.monotonic()
        call(connection, "POST", CLAIMS, document)

    threading.Thread(target=watch, daemon=True).start()
    ready.wait(PATIENCE)
    in_parallel(cluster, count, apply)
    if not done.wait(PATIENCE):
        raise RuntimeError(f"{len(ended)} of {count} claims are bound")
    return max(ended.values()) - min(begun.values()), [ended[name] - begun[name] for name in begun]


def wait_gone(cluster, path):
    connection = cluster.connect()
    deadline = time.monotonic() + PATIENCE
    while json.loads(call(connection, "GET", path))["items"]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{path} does not become empty")
        time.sleep(0.05)
    connection.close()


def static(cluster, count):
    """Claims a second, and the 99th percentile of a claim's wait in seconds, where the volumes are there."""
    in_parallel(cluster, count, lambda connection, number: call(connection, "POST", VOLUMES, volume(number)))
    taken, waits = bound_after(cluster, count, "bench-static")
    in_parallel(cluster, count, lambda connection, number: call(connection, "DELETE", f"{CLAIMS}/bench{number}"))
    wait_gone(cluster, CLAIMS)
    in_parallel(cluster, count, lambda connection, number: call(connection, "DELETE", f"{VOLUMES}/bench{number}"))
    wait_gone(cluster, VOLUMES)
    return count / taken, statistics.quantiles(waits, n=100)[98]


def dynamic(cluster, count, parameters=None):
    """Claims a second, and the 99th percentile of a claim's wait in seconds, where strake.csi makes the volumes."""
    connection = cluster.connect()
    call(connection, "POST", CLASS, {"metadata": {"name": "bench-dynamic"}, "provisioner": "strake.csi", "parameters": parameters or {}, "reclaimPolicy": "Delete"})
    taken, waits = bound_after(cluster, count, "bench-dynamic")
    in_parallel(cluster, count, lambda connection, number: call(connection, "DELETE", f"{CLAIMS}/bench{number}"))
    wait_gone(cluster, CLAIMS)
    wait_gone(cluster, VOLUMES)
    call(connection, "DELETE", f"{CLASS}/bench-dynamic")
    return count / taken, statistics.quantiles(waits, n=100)[98]


def listing(cluster, count, repeats=5):
    """Milliseconds for a list of many claims that wait, and its bytes; they stay."""
    in_parallel(cluster, count, lambda connection, number: call(connection, "POST", CLAIMS, claim(number, "bench-nobody")))
    connection = cluster.connect()
    taken, size = [], 0
    for _ in range(repeats):
        begun = time.monotonic()
        size = len(call(connection, "GET", CLAIMS))
        taken.append(1000 * (time.monotonic() - begun))
    return statistics.median(taken), size


def resident(pid):
    """Resident memory of a process in MB."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
