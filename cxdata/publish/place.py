"""Where to publish: the store that the settings name, or why there is none."""

from __future__ import annotations

from cxdata.model.errors import ConfigError
from cxdata.sources.config import Settings
from cxdata.sources.opening import is_plain_folder
from cxdata.sources.store import Store


class ReadOnly(ConfigError):
    """The data are somewhere that the product only reads."""


def store_of(settings: Settings) -> Store:
    """Return the store to publish into.

    Raises:
        ReadOnly: the settings name something that the product only reads.
    """
    place = settings.place
    if place.sql_url is not None and place.kind not in ("store", "folder"):
        raise ReadOnly(
            "The source is a SQL database, which the product only reads.",
            hint="Load into a folder with --out, or set source to store.",
        )
    if place.kind == "folder" or (place.kind == "auto" and is_plain_folder(place.data)):
        raise ReadOnly(
            f"The source is the plain folder {place.data.name!r}, which the product only reads.",
            hint="Load into another folder with --out, or set data to a folder of our own.",
        )
    return Store(place.data)
