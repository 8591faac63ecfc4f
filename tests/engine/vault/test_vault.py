"""The vault reveals what was sealed, to whoever holds the key, and notices every change."""

from __future__ import annotations

import base64
import hmac
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.errors import WorkspaceError
from mingcha.vault import KeyRing, Vault, open_key_ring, turn_persons_alike
from mingcha.vault.among import share_among
from mingcha.vault.pseudonyms import Pseudonymiser

RING = KeyRing.derive(b"k" * 32)


def sealed(folder: Path, rows: list[tuple[str, int, str]], name: str = "s1") -> Vault:
    vault = Vault(folder, RING.sealing)
    path = vault.segment_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    kinds, keys, values = zip(*rows, strict=True)
    vault.write_segment(path, name, pa.table({"kind": kinds, "key": pa.array(keys, pa.int64()), "value": values}))
    return vault


def test_reveals_what_was_sealed_and_nothing_else(tmp_path: Path) -> None:
    vault = sealed(tmp_path, [("person", 7, "41142619900101001X"), ("phone", 7, "13900000000"), ("person", 9, "x")])
    assert vault.reveal("person", [7, 8], ["s1"]) == {7: "41142619900101001X"}
    assert vault.reveal("phone", [7], ["s1"]) == {7: "13900000000"}
    assert vault.reveal("account", [7], ["s1"]) == {}


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.integers(0, 2**60), st.text(max_size=20), min_size=1, max_size=50))
def test_any_keys_come_back(tmp_path_factory: pytest.TempPathFactory, values: dict[int, str]) -> None:
    vault = sealed(tmp_path_factory.mktemp("vault"), [("person", key, value) for key, value in values.items()])
    assert vault.reveal("person", values, ["s1"]) == values


def test_many_pages_open_only_where_needed(tmp_path: Path) -> None:
    vault = sealed(tmp_path, [("person", key, str(key)) for key in range(20_000)])
    assert vault.reveal("person", [0, 4096, 19_999], ["s1"]) == {0: "0", 4096: "4096", 19_999: "19999"}


def test_stretches_sealed_at_once_are_revealed_alike(tmp_path: Path) -> None:
    """Most numbers come again in later stretches, or few do: ranges of pages overlap, and a number may stand twice."""
    vault = Vault(tmp_path, RING.sealing)
    vault.segment_path("s1").parent.mkdir(parents=True)
    for step in (100, 9_000):
        with vault.segment(vault.segment_path("s1"), "s1") as segment, ThreadPoolExecutor(3) as threads:
            for start in range(0, 5 * step, step):
                keys = [key * 7919 % 100_003 for key in range(start, start + 10_000)]
                threads.submit(segment.add, "person", pa.array(keys), pa.array([f"n{key}" for key in keys])).result()
                threads.submit(segment.add, "phone", pa.array(keys[:1]), pa.array(["13900000000"])).result()
        asked = [key * 7919 % 100_003 for key in (0, 9_999, 4 * step, 4 * step + 9_999)]
        assert vault.reveal("person", [*asked, 100_003], ["s1"]) == {key: f"n{key}" for key in asked}
        assert vault.reveal("phone", asked[:1], ["s1"]) == {asked[0]: "13900000000"}


def test_a_segment_that_fails_leaves_no_file(tmp_path: Path) -> None:
    vault = Vault(tmp_path, bytes(32))
    path = tmp_path / "s1.parquet"

    def fails() -> None:
        with vault.segment(path, "s1") as segment:
            segment.add("person", pa.array([1], pa.int64()), pa.array(["一"]))
            raise ValueError("壳坏了")

    with pytest.raises(ValueError, match="壳坏了"):
        fails()
    assert not path.exists()


def test_a_stretch_without_numbers_is_no_error(tmp_path: Path) -> None:
    vault = Vault(tmp_path, RING.sealing)
    vault.segment_path("s1").parent.mkdir(parents=True)
    with vault.segment(vault.segment_path("s1"), "s1") as segment:
        for keys, values in (([], []), ([7], ["n7"])):
            segment.add("person", pa.array(keys, pa.int64()), pa.array(values, pa.string()))
    assert vault.reveal("person", [7], ["s1"]) == {7: "n7"}


def test_numbers_that_come_in_every_stretch_are_kept_once(tmp_path: Path) -> None:
    vault = Vault(tmp_path, RING.sealing)
    keys, values = pa.array(range(10_000)), pa.array([f"{key:018d}" for key in range(10_000)])
    sizes = []
    for stretches in (1, 9):
        with vault.segment(tmp_path / "a", "a") as segment:
            for _ in range(stretches):
                segment.add("person", keys, values)
                segment.add("person", keys.slice(0, 0), values.slice(0, 0))
        sizes.append((tmp_path / "a").stat().st_size)
    assert sizes[0] == pytest.approx(sizes[1], rel=0.01)


def test_no_number_stands_in_clear(tmp_path: Path) -> None:
    vault = sealed(tmp_path, [("person", 7, "41142619900101001X")])
    assert b"41142619900101001X" not in vault.segment_path("s1").read_bytes()


