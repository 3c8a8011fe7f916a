"""Settings: read once, refused clearly, and two fingerprints that change when they must and only then."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from corpus.errors import BadSetting, UsageError
from corpus.settings import DEFAULT_EMBEDDER, Settings


def test_defaults_need_nothing_set() -> None:
    settings = Settings.read({})
    assert settings.library == Path(".waymark")
    assert (settings.embedder, settings.precision) == (DEFAULT_EMBEDDER, "int8")
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert (settings.model, settings.model_url, settings.model_key, settings.chroma_url) == (None,) * 4
    assert settings.cache.is_absolute()


def test_values_are_read_from_the_environment_and_typed() -> None:
    settings = Settings.read(
        {
            "WAYMARK_LIBRARY": "/srv/guides",
            "WAYMARK_PORT": "8000",
            "WAYMARK_PRECISION": "float32",
            "WAYMARK_MODEL_DEADLINE": "2.5",
            "PATH": "/usr/bin",
        }
    )
    assert (settings.library, settings.port) == (Path("/srv/guides"), 8000)
    assert (settings.precision, settings.model_deadline) == ("float32", 2.5)


def test_an_empty_value_is_as_if_unset() -> None:
    assert Settings.read({"WAYMARK_CHROMA_URL": "", "WAYMARK_PORT": ""}) == Settings.read({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WAYMARK_PORT", "seventy"),
        ("WAYMARK_PORT", "0"),
        ("WAYMARK_PORT", "65536"),
        ("WAYMARK_PRECISION", "int4"),
        ("WAYMARK_THREADS", "0"),
        ("WAYMARK_MODEL_DEADLINE", "-1"),
        ("WAYMARK_WORKERS", "1.5"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"{name} cannot be used") as told:
        Settings.read({name: value})
    assert isinstance(told.value, UsageError)
    assert told.value.exit_code == 2


def test_a_misspelt_variable_is_named_rather_than_ignored() -> None:
    with pytest.raises(BadSetting, match="WAYMARK_LIBARY is not a setting"):
        Settings.read({"WAYMARK_LIBARY": "x"})


def test_the_process_overrides_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, *_ in Settings.table():
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("WAYMARK_PORT=8001\nWAYMARK_HOST=0.0.0.0\nOTHER=1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAYMARK_PORT", "8002")
    settings = Settings.read()
    assert (settings.host, settings.port) == ("0.0.0.0", 8002)


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings.read({}).port = 1  # type: ignore[misc]


def test_the_key_is_shown_nowhere() -> None:
    key = "sk-very-secret-1234"
    settings = Settings.read({"WAYMARK_MODEL_KEY": key, "WAYMARK_MODEL": "openai:x"})
    assert settings.model_key is not None
    assert settings.model_key.get_secret_value() == key
    assert key not in repr(settings) + str(settings)
    other = Settings.read({"WAYMARK_MODEL_KEY": "another", "WAYMARK_MODEL": "openai:x"})
    assert settings.answer_fingerprint() == other.answer_fingerprint()


@pytest.mark.parametrize(
    ("variables", "index_changes", "answer_changes"),
    [
        ({"WAYMARK_EMBEDDER": "other"}, True, True),
        ({"WAYMARK_PRECISION": "float32"}, True, True),
        ({"WAYMARK_MODEL": "openai:x"}, False, True),
        ({"WAYMARK_MODEL_URL": "http://127.0.0.1:1/v1"}, False, True),
        ({"WAYMARK_PORT": "1", "WAYMARK_THREADS": "1", "WAYMARK_LIBRARY": "x", "WAYMARK_CACHE": "y"}, False, False),
    ],
)
def test_fingerprints_change_with_what_they_stand_for(
    variables: dict[str, str], index_changes: bool, answer_changes: bool
) -> None:
    plain, changed = Settings.read({}), Settings.read(variables)
    assert (plain.index_fingerprint() != changed.index_fingerprint()) is index_changes
    assert (plain.answer_fingerprint() != changed.answer_fingerprint()) is answer_changes


def test_the_table_tells_every_setting() -> None:
    table = Settings.table()
    assert [name for name, *_ in table] == ["WAYMARK_" + field.name.upper() for field in fields(Settings)]
    assert all(what for *_, what in table)
