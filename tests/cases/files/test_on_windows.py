"""What differs on Windows, as far as it can be tried anywhere: whose zip it is, syncing, stores elsewhere."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from cases.store.connection import initialise, open_to_read, querying, writing
from cases.values import places
from cases.values.whole_file import same_everywhere, sync, whole_file
from rules.loader.errors import StoreProblem


def a_zip(path: Path, system: int) -> bytes:
    """A zip as a program on some system writes it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/sổ.xml", "trống.xml"):
            info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            info.create_system, info.comment, info.extra = system, b"a word", b"\x01\x00\x02\x00ab"
            archive.writestr(info, b"PK\x01\x02 is no entry" * 50 if name != "trống.xml" else b"")
    return path.read_bytes()


def test_a_zip_does_not_say_which_system_made_it(tmp_path: Path) -> None:
    """Files of Windows and of Linux become the same bytes, which are those of Linux, and stay whole."""
    path = tmp_path / "sổ.xlsx"
    of_linux = a_zip(path, 3)
    same_everywhere(path)
    assert path.read_bytes() == of_linux
    assert a_zip(path, 0) != of_linux
    same_everywhere(path)
    assert path.read_bytes() == of_linux
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


def test_the_one_writer_of_files_sees_to_it(tmp_path: Path) -> None:
    """Whatever writes a zip writes it through `whole_file`; what is no zip, or is empty, is left as it is."""
    with whole_file(tmp_path / "a.docx", replace=False) as draft:
        a_zip(draft, 0)
    of_windows = (tmp_path / "a.docx").read_bytes()
    assert of_windows == a_zip(tmp_path / "b.docx", 3)
    for content in (b"", b"PK", b"%PDF-1.7 and so on"):
        with whole_file(tmp_path / "c.pdf", replace=True) as draft:
            draft.write_bytes(content)
        assert (tmp_path / "c.pdf").read_bytes() == content


def test_what_is_synced_is_open_for_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to sync a file that was opened to be read; a folder it does not open is no failure."""
    flags: list[int] = []
    real = os.open

    def opened(path: Path, flag: int) -> int:
        if path.is_dir():
            raise PermissionError(path)
        flags.append(flag)
        return real(path, flag)

    monkeypatch.setattr(os, "open", opened)
    (tmp_path / "a").write_bytes(b"a")
    sync(tmp_path / "a")
    sync(tmp_path)
    assert flags == [os.O_RDWR]


@pytest.mark.parametrize(
    ("path", "elsewhere"),
    [
        (r"\\server\share\dubi.sqlite", True),
        (r"\\?\UNC\server\share\dubi.sqlite", True),
        (r"\\?\C:\Sổ\dubi.sqlite", False),
        (r"D:\Sổ của chị Hoa\dubi.sqlite", False),
        (r"Z:\dubi.sqlite", True),
    ],
)
def test_a_store_on_another_machine_is_told(path: str, elsewhere: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A share is told by its name, and a drive letter that stands for one by what Windows says of it."""
    monkeypatch.setattr(places, "_stands_for_another", lambda letter: letter == "Z:")
    assert places.on_network(PureWindowsPath(path)) is elsewhere
    assert not places.on_network(PurePosixPath("//server/share/dubi.sqlite"))


def test_every_door_of_a_store_refuses_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Making, reading and writing are refused with what to do instead, and nothing is made."""
    there = tmp_path / "there.sqlite"
    url = f"sqlite:///{there}"
    initialise(url)
    monkeypatch.setattr(places, "on_network", lambda _path: True)
    new = f"sqlite:///{tmp_path / 'new.sqlite'}"
    for made in (new, url):
        with pytest.raises(StoreProblem, match="dubi web --office"):
            initialise(made)
    for within in (querying, writing):
        with pytest.raises(StoreProblem, match="nằm trên máy khác trong mạng"), within(url):
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.sqlite"]


def test_sqlite_is_given_the_name_of_the_machine(tmp_path: Path) -> None:
    """A backup on a share is opened by an address with an empty authority; any other path stays as it was."""
    assert places.uri_of(PureWindowsPath(r"\\server\share\sao lưu.sqlite")) == (
        "file:////server/share/sao%20l%C6%B0u.sqlite"
    )
    assert places.uri_of(PureWindowsPath(r"C:\a#b.sqlite")) == "file:///C:/a%23b.sqlite"
    path = tmp_path / "Sổ của chi bộ 100%?#.sqlite"
    sqlite3.connect(path).close()
    open_to_read(path).close()
