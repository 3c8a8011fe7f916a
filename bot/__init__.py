"""Question and history in, a grounded Answer out. `build_advisor` is the door for Python callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.advisor import Advisor
    from corpus.settings import Settings

__all__ = ["build_advisor"]


def build_advisor(library: str | None = None, settings: Settings | None = None) -> Advisor:
    """Open a library folder and return its advisor: `build_advisor().invoke({"question": "..."})`.

    Without `library`, WAYMARK_LIBRARY or `.waymark` is opened. Raises `corpus.errors.UnknownLibrary` where there
    is none. The import is late so that `import bot` stays light.
    """
    from bot.advisor import open_advisor

    return open_advisor(library, settings)
