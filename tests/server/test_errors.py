"""What a person at the terminal reads when the operating system refuses something."""

import errno

import pytest

from jirani.server.errors import explain_os_error

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("failed", [None, "/srv/town", "/srv/town/run/probe", "/srv"])
def test_the_folder_that_was_asked_for_is_named_with_the_option_that_names_another(failed: str | None) -> None:
    refused = PermissionError(errno.EACCES, "Permission denied", failed)

    assert str(explain_os_error(refused, "/srv/town")) == (
        "/srv/town cannot be written: give yourself the right to, or choose another folder with --data."
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (errno.EACCES, "/tmp/near cannot be read or written: give yourself the right to."),
        (errno.EROFS, "/tmp/near is on a disk mounted read-only: mount it writable."),
        (errno.ENOSPC, "The disk that holds /tmp/near is full: make room on it and start again."),
        (errno.EEXIST, "/tmp/near is a file where a folder should be: move it away."),
        (errno.EIO, "/tmp/near cannot be used: broken."),
    ],
)
def test_a_folder_elsewhere_is_named_itself(code: int, sentence: str) -> None:
    assert str(explain_os_error(OSError(code, "broken", "/tmp/near"), "/srv/town")) == sentence


def test_a_machine_on_which_no_folder_takes_temporary_files_is_told_of_the_variable() -> None:
    refused = FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp', '/var/tmp']")

    assert str(explain_os_error(refused, "/srv/town")) == (
        "No folder takes temporary files: set TMPDIR to one that you may write."
    )
