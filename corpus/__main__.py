"""`python -m corpus [--library DIR] [--json]`: what is in a library."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.errors import WaymarkError
from corpus.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or that of the error whose sentence is on standard error."""
    parser = argparse.ArgumentParser(prog="python -m corpus", description="What is in a library.")
    parser.add_argument("--library", type=Path, help="its folder (default: WAYMARK_LIBRARY, else .waymark)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    given = parser.parse_args(arguments)
    try:
        settings = Settings.read()
        content = describe(given.library or settings.library, settings)
    except WaymarkError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if given.json:
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return 0
    print("generation {generation} ({status}): {documents} documents, {passages} passages".format(**content))
    for document in content["contents"]:
        print(f"  {document['id']}  {document['title']}  ({document['source']}, {document['passages']} passages)")
    for source in content["quarantined"]:
        print(f"  quarantined: {source['source']}: {source['reason']}")
    return 0


def describe(folder: Path, settings: Settings) -> dict[str, Any]:
    """Plain values for JSON: counts, documents, quarantined sources. Raises what `Library.open` raises."""
    from corpus.library import Library  # late: `--help` needs no model

    library = Library.open(folder, settings)
    try:
        index = library.current()
        return {
            "library": str(folder),
            "generation": index.generation,
            "status": library.status,
            "model": library.embedder.name,
            "documents": index.document_count,
            "passages": index.count,
            "contents": [asdict(info) for info in index.documents()],
            "quarantined": [asdict(source) for source in library.quarantined()],
        }
    finally:
        library.close()


if __name__ == "__main__":
    sys.exit(main())
