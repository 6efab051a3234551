"""Forms left unfinished: kept as typed, and let go of where they cannot be read any more."""

from __future__ import annotations

from pathlib import Path

from desk.changes import unfinished


def test_a_kept_form_that_cannot_be_read_is_let_go_of(tmp_path: Path) -> None:
    """Whatever became of its file, it breaks no page and no erasing, and nothing of it stays; the others do."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    unfinished.keep(url, "add:", {"full_name": "Lò Thị Bình"})
    for content in (b"", b"[]", b"{", b"\xff", b'{"full_name": "Lo Thi"}', b'{"form": "x", "typed": "Lo Thi"}'):
        unfinished.keep(url, "buoc:HS-1", {"note": "một"})
        (file,) = (one for one in tmp_path.rglob("*") if one.is_file() and "HS-1" in one.read_text("utf-8"))
        file.write_bytes(content)
        assert unfinished.about(url, lambda form, _: form.startswith("buoc")) == ()
        assert unfinished.kept(url, "buoc:HS-1") == {}
        assert not file.exists()
        assert unfinished.kept(url, "add:") == {"full_name": "Lò Thị Bình"}
