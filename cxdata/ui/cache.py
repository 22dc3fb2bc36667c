"""The one place that caches. Keys are small: ticket (data version and policy), scope, names.

Nothing takes a frame, an engine or an underscore argument, so two readers share an answer only
where everything that shapes it is the same. Every cache is bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from cxdata.ui.build import figures, flows, spreads, story
from cxdata.ui.build import grid as grids
from cxdata.ui.picture import Picture

Builder = Callable[..., Picture]

_SMALL: Final[dict[str, Any]] = {"max_entries": 5_000, "show_spinner": False}
_LARGE: Final[dict[str, Any]] = {"max_entries": 1_000, "show_spinner": False}

tiles = st.cache_data(figures.tiles, **_SMALL)
tellings = st.cache_data(story.tellings, **_SMALL)
heads = st.cache_data(story.heads, **_SMALL)
trend: Builder = st.cache_data(figures.trend, **_LARGE)
by_journey: Builder = st.cache_data(figures.by_journey, **_LARGE)
by_segment: Builder = st.cache_data(figures.by_segment, **_LARGE)
over_time: Builder = st.cache_data(figures.over_time, **_LARGE)
bridges = st.cache_data(flows.bridges, **_LARGE)
grid: Builder = st.cache_data(grids.grid, **_LARGE)
cohorts: Builder = st.cache_data(flows.cohorts, **_LARGE)
survival: Builder = st.cache_data(flows.survival, **_LARGE)
distribution: Builder = st.cache_data(spreads.distribution, **_LARGE)
scores: Builder = st.cache_data(spreads.scores, **_LARGE)
groups: Builder = st.cache_data(spreads.groups, **_LARGE)
