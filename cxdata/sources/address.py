"""The address of a SQL database, which never shows its secrets."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from cxdata.model.errors import ConfigError

_SECRET_WORDS = ("pass", "secret", "token", "key", "credential")


@dataclass(frozen=True, repr=False)
class Address:
    """A database URL whose text is masked wherever it is printed.

    >>> Address.parse("postgresql://cx:S3cret@db/crm?sslpassword=x", "sql_url")
    postgresql+psycopg://cx:***@db/crm?sslpassword=***
    """

    url: URL

    @classmethod
    def parse(cls, text: str, setting: str) -> Address:
        """Read a URL; one that is not is an error that does not repeat it."""
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            raise ConfigError(
                f"{setting} is not a database URL. It looks like "
                "postgresql://user:password@host:5432/database."
            ) from None
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        return cls(url)

    @property
    def dialect(self) -> str:
        """The name of the database's dialect."""
        return self.url.get_backend_name()

    @property
    def place(self) -> str:
        """The database in a sentence: its name and host, without user or secret."""
        host = self.url.host or "this machine"
        name = f"database {self.url.database}" if self.url.database else "database"
        return f"the {name} on {host}"

    def __repr__(self) -> str:
        query = {
            name: "***" if any(word in name.lower() for word in _SECRET_WORDS) else value
            for name, value in self.url.query.items()
        }
        shown = self.url.set(query=query).render_as_string(hide_password=True)
        return shown.replace("%2A%2A%2A", "***")

    __str__ = __repr__
