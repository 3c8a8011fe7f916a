"""What the site's builder calls: the chat's icon joins the site, and links that leave docs/ become plain names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_ICON = Path(__file__).parents[1] / "ui" / "static" / "icon.svg"
_OUTSIDE = re.compile(r"(?<!!)\[([^\]]+)\]\((\.\./[^)\s]+)\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds `icon.svg`, which mkdocs.yml names."""
    files.append(File.generated(config, "icon.svg", abs_src_path=str(_ICON)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """`[README](../README.md)`, which works in the repository, becomes `README`."""
    return _OUTSIDE.sub(lambda link: link[1], markdown)
