"""Front-end files that others made stand in the tree unchanged, each with its licence."""

from __future__ import annotations

import hashlib

from release.vendoring import ROOT, vendored


def test_each_file_is_the_one_that_was_chosen() -> None:
    """A file brought in from a package has the hash written beside it."""
    files = list(vendored())
    assert len(files) > 10
    for file in files:
        assert hashlib.sha256(file.place.read_bytes()).hexdigest() == file.sha256, file.place


def test_nothing_foreign_is_unlisted() -> None:
    """Every minified script and every font of the page comes from the list, and each package brings its licence."""
    files = list(vendored())
    places = {file.place for file in files}
    foreign = [path for path in (ROOT / "web" / "static").rglob("*") if path.suffix == ".woff2" or ".min." in path.name]
    assert foreign
    assert set(foreign) <= places
    for package in {file.package for file in files}:
        assert any("LICENSE" in file.inside for file in files if file.package == package), package
