"""The vault (保险箱): keyed pseudonyms for the lake, clear numbers under authenticated encryption beside it."""

from mingcha.vault.keys import KeyRing, open_key_ring, turn_persons_alike
from mingcha.vault.store import Vault

__all__ = ["KeyRing", "Vault", "open_key_ring", "turn_persons_alike"]
