"""The workspace's key and what is derived from it.

One random root key a machine's user (the installation key) is copied into every workspace made there: the same person
then has the same pseudonym, and the same finding the same id, in every later run, with or without a workspace of its
own; and a workspace that is moved takes its key along.
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mingcha.errors import WorkspaceError

KEY_BYTES = 32
#: Folder of the installation key; set it to keep the key elsewhere (a server's protected volume, a test).
HOME_VARIABLE = "MINGCHA_HOME"


@dataclass(frozen=True)
class KeyRing:
    """Keys derived from one root key, 32 bytes each.

    pseudonyms   makes person, account and phone keys
    sealing      encrypts the vault
    findings     makes finding ids
    """

    pseudonyms: bytes
    sealing: bytes
    findings: bytes

    @classmethod
    def derive(cls, root: bytes) -> KeyRing:
        """The ring of a root key: the same root, the same ring."""

        def part(purpose: str) -> bytes:
            info = f"mingcha {purpose} 2026".encode()
            return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(root)

        return cls(part("pseudonyms"), part("sealing"), part("findings"))


def installation_home() -> Path:
    """Folder of the installation key on this machine."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("mingcha", appauthor=False)


def open_key_ring(folder: Path) -> KeyRing:
    """The ring of the vault in folder; a new vault takes over the installation's root key.

    Raises WorkspaceError where a key file is damaged: a new key would cut the workspace off from its own past.
    """
    own = folder / "root.key"
    if own.exists():
        return KeyRing.derive(_read(own))
    root = _installation_root()
    _write(own, root)
    return KeyRing.derive(root)


def _installation_root() -> bytes:
    path = installation_home() / "root.key"
    if path.exists():
        return _read(path)
    root = secrets.token_bytes(KEY_BYTES)
    try:
        _write(path, root)
    except FileExistsError:  # another run made it first
        return _read(path)
    except OSError:
        # a home that cannot be written to (read-only container): this run's key lives in its workspace alone
        return root
    return root


def _read(path: Path) -> bytes:
    try:
        root = base64.b64decode(path.read_bytes(), validate=True)
    except (OSError, ValueError) as error:
        raise WorkspaceError(
            "密钥文件读不出来。", remedy="请从备份恢复密钥文件，或换一个新的工作区。", code="vault.key"
        ) from error
    if len(root) != KEY_BYTES:
        raise WorkspaceError("密钥文件已损坏。", remedy="请从备份恢复密钥文件，或换一个新的工作区。", code="vault.key")
    return root


def _write(path: Path, root: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # written whole under another name first: a crash leaves no half key behind
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(base64.b64encode(root))
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            raise FileExistsError(path)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
