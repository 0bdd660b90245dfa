"""Back up and restore a server that accepts only TLS connections, although the programs that come with us have no TLS."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jirani.server.backup import dumps
from jirani.server.tls import without_tls
from tests.server import servers

ROWS = 200_000


@pytest.fixture(scope="module")
def secure(module_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server that refuses whoever speaks no TLS, and its certificate."""
    if not servers.installed():
        pytest.skip("PostgreSQL of Debian's is not here")
    with servers.server(servers.installed()[0]) as address:
        with psycopg.connect(servers._owner(int(address.rpartition(":")[2])), autocommit=True) as owner:
            ((place,),) = owner.execute("show data_directory").fetchall()
            folder = Path(place)
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=database", "-addext",
                 "subjectAltName=IP:127.0.0.1", "-keyout", folder / "server.key", "-out", folder / "server.crt"],
                check=True, capture_output=True,
            )  # fmt: skip
            for name in ("server.key", "server.crt"):
                shutil.chown(folder / name, folder.owner(), folder.group())
                (folder / name).chmod(0o600)
            rules = (folder / "pg_hba.conf").read_text()
            (folder / "pg_hba.conf").write_text(rules.replace("\nhost ", "\nhostssl "))
            owner.execute("alter system set ssl = on")
            owner.execute("select pg_reload_conf()")
        certificate = module_path / "root.crt"
        shutil.copy(folder / "server.crt", certificate)
        yield address, certificate


@pytest.mark.parametrize("trust", ["", "?sslmode=require", "?sslmode=verify-full&sslrootcert={}"])
def test_a_dump_comes_out_by_tls_and_goes_in_again(
    trust: str, secure: tuple[str, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address, certificate = secure
    name = f"net{request.node.callspec.indices['trust']}"
    here, there = (servers.database(address, f"{name}_{side}") + trust.format(certificate) for side in ("a", "b"))
    with psycopg.connect(here) as connection:
        connection.execute(
            f"create table lesson as select n as id, md5(n::text) as title from generate_series(1, {ROWS}) n"
        )
    with (tmp_path / "dump").open("wb") as file, psycopg.connect(here) as connection:
        connection.execute("set transaction isolation level repeatable read")
        ((snapshot,),) = connection.execute("select pg_export_snapshot()").fetchall()
        dumps.dump(here, file, snapshot=snapshot)

    with psycopg.connect(there) as connection:
        known = [known for (known,) in connection.execute("select name from pg_settings").fetchall()]
    dumps.load(tmp_path / "dump", there, known=known, before="", after="")

    count = "select count(*), md5(string_agg(title, '' order by id)) from lesson"
    with psycopg.connect(here) as one, psycopg.connect(there) as two:
        assert one.execute(count).fetchall() == two.execute(count).fetchall() != [(0, None)]


def test_a_certificate_that_the_driver_does_not_believe_is_not_believed(
    secure: tuple[str, Path], tmp_path: Path
) -> None:
    url = servers.database(secure[0], "doubted")
    other = tmp_path / "other.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=other", "-keyout", tmp_path / "key", "-out", other],
        check=True, capture_output=True,
    )  # fmt: skip

    with (
        pytest.raises(psycopg.OperationalError, match="certificate verify failed"),
        without_tls(f"{url}?sslmode=verify-full&sslrootcert={other}"),
    ):
        pass
