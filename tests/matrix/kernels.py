"""Debian's kernels: which there are in the matrix, and how to get one without installing it.

apt does the work, with the mirror and the keys of this system, but with lists and a cache of its
own, so that it can look into releases other than the one that runs here and changes nothing.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Unavailable(Exception):
    """The kernel can't be had here; the text says why."""


@dataclass(frozen=True)
class Kernel:
    series: str
    release: str  # Debian's code name
    package: str  # depends on the newest kernel of the series


# The packages for virtual machines: less than half the size, and with BTF.
KERNELS = [
    Kernel("5.10", "bullseye", "linux-image-cloud-amd64"),
    Kernel("6.1", "bookworm", "linux-image-cloud-amd64"),
    Kernel("6.12", "bookworm", "linux-image-6.12-cloud-amd64"),
]


def run(command: list[str], cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())
        raise Unavailable(f"{command[0]}: {said[:300]}")
    return done.stdout


def sources(release: str) -> str:
    """The sources.list of a release: where this system has its own from, the suite exchanged."""
    targets = run(["apt-get", "indextargets", "--format",
                   "$(ORIGIN)|$(COMPONENT)|$(REPO_URI)|$(RELEASE)", "Created-By: Packages"])
    lines = set()
    for target in targets.splitlines():
        origin, component, uri, suite = target.split("|")
        match = re.fullmatch(r"[a-z]+(-security)?", suite)
        if (origin, component) == ("Debian", "main") and match:
            lines.add(f"deb [signed-by={KEYS}] {uri} {release}{match[1] or ''} main\n")
    if not lines:
        raise Unavailable("apt has no lists of a Debian release here (apt-get update?)")
    return "".join(sorted(lines))


class Archive:
    """One release's packages."""

    def __init__(self, release: str, cache: Path):
        self.folder = cache / "apt" / release
        (self.folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (self.folder / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        (self.folder / "sources.list").write_text(sources(release), encoding="utf-8")
        self.options = [option for setting in (
            f"Dir::Etc::SourceList={self.folder}/sources.list",
            "Dir::Etc::SourceParts=-",
            f"Dir::State::Lists={self.folder}/lists",
            f"Dir::State::status={self.folder}/status",
            f"Dir::Cache={self.folder}",
            "APT::Sandbox::User=",  # that user may not write to the folder
            "APT::Architecture=amd64",
            "APT::Update::Error-Mode=any",
        ) for option in ("-o", setting)]
        run(["apt-get", *self.options, "-q", "update"])

    def newest(self, package: str) -> str:
        """The package that this one, a mere pointer, depends on."""
        text = run(["apt-cache", *self.options, "depends", "--important", package])
        match = re.search(r"Depends: (linux-image-\S+)", text)
        if not match:
            raise Unavailable(f"{package} names no kernel")
        return match[1]

    def extract(self, package: str, folder: Path) -> None:
        """Leaves the package's /boot in the folder."""
        for rest in self.folder.glob("*.deb"):  # of a run that was interrupted
            rest.unlink()
        run(["apt-get", *self.options, "-q", "download", package], cwd=self.folder)
        [archive] = self.folder.glob("*.deb")
        unpacked = self.folder / package
        run(["rm", "-rf", str(unpacked)])
        run(["dpkg-deb", "-x", str(archive), str(unpacked)])
        (unpacked / "boot").rename(folder)
        run(["rm", "-r", str(unpacked), str(archive)])


def image(kernel: Kernel, cache: Path, update: bool) -> Path:
    """The kernel's bootable file: the one in the cache, unless the newest is wanted."""
    folder = cache / "kernels" / kernel.series
    folder.mkdir(parents=True, exist_ok=True)
    have = sorted(folder.glob("*/vmlinuz-*"), key=lambda path: path.stat().st_mtime)
    if update or not have:
        archive = Archive(kernel.release, cache)
        package = archive.newest(kernel.package)
        if not (folder / package).exists():
            archive.extract(package, folder / package)
        have = sorted((folder / package).glob("vmlinuz-*"))
    if not have:
        raise Unavailable(f"no kernel in {folder}")
    return have[-1]
