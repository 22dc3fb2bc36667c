"""On what terms an extract is carried out: when, where, and by whose answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cxdata.model.progress import Progress, silent

UNKNOWN = "refers:unknown"
"""Key of the answer what becomes of a record that refers to something that is not known."""

KEEP, ASIDE = "keep", "aside"


@dataclass(frozen=True)
class Terms:
    """What a load depends on beside the extract and its recipe.

    ``loaded_at`` is the instant of loading (with its zone); ``as_of`` takes the place of the
    recipe's as-of date; ``only`` names the tables wanted, all by default; ``answers`` are those to
    questions, by key. References are resolved within the load and in the ``published`` tables, by
    their Parquet files. Identifiers are hashed with the key of ``key_folder``. The tables wait in
    Parquet files in the ``workspace`` folder, or in one of their own that goes with them.
    """

    loaded_at: datetime
    as_of: date | None = None
    only: Collection[str] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    published: Mapping[str, Iterable[Path]] = field(default_factory=dict)
    workspace: Path | None = None
    key_folder: Path | None = None
    progress: Progress = silent

    @property
    def only_known(self) -> bool:
        """Whether a record that refers to something unknown is set aside; else it is kept."""
        return bool(self.answers.get(UNKNOWN) == ASIDE)
