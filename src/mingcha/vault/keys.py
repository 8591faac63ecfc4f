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
_FILE = "root.key"
#: Begins a key file whose persons are turned in blocks.
_IN_BLOCKS = b"blocks:"


@dataclass(frozen=True)
class KeyRing:
    """Keys derived from one root key, 32 bytes each.

    pseudonyms   makes account, phone and certificate keys
    sealing      encrypts the vault
    findings     makes finding ids
    persons      makes person keys; None: they are made as the others are
    """

    pseudonyms: bytes
    sealing: bytes
    findings: bytes
    persons: bytes | None

    @classmethod
    def derive(cls, root: bytes, *, is_alike: bool = False) -> KeyRing:
        """The ring of a root key: the same root, the same ring. is_alike: persons are turned as the others are."""

        def part(purpose: str) -> bytes:
            info = f"mingcha {purpose} 2026".encode()
            return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(root)

        return cls(part("pseudonyms"), part("sealing"), part("findings"), None if is_alike else part("persons"))


@dataclass(frozen=True)
class _Root:
    """What a key file holds. is_alike: see ``KeyRing.derive``; every file written before there was a choice is."""

    key: bytes
    is_alike: bool

    @property
    def ring(self) -> KeyRing:
        return KeyRing.derive(self.key, is_alike=self.is_alike)


def installation_home() -> Path:
    """Folder of the installation key on this machine."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("mingcha", appauthor=False)


def open_key_ring(folder: Path) -> KeyRing:
    """The ring of the vault in folder; a new vault takes over the installation's root key.

    Raises WorkspaceError where a key file is damaged: a new key would cut the workspace off from its own past.
    """
    own = folder / _FILE
    if own.exists():
        return _read(own).ring
    root = _installation_root()
    _write(own, root)
    return root.ring


def turn_persons_alike(folder: Path) -> KeyRing:
    """From now on the vault in folder, which must hold nothing yet, turns persons as all else: SQL alone can do it."""
    root = _Root(_read(folder / _FILE).key, is_alike=True)
    _write(folder / _FILE, root, is_new=False)
    return root.ring


def _installation_root() -> _Root:
    path = installation_home() / _FILE
    if path.exists():
        return _read(path)
    root = _Root(secrets.token_bytes(KEY_BYTES), is_alike=False)
    try:
        _write(path, root)
    except FileExistsError:  # another run made it first
        return _read(path)
    except OSError:
        # a home that cannot be written to (read-only container): this run's key lives in its workspace alone
        return root
    return root


def _read(path: Path) -> _Root:
    try:
        written = path.read_bytes()
        key = base64.b64decode(written.removeprefix(_IN_BLOCKS), validate=True)
    except (OSError, ValueError) as error:
        raise WorkspaceError(
            "密钥文件读不出来。", remedy="请从备份恢复密钥文件，或换一个新的工作区。", code="vault.key"
        ) from error
    if len(key) != KEY_BYTES:
        raise WorkspaceError("密钥文件已损坏。", remedy="请从备份恢复密钥文件，或换一个新的工作区。", code="vault.key")
    return _Root(key, is_alike=not written.startswith(_IN_BLOCKS))


def _write(path: Path, root: _Root, *, is_new: bool = True) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # written whole under another name first: a crash leaves no half key behind
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write((b"" if root.is_alike else _IN_BLOCKS) + base64.b64encode(root.key))
            out.flush()
            os.fsync(out.fileno())
        if is_new and path.exists():
            raise FileExistsError(path)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
