"""A list that was sent is kept as it was, for the program alone, and deleted without a trace."""

import io
from pathlib import Path

import pytest

from services.kept_lists import ListGone, drop_all, drop_list, keep_list, open_kept


def test_what_was_kept_is_what_was_sent(tmp_path: Path) -> None:
    kept = keep_list(tmp_path / "lists", io.BytesIO(b"a,b\n"), "list.csv")
    with open_kept(kept) as opened:
        assert opened.read() == b"a,b\n"
    assert "list" not in kept.file.name


def test_nothing_stays_of_a_list_that_could_not_be_copied(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it says nothing
        keep_list(tmp_path, Broken(), "list.csv")
    assert list(tmp_path.iterdir()) == []


def test_what_is_open_can_be_read_after_it_was_dropped(tmp_path: Path) -> None:
    kept = keep_list(tmp_path, io.BytesIO(b"a,b\n"), "list.csv")
    with open_kept(kept) as opened:
        drop_list(kept)
        assert opened.read() == b"a,b\n"
    with pytest.raises(ListGone):
        open_kept(kept)
    drop_list(kept)


def test_a_list_that_was_changed_is_not_opened(tmp_path: Path) -> None:
    kept = keep_list(tmp_path, io.BytesIO(b"a,b\n"), "list.csv")
    kept.file.write_bytes(b"a,c\n")
    with pytest.raises(ListGone):
        open_kept(kept)


def test_all_are_dropped_at_once_also_where_there_are_none(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    drop_all(folder)
    keep_list(folder, io.BytesIO(b"a"), "list.csv")
    drop_all(folder)
    assert not folder.exists()
