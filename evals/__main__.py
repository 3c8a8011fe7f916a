"""The command `evals` (also `python -m evals`): which word is which command; each is a file of evals/commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from corpus.errors import WaymarkError

# Everything that a command needs beyond this is imported in the command, so that --help and a wrong word are quick.

_EPILOG = """commands:
  evals [QUESTIONS.jsonl]    run a question set, or the project's own sets, and write the report
  evals compare RUN_A RUN_B  what changed between two runs, case by case, held to the gates
  evals report RUN           write the reports of a run again
  evals scores RUN           write the score board of README and docs
  evals judge RUN            what a language model thinks of a run's answers; no gate
  evals retrieval FOLDER     rank the documents of a BEIR folder
  evals claims FILE          judge labelled claims against their evidence
  evals controls             test the evaluator itself
  evals risk SET [SET...]    how often it is wrong, were it to answer only what it is surest of
  evals stability [SET]      does the answer stay the same when misspelt, reworded, or asked by somebody else
  evals draft DOCUMENT       propose questions on a document for a person to edit
  evals export RUN FILE      write a run as a data set of Ragas or DeepEval
  evals import FILE          make a question set of a data set of Ragas or DeepEval
  evals lookalikes DIR       write look-alike pages and the questions on them
  evals samples FILE         write ten answers as they come out, such as docs/answers.md
  evals bench                speed beside plain LangChain retrieval

Each has --help. Exit codes: 0 done, 1 some cases failed or a gate is crossed, 2 wrong usage, 3 invalid evaluator."""


_COMMANDS = frozenset(
    "compare report scores judge retrieval claims controls risk stability draft export import lookalikes samples "
    "bench".split()
)
_FILES = {"import": "importing"}  # where a command's file cannot have its name


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are told in a sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words and words[0] in _COMMANDS:
            return _command(words[0])(words[1:])
        from evals.commands import questions

        return questions.main(words, _EPILOG)
    except WaymarkError as error:
        print(f"evals: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("evals: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever reads our output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _command(word: str) -> Callable[[Sequence[str]], int]:
    """What a command's file does, imported when it is run."""
    main: Callable[[Sequence[str]], int] = import_module(f"evals.commands.{_FILES.get(word, word)}").main
    return main


if __name__ == "__main__":
    sys.exit(main())
