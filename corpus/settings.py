"""Settings: plain frozen values, read once from WAYMARK_* variables and a `.env` file, and their fingerprints."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from dotenv import dotenv_values
from platformdirs import user_cache_dir
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from corpus.errors import BadSetting

PREFIX = "WAYMARK_"
DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
SHORTEST_KEY = 16
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?")


def read_environment() -> dict[str, str]:
    """`.env` in the working folder, overridden by the process's variables."""
    from_file = {k: v for k, v in dotenv_values(".env").items() if v is not None}
    return {**from_file, **os.environ}


def listed(value: str) -> tuple[str, ...]:
    """The parts of a setting that holds several, separated by commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


class _Environment(BaseModel):
    """The edge: names, types and ranges of the variables. Field `x_y` is the variable WAYMARK_X_Y."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    library: Path = Field(Path(".waymark"), description="folder of the library")
    cache: Path = Field(Path(user_cache_dir("waymark")), description="folder for compiled embedding models")
    embedder: str = Field(
        DEFAULT_EMBEDDER, min_length=1, description="embedding model: the bundled one, or a folder or name"
    )
    precision: str = Field("int8", pattern="^(int8|float32)$", description="arithmetic of the embedder")
    threads: int = Field(2, ge=1, le=64, description="threads of the embedder")
    reranker: str | None = Field(
        None, description="cross-encoder that reads the best passages again: a folder or a name; empty for none"
    )
    chroma_url: str | None = Field(None, description="address of a Chroma server; empty for an embedded index")
    model: str | None = Field(None, description="language model, as `provider:name`; empty for extractive answers")
    model_url: str | None = Field(None, description="address of an OpenAI-compatible server, ending in /v1")
    model_key: SecretStr | None = Field(None, description="its key")
    model_deadline: float = Field(30.0, gt=0, le=600, description="seconds that a generated answer may take")
    unsupported: str = Field(
        "remove",
        pattern="^(remove|strike)$",
        description="what the page does with a model's sentence that no guide carries: `remove` it, or `strike` it out",
    )
    feedback: Path | None = Field(
        None, description="file in which thumbs and notes on answers are kept; empty keeps nothing of anybody"
    )
    uploads: bool = Field(
        False, description="whether the page `My guides` lets whoever reaches the server add and remove guides"
    )
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(7860, ge=1, le=65535, description="port the server listens on")
    workers: int = Field(4, ge=1, le=64, description="answers worked on at once; without a language model one a core")
    queue: int = Field(64, ge=0, le=10_000, description="questions that may wait; beyond it 503")
    page: bool = Field(True, description="whether the web chat is served; without it the HTTP interface alone is")
    api_keys: SecretStr | None = Field(
        None,
        description="keys of the HTTP interface, separated by commas, each of 16 characters or more; empty for none",
    )
    rate: int = Field(
        0, ge=0, le=1_000_000, description="requests a minute from one key or address; beyond it 429; 0 for no limit"
    )
    cors: str = Field(
        "",
        description="origins whose pages may ask, as `https://name`, separated by commas; `*` for all; empty for none",
    )
    proxies: str = Field(
        "", description="addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas"
    )
    log: str = Field(
        "none",
        pattern="^(none|requests|questions)$",
        description="a line of JSON on stderr for each request: `none`, `requests`, or with the `questions` asked",
    )
    otel_url: str | None = Field(
        None,
        pattern="^https?://.",
        description="address of an OpenTelemetry collector (OTLP over HTTP) that gets traces; empty sends none",
    )

    @field_validator("api_keys")
    @classmethod
    def _long_enough(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None and any(
            len(key) < SHORTEST_KEY or not key.isascii() for key in listed(keys.get_secret_value())
        ):
            raise ValueError(f"each key needs {SHORTEST_KEY} characters or more, of ASCII")
        return keys

    @field_validator("cors")
    @classmethod
    def _origins(cls, origins: str) -> str:
        if origins.strip() != "*" and not all(_ORIGIN.fullmatch(origin) for origin in listed(origins)):
            raise ValueError("an origin is written as `https://name` or `http://name:port`, without a path")
        return origins


@dataclass(frozen=True, slots=True)
class Settings:
    """Values only; `Settings.read()` fills it. The keys are kept out of `repr` and of every fingerprint."""

    library: Path
    cache: Path
    embedder: str
    precision: str
    threads: int
    reranker: str | None
    chroma_url: str | None
    model: str | None
    model_url: str | None
    model_key: SecretStr | None
    model_deadline: float
    unsupported: str
    feedback: Path | None
    uploads: bool
    host: str
    port: int
    workers: int
    queue: int
    page: bool
    api_keys: SecretStr | None
    rate: int
    cors: str
    proxies: str
    log: str
    otel_url: str | None

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """From `environment` (default: `.env` in the working folder, overridden by the process's variables).

        Raises BadSetting, naming the variable, where a value cannot be used or a WAYMARK_ variable is unknown.
        """
        environment = read_environment() if environment is None else environment
        given = {
            name[len(PREFIX) :].lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX) and value != "" and name not in _NOT_OURS
        }
        try:
            read = _Environment.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper()
            if first["type"] == "extra_forbidden":
                raise BadSetting(f"{name} is not a setting of Waymark; `waymark settings` lists them.") from None
            raise BadSetting(f"{name} cannot be used: {first['msg']}.") from None
        return cls(**{name: getattr(read, name) for name in _Environment.model_fields})

    @staticmethod
    def table() -> tuple[tuple[str, str, str], ...]:
        """(variable, default, what it does) of every setting, for help and docs."""
        return tuple(
            (PREFIX + name.upper(), "" if f.default is None else str(f.default), f.description or "")
            for name, f in _Environment.model_fields.items()
        )

    def index_fingerprint(self) -> str:
        """Changes when a library must be built anew: with the model, its precision and the code that indexes."""
        return _digest({"embedder": self.embedder, "precision": self.precision, "code": index_code()})

    def answer_fingerprint(self) -> str:
        """Changes when the same question on the same library may be answered differently."""
        return _digest(
            {
                "index": self.index_fingerprint(),
                "reranker": self.reranker,
                "model": self.model,
                "model_url": self.model_url,
                "unsupported": self.unsupported,
            }
        )


# Read by the test runner and by the command's edge (tracebacks instead of a sentence), not by the product.
_NOT_OURS = frozenset({"WAYMARK_REQUIRE_BROWSER", "WAYMARK_DEBUG"})


def index_code() -> str:
    """Digest of what an index is written by: how terms are cut, vectors made and the search calibrated."""
    digest = hashlib.sha256()
    for name in (
        "words.py",
        "search.py",
        "calibration.py",
        "foreign_questions.txt",
        "embedding.py",
        "compile.py",
        "graph.py",
        "quantise.py",
    ):
        digest.update((files("corpus") / name).read_bytes())
    return digest.hexdigest()


def _digest(values: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
