"""The file of a backup: a gzipped tar of the dump, the key and the uploads, and last a manifest of what each of them must be.

Backups written before version 0.2 have no manifest; gzip's own checksum is their only protection.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from jirani.server.errors import ServerError
from jirani.server.folders import Kind

DUMP, KEY, MEDIA, MANIFEST = "database.dump", "secret_key", "media", "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
COMPRESSION = 6  # uploads are compressed already, and the dump gains nothing more from 9


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `files` gives the size and SHA-256 of each part, `rows` the number of rows of each table."""

    kind: str
    made_at: str
    version: str
    server: str
    rows: Mapping[str, int]
    missing: list[str]
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def uploads(self) -> int:
        return sum(name.startswith(f"{MEDIA}/") for name in self.files)


@dataclass(frozen=True)
class Contents:
    """A backup that was read to its end. `identity` identifies its contents; `manifest` is None in an old backup."""

    source: Path
    files: Mapping[str, tuple[int, str]]
    manifest: Manifest | None

    @property
    def identity(self) -> str:
        return hashlib.sha256(json.dumps(sorted(self.files.items())).encode()).hexdigest()

    @property
    def size(self) -> int:
        """Bytes, unpacked."""
        return sum(size for size, _ in self.files.values())


class Writer:
    """Add parts to an archive and record them; `finish` writes the manifest."""

    def __init__(self, file: BinaryIO) -> None:
        self._gzip = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=COMPRESSION, filename="")
        self._tar = tarfile.open(fileobj=self._gzip, mode="w")  # noqa: SIM115  closed by `finish`
        self.files: dict[str, tuple[int, str]] = {}

    def add(self, name: str, file: IO[bytes], *, mode: int = 0o600) -> None:
        """Add the content of an open file. Raises ServerError if the file gets shorter while it is read."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = file.seek(0, os.SEEK_END), mode, int(time.time())
        file.seek(0)
        told = _Hashing(file)
        try:
            self._tar.addfile(member, told)
        except OSError as error:
            if error.errno is None:  # raised by tarfile itself: fewer bytes than announced
                raise ServerError(f"{name} was changed while it was read: back up again.") from error
            raise
        self.files[name] = (member.size, told.digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and the end of the archive."""
        content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self.add(MANIFEST, io.BytesIO(content))
        self._tar.close()
        self._gzip.close()


class _Hashing(io.RawIOBase):
    """A file that computes a digest of what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


class _Inflated(io.RawIOBase):
    """The content of a gzip file, checked to its last byte: not truncated, not changed, nothing appended."""

    def __init__(self, source: Path, file: BinaryIO) -> None:
        self._source, self._file = source, file
        self._inflate = zlib.decompressobj(wbits=31)
        self._begun = False

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes; none at the end. Raises ServerError if the file is damaged."""
        wanted = CHUNK if size < 0 else size
        while not self._inflate.eof:
            try:
                data = self._inflate.decompress(self._inflate.unconsumed_tail or self._file.read(CHUNK), wanted)
            except zlib.error:
                raise _damaged(self._source) if self._begun else _foreign(self._source) from None
            self._begun = True
            if data:
                return data
            if not self._inflate.eof and not self._inflate.unconsumed_tail and self._at_end():
                raise _damaged(self._source)
        if self._inflate.unused_data or not self._at_end():
            raise _damaged(self._source)
        return b""

    def _at_end(self) -> bool:
        found = self._file.read(1)
        if found:
            self._file.seek(-1, os.SEEK_CUR)
        return not found


def _foreign(source: Path) -> ServerError:
    return ServerError(f"{source} is not a backup of Jirani.")


def _damaged(source: Path) -> ServerError:
    return ServerError(f"{source} is damaged, so nothing was restored: take another copy, or an older backup.")


@contextmanager
def _members(source: Path) -> Iterator[Iterator[tuple[str, int, IO[bytes]]]]:
    """Yield the files of an archive: name, mode and content. Raises ServerError, possibly only at the very end."""
    with open(source, "rb") as file:
        stream = _Inflated(source, file)
        try:
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                yield _files(source, archive)
            while rest := stream.read(CHUNK):
                if rest.strip(b"\0"):
                    raise _damaged(source)
        except (tarfile.TarError, EOFError, UnicodeError):
            raise _damaged(source) from None


def _files(source: Path, archive: tarfile.TarFile) -> Iterator[tuple[str, int, IO[bytes]]]:
    seen: set[str] = set()
    for member in archive:
        if member.isdir():
            continue
        content = archive.extractfile(member) if member.isreg() else None
        if content is None or member.name in seen or not _is_ours(member.name):
            raise _foreign(source)
        seen.add(member.name)
        yield member.name, member.mode & 0o777, content


def _is_ours(name: str) -> bool:
    """Whether a backup may hold a file of that name: it must be a known one and must not escape the folder it is unpacked into."""
    parts = PurePosixPath(name).parts
    if "\0" in name or ".." in parts or not parts or PurePosixPath(name).as_posix() != name:
        return False
    return name in {DUMP, KEY, MANIFEST} or (parts[0] == MEDIA and len(parts) > 1)


def inspect(source: Path) -> Contents:
    """Read a backup from its first byte to its last. Raises ServerError unless each part is what the manifest says."""
    files: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    with _members(source) as members:
        for name, _, content in members:
            if name == MANIFEST:
                manifest = _manifest(source, content.read())
                continue
            told = _Hashing(content)
            while told.read(CHUNK):
                pass
            files[name] = (content.tell(), told.digest.hexdigest())
    if DUMP not in files:
        raise _foreign(source)
    if manifest is not None and dict(manifest.files) != files:
        raise _damaged(source)
    return Contents(source, files, manifest)


def _manifest(source: Path, content: bytes) -> Manifest:
    try:
        held = json.loads(content)
        held["files"] = {name: (int(size), str(digest)) for name, (size, digest) in held["files"].items()}
        manifest = Manifest(**held)
        readable = _is_readable(manifest)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        readable = False
    if not readable:
        raise ServerError(f"{source} was written by a newer Jirani: upgrade before you restore it.")
    return manifest


def _is_readable(manifest: Manifest) -> bool:
    """Whether the manifest has the shape of this format. May also raise TypeError or ValueError if it does not."""
    words = (manifest.made_at, manifest.version, manifest.server, *manifest.rows, *manifest.missing)
    numbers = (manifest.format, *manifest.rows.values())
    return (
        manifest.kind in set(Kind)
        and isinstance(manifest.missing, list)
        and all(isinstance(word, str) for word in words)
        and all(type(number) is int for number in numbers)
        and manifest.format <= FORMAT
    )


def unpack(contents: Contents, target: Path) -> None:
    """Unpack a backup that was inspected into an empty folder. Raises ServerError if the file has changed since."""
    found: dict[str, tuple[int, str]] = {}
    with _members(contents.source) as members:
        for name, mode, content in members:
            if name != MANIFEST:
                found[name] = _write(target / name, mode, content)
    if found != contents.files:
        raise _damaged(contents.source)


def _write(path: Path, mode: int, content: IO[bytes]) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    told = _Hashing(content)
    with open(path, "xb") as file:
        while data := told.read(CHUNK):
            file.write(data)
        size = file.tell()
    path.chmod(mode)
    return size, told.digest.hexdigest()


def uploads(media: Path) -> Iterable[tuple[str, Path]]:
    """Yield the files below a folder with their names in a backup."""
    for folder, _, names in os.walk(media):
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file():
                yield f"{MEDIA}/{path.relative_to(media).as_posix()}", path
