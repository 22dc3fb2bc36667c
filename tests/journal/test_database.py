from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from cxdata.journal.database import LATEST, Journal, _revision
from cxdata.journal.tables import AUDIT, JOURNAL
from cxdata.journal.views import save_view, saved_views
from cxdata.model.errors import JournalError
from cxdata.model.story import View

MIGRATIONS = Path(__file__).parents[2] / "cxdata" / "journal" / "migrations"


def test_the_migrations_give_the_declared_tables(journal: Journal) -> None:
    with journal.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, JOURNAL) == []


def test_what_was_kept_before_pictures_were_is_of_a_whole_page(journal: Journal) -> None:
    save_view(journal, "New", View("nps", panel="trend-nps"), "ann")
    _migrated(journal, "0001", command.downgrade)
    with journal.writing() as connection:
        assert _revision(connection) == "0001"
        old = {"view_id": "v", "name": "Old", "page": "spend", "address": "", "changed_by": "bo"}
        table = sa.table("saved_view", *map(sa.column, (*old, "changed_at")))
        connection.execute(sa.insert(table).values(**old, changed_at="2026-10-01 09:00:00+00:00"))
    _migrated(journal, "head", command.upgrade)
    assert saved_views(journal) == {"New": View("nps"), "Old": View("spend")}


def _migrated(journal: Journal, revision: str, move: Callable[[Config, str], None]) -> None:
    with journal.writing() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        move(config, revision)


def test_the_newest_migration_is_the_one_stated() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [LATEST]


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Journal(tmp_path / "journal.db")
    save_view(first, "Board", View("retention", "period=2026-09"), "ann")
    first.close()
    second = Journal(tmp_path / "journal.db")
    assert saved_views(second) == {"Board": View("retention", "period=2026-09")}
    second.close()


def test_a_newer_database_is_refused_in_one_sentence(tmp_path: Path) -> None:
    opened = Journal(tmp_path / "journal.db")
    with opened.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    again = Journal(tmp_path / "journal.db")
    with pytest.raises(JournalError, match="written by a newer version"), again.reading():
        pass
    again.close()


def test_a_fault_inside_keeps_nothing(journal: Journal) -> None:
    def fail_midway() -> None:
        with journal.writing() as connection:
            journal.note(connection, "ann", "wrote", ("view", "1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    with journal.reading() as connection:
        assert connection.execute(sa.select(AUDIT)).all() == []


def test_the_audit_says_who_did_what(journal: Journal) -> None:
    save_view(journal, "Board", View("nps"), "ann")
    save_view(journal, "Board", View("spend"), "bob", replace=True)
    with journal.reading() as connection:
        rows = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.audit_id)).all()
    assert [(row.who, row.what, row.kind, row.after["page"]) for row in rows] == [
        ("ann", "saved", "view", "nps"),
        ("bob", "saved", "view", "spend"),
    ]


def test_a_moment_without_a_zone_is_a_mistake(tmp_path: Path) -> None:
    from datetime import datetime

    opened = Journal(tmp_path / "journal.db", lambda: datetime(2026, 1, 1))
    with pytest.raises(sa.exc.StatementError, match="needs a time zone"):
        save_view(opened, "Board", View("nps"), "ann")
    opened.close()


def test_a_read_only_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    opened = Journal(path)
    save_view(opened, "Board", View("nps"), "ann")
    opened.close()
    again = Journal(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert list(saved_views(again)) == ["Board"]
    with pytest.raises(JournalError, match="read-only"):
        save_view(again, "Other", View("nps"), "ann")
    again.close()


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    absent = Journal("postgresql+psycopg://nobody:S3cretPw@127.0.0.1:9/none")
    with pytest.raises(JournalError, match="does not answer") as caught:
        saved_views(absent)
    assert "S3cretPw" not in str(caught.value)


def _save_many(path: Path, who: str) -> None:
    journal = Journal(path)
    for number in range(10):
        save_view(journal, f"{who} {number}", View("nps"), who)
    journal.close()


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """The first opening too: several processes make the tables at the same moment."""
    path = tmp_path / "journal.db"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_save_many, args=(path, name)) for name in ("a", "b", "c")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    journal = Journal(path)
    assert len(saved_views(journal)) == 30
    journal.close()