def test_a_changed_page_is_noticed(tmp_path: Path) -> None:
    vault = sealed(tmp_path, [("person", 7, "41142619900101001X")])
    table = pq.read_table(vault.segment_path("s1"))
    box = bytearray(table["sealed"][0].as_py())
    box[3] ^= 1
    pq.write_table(table.set_column(4, "sealed", pa.array([bytes(box)], pa.binary())), vault.segment_path("s1"))
    with pytest.raises(WorkspaceError, match="校验不通过"):
        vault.reveal("person", [7], ["s1"])


def test_a_page_of_another_segment_is_noticed(tmp_path: Path) -> None:
    vault = sealed(tmp_path, [("person", 7, "a")], "s1")
    vault.segment_path("s2").write_bytes(vault.segment_path("s1").read_bytes())
    with pytest.raises(WorkspaceError):
        vault.reveal("person", [7], ["s2"])


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_an_original_comes_back_whole(tmp_path: Path, size: int) -> None:
    vault = Vault(tmp_path, RING.sealing)
    source, target = tmp_path / "a", tmp_path / "b"
    content = bytes(i * 7 % 251 for i in range(1000)) * (size // 1000 + 1)
    source.write_bytes(content[:size])
    vault.seal_file(source, target)
    assert b"".join(vault.open_file(target)) == content[:size]


def test_an_original_cut_short_is_noticed(tmp_path: Path) -> None:
    vault = Vault(tmp_path, RING.sealing)
    (tmp_path / "a").write_bytes(b"x" * (3 << 20))
    vault.seal_file(tmp_path / "a", tmp_path / "b")
    chunk = 4 + 12 + (1 << 20) + 16
    (tmp_path / "b").write_bytes((tmp_path / "b").read_bytes()[: 2 * chunk])
    with pytest.raises(WorkspaceError):
        b"".join(vault.open_file(tmp_path / "b"))


def test_every_workspace_of_a_machine_has_the_same_pseudonyms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGCHA_HOME", str(tmp_path / "home"))
    first, second = open_key_ring(tmp_path / "w1"), open_key_ring(tmp_path / "w2")
    assert first == second
    monkeypatch.setenv("MINGCHA_HOME", str(tmp_path / "elsewhere"))
    assert open_key_ring(tmp_path / "w1") == first, "a workspace carries its own key"
    assert open_key_ring(tmp_path / "w3") != first


def test_a_machine_with_a_key_of_before_keeps_its_pseudonyms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGCHA_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "root.key").write_bytes(base64.b64encode(b"k" * 32))
    ring = open_key_ring(tmp_path / "w1")
    assert ring == open_key_ring(tmp_path / "w1") == KeyRing.derive(b"k" * 32, is_alike=True)
    keys = Pseudonymiser.of(ring)
    # as worked out by HMAC-SHA-256 under HKDF's key
    digest = hmac.digest(ring.pseudonyms, b"p:41142619900101001X", "sha256").hex()
    assert keys.person_of("41142619900101001X") == int(digest[:15], 16)


def test_a_new_machine_turns_persons_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGCHA_HOME", str(tmp_path / "home"))
    ring = open_key_ring(tmp_path / "w1")
    assert ring.persons is not None
    assert ring == open_key_ring(tmp_path / "w1") == open_key_ring(tmp_path / "w2")
    alike = turn_persons_alike(tmp_path / "w2")
    assert alike.persons is None
    assert open_key_ring(tmp_path / "w2") == alike
    assert (alike.pseudonyms, alike.sealing, alike.findings) == (ring.pseudonyms, ring.sealing, ring.findings)


def test_a_number_in_a_block_is_sealed_by_aes() -> None:
    """Worked out step by step: 17 digits and the last sign's place make 16 bytes, AES-256 seals them, 60 bits stay."""
    persons = bytes(range(32))
    block = (41142619900101001 * 16 + 10).to_bytes(16, "little")
    sealed_block = Cipher(algorithms.AES(persons), modes.CBC(bytes(16))).encryptor().update(block)
    expected = int.from_bytes(sealed_block, "little") % 2**60
    keys = Pseudonymiser(b"k" * 32, persons)
    assert keys.person_of("41142619900101001X") == expected
    assert keys.persons(pa.array(["41142619900101001X"])).to_pylist() == [expected]
    with pytest.raises(AssertionError):
        keys.person("n")


def test_a_damaged_key_is_never_replaced(tmp_path: Path) -> None:
    open_key_ring(tmp_path)
    (tmp_path / "root.key").write_bytes(b"short")
    with pytest.raises(WorkspaceError, match="密钥"):
        open_key_ring(tmp_path)


@pytest.mark.parametrize(("known", "share"), [(range(0, 10_000), 1.0), (range(20_000, 30_000), 0.0), (range(0), 0.0)])
def test_a_sample_tells_what_share_is_known(known: range, share: float) -> None:
    asked = pa.array(range(10_000), pa.int64())
    assert share_among(pa.array(known, pa.int64()), asked) == share
    assert share_among(pa.array(known, pa.int64()).cast(pa.string()), asked.cast(pa.string())) == share


def test_the_sample_is_of_the_whole_length() -> None:
    half = share_among(pa.array(range(5_000, 10_000), pa.int64()), pa.array(range(10_000), pa.int64()))
    assert half == pytest.approx(0.5, abs=0.02)
