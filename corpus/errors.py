"""Every error that Waymark raises on purpose. Each message is a sentence for a person: what, where, what to do.

WaymarkError                    .exit_code for the command line (1 unless said otherwise), .status for HTTP
|- UsageError                   exit 2: the command or request itself is wrong
|  |- UnknownLibrary            no library in the folder named
|  |- UnknownPath               a file or folder that does not exist
|  |- BadSetting                a WAYMARK_* value that cannot be read
|  |- PortBusy                  the server's port is taken
|  |- BadQuestionSet            an evaluation file with a wrong line
|  `- ModelMismatch             the library was built with another embedding model
|- QuestionError                HTTP 422: empty or overlong question
|- UnknownDocument              exit 2, HTTP 404
|- UnusableMessages             HTTP 400: a conversation that ends with no question
|- UnknownModel                 HTTP 404: a model that a client of the OpenAI protocol names
|- Overloaded                   HTTP 503 with Retry-After
|- BadGuide                     a guide, sources.toml or figures.toml that does not fit its schema
|- SourceError                  one source could not be read: it is quarantined, the rest goes on
|  `- SourceAway                it cannot be had just now: what the library has of it stays as it is
|- LibraryError                 the library itself
|  |- LibraryBusy               another ingest holds the lock
|  `- LibraryTorn               no generation of it can be opened
|- EmbeddingError               the embedding model cannot be loaded or compiled
|- FeedbackError                what people thought of answers cannot be kept or read
|- ModelError                   the language model failed; .retryable tells whether to try again
`- ControlFailed                exit 3: a control of the evaluator itself failed
"""

from __future__ import annotations


class WaymarkError(Exception):
    """The root. `str(error)` is the sentence to show; no traceback is needed to act on it."""

    exit_code = 1
    status = 500


class UsageError(WaymarkError):
    exit_code = 2
    status = 400


class UnknownLibrary(UsageError):
    pass


class UnknownPath(UsageError):
    pass


class BadSetting(UsageError):
    pass


class PortBusy(UsageError):
    pass


class BadQuestionSet(UsageError):
    pass


class ModelMismatch(UsageError):
    pass


class QuestionError(WaymarkError):
    exit_code = 2
    status = 422


class UnusableMessages(WaymarkError):
    status = 400


class UnknownDocument(WaymarkError):
    exit_code = 2
    status = 404


class UnknownModel(WaymarkError):
    status = 404


class Overloaded(WaymarkError):
    status = 503


class BadGuide(WaymarkError):
    """`file` and `line` name the place, `wrong` says what is wrong there."""

    def __init__(self, file: str, line: int, wrong: str) -> None:
        super().__init__(f"{file}, line {line}: {wrong}.")
        self.file = file
        self.line = line
        self.wrong = wrong


class SourceError(WaymarkError):
    pass


class SourceAway(SourceError):
    pass


class LibraryError(WaymarkError):
    status = 503


class LibraryBusy(LibraryError):
    pass


class LibraryTorn(LibraryError):
    pass


class EmbeddingError(WaymarkError):
    status = 503


class FeedbackError(WaymarkError):
    pass


class ModelError(WaymarkError):
    """A language model failed."""

    status = 503

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class ControlFailed(WaymarkError):
    exit_code = 3
