"""`python -m corpus [--library DIR] [--json]`: what is in a library."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.contents import library_contents
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
        content = library_contents(given.library or settings.library, settings)
    except WaymarkError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if given.json:
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return 0
    print("generation {generation} ({status}): {documents} documents, {passages} passages".format(**content))
    for document in content["contents"]:
        print(
            f"  {document['document_id']}  {document['title']}  ({document['source']}, {document['passages']} passages)"
        )
    for joined in content["joined"]:
        print(f"  joined: {joined['source']} to {joined['joined_to']}: {joined['reason']}")
    for source in content["quarantined"]:
        print(f"  quarantined: {source['source']}: {source['reason']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
