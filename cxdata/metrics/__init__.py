"""One metric a file: sufficient statistics as SQL, interval method, one-sentence definition.

A file that holds a ``METRIC`` is registered by being there; nothing else registers it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from cxdata.model.errors import UnknownName
from cxdata.model.metric import Metric


@cache
def registry() -> Mapping[str, Metric]:
    """Return every metric by name, in alphabetical order."""
    found: dict[str, Metric] = {}
    for info in pkgutil.iter_modules(__path__):
        if not info.ispkg:
            metric: Metric = importlib.import_module(f"{__name__}.{info.name}").METRIC
            found[metric.name] = metric
    return dict(sorted(found.items()))


def metric(name: str) -> Metric:
    """Return the metric of that name, or say which names are near."""
    known = registry()
    if name not in known:
        raise UnknownName("metric", name, known)
    return known[name]
