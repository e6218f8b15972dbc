"""The signing key is made once, for its owner only, and a damaged one is never replaced."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from documents.keys import DamagedKey, load_or_create_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "signing.pem"


def test_a_key_is_for_its_owner_only(path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_create_key(path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_second_load_gives_the_same_key(path: Path) -> None:
    assert load_or_create_key(path).public == load_or_create_key(path).public


def test_nothing_but_the_key_is_left_behind(path: Path) -> None:
    load_or_create_key(path)
    assert list(path.parent.iterdir()) == [path]


def test_all_who_begin_at_once_have_the_same_key(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(load_or_create_key, [path] * 40))
    assert len({key.public for key in keys}) == 1


@pytest.mark.parametrize("damage", ["", "-----BEGIN PRIVATE KEY-----\n", "ក"])
def test_a_damaged_key_is_named_and_kept(path: Path, damage: str) -> None:
    path.write_text(damage, "utf-8")
    with pytest.raises(DamagedKey, match=str(path)):
        load_or_create_key(path)
    assert path.read_text("utf-8") == damage


def test_a_torn_key_is_damaged(path: Path) -> None:
    load_or_create_key(path)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DamagedKey, match=str(path)):
        load_or_create_key(path)


def test_a_key_of_another_kind_is_damaged(path: Path) -> None:
    other = generate_private_key(SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(DamagedKey, match="Ed25519"):
        load_or_create_key(path)


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_or_create_key(tmp_path / "missing" / "signing.pem")
