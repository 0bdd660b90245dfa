"""Put uv's program into a folder with nothing but Python: for machines that have neither pip nor venv.

python3 tools/fetch_uv.py 0.13.9 .uv/bin
"""

import hashlib
import io
import json
import platform
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

INDEX = urllib.request.Request("https://pypi.org/simple/uv/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
TIMEOUT = 60


def wheel_marks() -> tuple[str, str]:
    """Return what the name of this machine's wheel contains: the system (and C library), and the processor."""
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        return "macosx", "arm64" if machine == "aarch64" else machine
    return ("manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"), machine


def main(version: str, folder: Path) -> None:
    """Fetch the wheel, check its digest, take the program out of it."""
    with urllib.request.urlopen(INDEX, timeout=TIMEOUT) as answer:  # noqa: S310  a constant https address
        files = json.load(answer)["files"]
    wheels = [entry for entry in files if entry["filename"].startswith(f"uv-{version}-")]
    system, machine = wheel_marks()
    fitting = [
        wheel for wheel in wheels if system in wheel["filename"] and wheel["filename"].endswith(f"{machine}.whl")
    ]
    if not fitting:
        sys.exit(f"There is no uv {version} for {system} on {machine}.")
    with urllib.request.urlopen(urljoin(INDEX.full_url, fitting[0]["url"]), timeout=TIMEOUT) as answer:  # noqa: S310  from the index, digest checked
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != fitting[0]["hashes"]["sha256"]:
        sys.exit("The download is damaged.")
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".data/scripts/uv"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "uv").write_bytes(wheel.read(name))
    (folder / "uv").chmod(0o755)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
