"""Writes images as docker-archives and as OCI layouts.

  archives.py LAYERS OUT ARCHITECTURE   layers are read from LAYERS, archives written to OUT; ARCHITECTURE is dpkg's
"""

import gzip
import hashlib
import io
import json
import lzma
import os
import subprocess
import sys
import tarfile
import time

EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])
CREATED = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH))
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ARCHITECTURES = {"amd64": "amd64", "arm64": "arm64", "armhf": "arm", "i386": "386", "ppc64el": "ppc64le"}

# name: reference, config, history (text, whether it made a layer), layers, archives as (form, compression)
IMAGES = {
    "busybox": dict(
        reference="busybox:latest",
        config={"Env": [PATH], "Cmd": ["sh"]},
        history=[("busybox-static", True), ('CMD ["sh"]', False)],
        layers=["busybox.tar"],
        archives=[("docker", "plain"), ("docker", "gzip"), ("docker", "zstd"), ("docker", "xz"),
                  ("oci", "plain"), ("oci", "gzip"), ("oci", "zstd")]),
    "debian": dict(
        reference="debian:12",
        config={"Env": [PATH], "Cmd": ["bash"]},
        history=[("debian bookworm, minbase", True), ('CMD ["bash"]', False)],
        layers=["debian.tar"],
        archives=[("docker", "plain"), ("docker", "gzip"), ("oci", "gzip")]),
    "mysql": dict(
        reference="mysql:latest",
        config={"Env": [PATH], "Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["mariadbd"],
                "ExposedPorts": {"3306/tcp": {}}, "Volumes": {"/var/lib/mysql": {}}},
        history=[("debian bookworm, minbase", True), ('CMD ["bash"]', False), ("mariadb-server", True),
                 ("docker-entrypoint.sh", True), ("VOLUME [/var/lib/mysql]", False),
                 ('ENTRYPOINT ["docker-entrypoint.sh"]', False), ("EXPOSE 3306/tcp", False), ('CMD ["mariadbd"]', False)],
        layers=["debian.tar", "mysql-packages.tar", "mysql-image.tar"],
        archives=[("docker", "plain"), ("docker", "gzip"), ("oci", "gzip")]),
}

MEDIA = {"plain": "", "gzip": "+gzip", "zstd": "+zstd"}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def compact(document):
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def compress(content, how):
    if how == "gzip":
        return gzip.compress(content, 6, mtime=0)
    if how == "zstd":
        return subprocess.run(["zstd", "-q", "-3", "-c"], input=content, check=True, stdout=subprocess.PIPE).stdout
    return lzma.compress(content, preset=3) if how == "xz" else content


class Archive:
    """A tar of files in the order in which they are added."""

    def __init__(self, path):
        self.tar = tarfile.open(path, "w", format=tarfile.USTAR_FORMAT)
        self.folders = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tar.close()

    def add(self, name, content):
        folder = ""
        for part in name.split("/")[:-1]:
            folder += part
            self.put(folder, None)
            folder += "/"
        self.put(name, content)

    def put(self, name, content):
        if content is None and name in self.folders:
            return
        info = tarfile.TarInfo(name)
        info.mtime = EPOCH
        if content is None:
            self.folders.add(name)
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            self.tar.addfile(info)
        else:
            info.size = len(content)
            self.tar.addfile(info, io.BytesIO(content))


def write_docker(path, image, config, layers):
    config_name = hashlib.sha256(config).hexdigest() + ".json"
    names = [hashlib.sha256(compact([image["reference"], place])).hexdigest() + "/layer.tar" for place in range(len(layers))]
    repository, tag = image["reference"].split(":")
    with Archive(path) as archive:
        archive.add(config_name, config)
        for name, layer in zip(names, layers):
            archive.add(name, layer)
        archive.add("manifest.json", compact([{"Config": config_name, "RepoTags": [image["reference"]], "Layers": names}]))
        archive.add("repositories", compact({repository: {tag: names[-1].split("/")[0]}}))


def write_oci(path, image, config, layers, how, architecture):
    def descriptor(media, content, **more):
        return {"mediaType": media, "digest": digest(content), "size": len(content), **more}

    manifest = compact({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("application/vnd.oci.image.config.v1+json", config),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar" + MEDIA[how], layer) for layer in layers]})
    tag = image["reference"].split(":")[1]
    index = compact({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [descriptor(
            "application/vnd.oci.image.manifest.v1+json", manifest,
            platform={"architecture": architecture, "os": "linux"},
            annotations={"io.containerd.image.name": "docker.io/library/" + image["reference"],
                         "org.opencontainers.image.ref.name": tag})]})
    with Archive(path) as archive:
        archive.add("oci-layout", compact({"imageLayoutVersion": "1.0.0"}))
        archive.add("index.json", index)
        for content in (manifest, config, *layers):
            archive.add("blobs/" + digest(content).replace(":", "/"), content)


def main(source, target, machine):
    architecture = ARCHITECTURES.get(machine, machine)
    packed = {}   # (layer's file, compression): content; debian's layer is packed once for debian and mysql
    for name, image in IMAGES.items():
        for layer in image["layers"]:
            packed.setdefault((layer, "plain"), read(os.path.join(source, layer)))
        config = compact({
            "architecture": architecture, "os": "linux", "created": CREATED, "config": image["config"],
            "rootfs": {"type": "layers", "diff_ids": [digest(packed[layer, "plain"]) for layer in image["layers"]]},
            "history": [{"created": CREATED, "created_by": text, **({} if made else {"empty_layer": True})}
                        for text, made in image["history"]]})
        for form, how in image["archives"]:
            for layer in image["layers"]:
                if (layer, how) not in packed:
                    packed[layer, how] = compress(packed[layer, "plain"], how)
            layers = [packed[layer, how] for layer in image["layers"]]
            usual = "plain" if form == "docker" else "gzip"
            path = os.path.join(target, f"{name}.{form}{'' if how == usual else '-' + how}.tar")
            if form == "docker":
                write_docker(path, image, config, layers)
            else:
                write_oci(path, image, config, layers, how, architecture)


if __name__ == "__main__":
    main(*sys.argv[1:])
