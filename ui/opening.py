"""Opening what answers: the default library is built from the project's guides where it is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.settings import Settings

if TYPE_CHECKING:
    from bot.advisor import Advisor


def open_advisor_for(library: Path | None, settings: Settings) -> Advisor:
    """The advisor of a library folder; None: the settings' own, built first where there is none, with progress shown.

    Raises UnknownLibrary where `library` names a folder that is no library, and what else opening raises. The imports
    are late: they take a second, and commands that open nothing need not wait for them.
    """
    from bot.advisor import open_advisor

    return open_advisor(library or settings.library, settings)
