"""Writes layers as tars: sorted, owned and dated as told, so that the same input gives the same bytes.

  layers.py busybox BINARY OUT         one layer with busybox, a link for each applet, and a small /etc
  layers.py difference BELOW ABOVE OUT what turns the root file system BELOW into ABOVE, with OCI whiteouts
  layers.py mysql FOLDER OUT           the last layer of the mysql image
"""

import copy
import hashlib
import io
import os
import subprocess
import sys
import tarfile

EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])


def entry(name, kind=tarfile.REGTYPE, mode=0o644, uid=0, gid=0, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.uid, info.gid, info.linkname, info.mtime = kind, mode, uid, gid, link, EPOCH
    return info


def directory(name, mode=0o755, uid=0, gid=0):
    return entry(name, tarfile.DIRTYPE, mode, uid, gid)


def add(out, info, content=b""):
    info.size = len(content)
    out.addfile(info, io.BytesIO(content))


def busybox(binary, target):
    applets = subprocess.run([binary, "--list"], check=True, capture_output=True, text=True).stdout.split()
    with open(binary, "rb") as file:
        program = file.read()
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as out:
        add(out, directory("bin"))
        add(out, entry("bin/busybox", mode=0o755), program)
        for applet in sorted(set(applets) - {"busybox"}):
            add(out, entry("bin/" + applet, tarfile.LNKTYPE, 0o755, link="bin/busybox"))
        for name in ("dev", "etc", "home", "proc", "sys", "usr", "usr/bin", "var"):
            add(out, directory(name))
        add(out, directory("root", 0o700))
        add(out, directory("tmp", 0o1777))
        add(out, entry("usr/bin/env", tarfile.SYMTYPE, 0o777, link="../../bin/env"))
        add(out, entry("etc/passwd"), b"root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
            b"www-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n")
        add(out, entry("etc/group"), b"root:x:0:\ndaemon:x:1:\nmail:x:8:www-data\nwww-data:x:33:\nnogroup:x:65534:\n")
        add(out, entry("etc/shadow", mode=0o640), b"root:*:::::::\n")


def mysql(folder, target):
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as out:
        add(out, directory("etc"))
        add(out, directory("etc/mysql"))
        add(out, directory("etc/mysql/mariadb.conf.d"))
        with open(os.path.join(folder, "container.cnf"), "rb") as file:
            add(out, entry("etc/mysql/mariadb.conf.d/99-container.cnf"), file.read())
        # Nothing in a container reads the service's start scripts and documentation: a whiteout and an opaque directory.
        add(out, directory("etc/init.d"))
        add(out, entry("etc/init.d/.wh.mariadb"))
        add(out, directory("usr"))
        add(out, directory("usr/local"))
        add(out, directory("usr/local/bin"))
        with open(os.path.join(folder, "docker-entrypoint.sh"), "rb") as file:
            add(out, entry("usr/local/bin/docker-entrypoint.sh", mode=0o755), file.read())
        add(out, directory("usr/share"))
        add(out, directory("usr/share/doc"))
        add(out, directory("usr/share/doc/mariadb-server"))
        add(out, entry("usr/share/doc/mariadb-server/.wh..wh..opq"))


def name_of(info):
    return info.name.removeprefix("./").rstrip("/") or "."


def fingerprint(tar, info):
    """Everything that a layer keeps of an entry; the content as its digest."""
    content = hashlib.file_digest(tar.extractfile(info), "sha256").hexdigest() if info.isreg() else ""
    extended = tuple(sorted((k, v) for k, v in info.pax_headers.items() if k.startswith("SCHILY.xattr.")))
    return (info.type, info.mode, info.uid, info.gid, int(info.mtime), info.linkname, info.devmajor, info.devminor, extended, content)


def difference(below, above, target):
    with tarfile.open(below) as tar:
        before = {name_of(info): fingerprint(tar, info) for info in tar}
    with tarfile.open(above) as tar:
        entries = {name_of(info): info for info in tar}
        changed = {name for name, info in entries.items() if before.get(name) != fingerprint(tar, info)}
        # A hard link and its target lie in one layer: names of one file travel together.
        links = {name: info.linkname.removeprefix("./") for name, info in entries.items() if info.islnk()}
        moved = {links.get(name, name) for name in changed}
        changed |= {name for name, file in links.items() if file in moved} | (moved & set(links.values()))
        gone = {name for name in before if name not in entries and os.path.dirname(name) in entries | {"": None}}
        for name in list(changed | gone):
            while (name := os.path.dirname(name)):
                changed.add(name)
        members = [(name, None) for name in changed]
        members += [(os.path.join(os.path.dirname(name), ".wh." + os.path.basename(name)), entry) for name in gone]
        order = {name: place for place, name in enumerate(entries)}
        with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as out:
            for name, whiteout in sorted(members, key=lambda m: (order.get(m[0], order.get(os.path.dirname(m[0]), 0)), m[0])):
                if whiteout:
                    add(out, entry(name))
                    continue
                if name == ".":
                    continue
                info = copy.copy(entries[name])
                info.name = name
                if info.islnk():
                    info.linkname = links[name]
                info.uname = info.gname = ""
                info.pax_headers = {k: v for k, v in info.pax_headers.items() if k.startswith("SCHILY.xattr.")}
                out.addfile(info, tar.extractfile(entries[name]) if info.isreg() else None)


if __name__ == "__main__":
    {"busybox": busybox, "difference": difference, "mysql": mysql}[sys.argv[1]](*sys.argv[2:])
