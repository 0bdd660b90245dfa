"""The child: a file on its standard input, an answer on its standard output. `python -m jirani.core.sandbox TASK`."""

import os
import resource
import sys
from collections.abc import Callable
from contextlib import suppress

from .bounds import CPU_SECONDS, MEMORY, REFUSED, Refusal


def main() -> int:
    """Read a file and write the answer. Returns the exit code."""
    _limit()
    content = sys.stdin.buffer.read()
    try:
        answer = _task(sys.argv[1])(content)
    except Refusal as refusal:
        return _refuse(str(refusal))
    except MemoryError:
        return _refuse("limit")
    except BaseException:  # noqa: BLE001  a parser raises whatever a damaged part provokes; Rust's panics are no Exception
        return _refuse("damaged")
    sys.stdout.buffer.write(answer)
    return 0


def _limit() -> None:
    """Be last in the queue for the processor and first to be killed if memory runs out, and limit our use of both."""
    os.nice(19)
    bounds = ((resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0))
    for kind, most in bounds:
        with suppress(OSError, ValueError):  # macOS knows the limit of memory by name only
            resource.setrlimit(kind, (most, most))
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def _task(name: str) -> Callable[[bytes], bytes]:
    """Return the function for a task. Only its module is imported, because each needs large libraries."""
    if name == "sheets":
        from .tables import read_tables

        return read_tables
    if name == "package":
        from .packages import clean_package

        return clean_package
    if name in {"image", "page-image"}:
        from .images import clean_image, page_image

        return clean_image if name == "image" else page_image
    from .pdf import clean_pdf

    return clean_pdf


def _refuse(code: str) -> int:
    sys.stdout.buffer.write(code.encode())
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
