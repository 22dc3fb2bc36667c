"""Words from the data on their way to a page: Markdown is the surface for injection, so escape it.

Labels of segments, journeys and tables come from uploads. Whatever Streamlit renders as Markdown
(text, metric labels, captions, options, alerts) goes through :func:`plain` first.
"""

from __future__ import annotations

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&@/=^\"'%,;?])")
_JOINED: Final = re.compile(
    r"(?<=:)(?=[/\w])|(?=@)|(?<=www)(?=\.)|(?<=[-<>=~])(?=[-<>=~])", re.IGNORECASE
)
WORD_JOINER: Final = "\u2060"
"""Invisible; parts what Markdown would join into a link, an emoji or an arrow."""


def plain(words: object) -> str:
    """Return text that Markdown shows as it is: no markup, link, image, emoji code or formula.

    >>> plain("*SMB* :red[!]").replace(WORD_JOINER, "")
    '\\\\*SMB\\\\* \\\\:red\\\\[\\\\!\\\\]'
    """
    line = " ".join(str(words).splitlines())
    return _SPECIAL.sub(r"\\\1", _JOINED.sub(WORD_JOINER, line))
