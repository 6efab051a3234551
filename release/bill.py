"""The list of parts (SBOM, CycloneDX 1.6) of what is handed out, from the locks and the lists beside it: `make sbom`.

Run by the environment of `requirements-release.lock`. Licences, and what is compiled into a package, are read from the
packages themselves: those in `.venv`, and for Windows those in the zip that `make windows` has made.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
import uuid
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

import yaml
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from release.inside import NO_LICENCE, Inside, inside, name_of, of_package
from release.licences import licence_of_part

ROOT = Path(__file__).parents[1]
ENTRY = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ;.*?)?((?: --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def packages(lock: str, places: list[str]) -> Iterator[Component]:
    """Each package of a lock, with every hash under which it may be installed, and what is compiled into it.

    Exits with a sentence where the packages that are there are not those of the lock.
    """
    known = {name_of(one): one for one in distributions(path=places)}
    text = (ROOT / lock).read_text(encoding="utf-8").replace(" \\\n    ", " ")
    for name, version, hashes in ENTRY.findall(text):
        part: Distribution | None = known.get(name)
        if part is None or part.version != version:
            sys.exit(
                f"{lock} wants {name} {version}; what is there is {part.version if part else 'nothing'}: make it anew"
            )
        yield Component(
            type=ComponentType.LIBRARY,
            name=name,
            version=version,
            purl=PackageURL("pypi", None, name, version),
            bom_ref=f"pkg:pypi/{name}@{version}",
            licenses=[LicenseFactory().make_from_string(licence_of_part(part))],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in re.findall(r"sha256:(\w+)", hashes)],
            components=[compiled_in(name, one) for one in inside(part)],
        )


def compiled_in(name: str, one: Inside) -> Component:
    """A library that is compiled into the package of this name."""
    return Component(
        type=ComponentType.LIBRARY,
        name=one.name,
        version=one.version or None,
        purl=PackageURL.from_string(one.purl) if one.purl else None,
        bom_ref=f"{name}/{one.name}@{one.version}",
        licenses=[] if one.licence == NO_LICENCE else [LicenseFactory().make_from_string(one.licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one.sha256)] if one.sha256 else [],
    )


def front_end() -> Iterator[Component]:
    """What the desk's pages bring along that others made; what only the tests use is left out."""
    for package in yaml.safe_load((ROOT / "release" / "vendored.yaml").read_text(encoding="utf-8")):
        if not all(file["to"].startswith("web/") for file in package["files"]):
            continue
        group, _, name = package["package"].rpartition("/")
        digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
        yield Component(
            type=ComponentType.LIBRARY,
            name=name,
            group=group or None,
            version=package["version"],
            purl=PackageURL("npm", group or None, name, package["version"]),
            bom_ref=f"npm:{package['package']}",
            licenses=[LicenseFactory().make_from_string(package["licence"])],
            hashes=[HashType(alg=HashAlgorithm.SHA_512, content=digest)],
        )


def fonts() -> Component:
    """The typeface that forms are printed in."""
    files = sorted((ROOT / "reports" / "fonts").glob("*.ttf"))
    return Component(
        type=ComponentType.LIBRARY,
        name="Liberation Serif",
        bom_ref="liberation-serif",
        licenses=[LicenseFactory().make_from_string("OFL-1.1")],
        components=[
            Component(
                type=ComponentType.FILE,
                name=file.name,
                bom_ref=f"liberation-serif/{file.name}",
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=_sha256(file.read_bytes()))],
            )
            for file in files
        ],
    )


def interpreter(archive: zipfile.ZipFile) -> Component:
    """The Python that the program for Windows brings, which may be a newer one than the pinned one."""
    parties = archive.read("Dubi/THIRD-PARTY.txt").decode("utf-8")
    (version,) = re.findall(r"^Python ([\d.]+): ", parties, re.MULTILINE)
    own = {name for name in archive.namelist() if name.endswith((".exe", ".dll", ".pyd", "python313.zip"))}
    files = sorted(name for name in own if name.count("/") == 1)
    return Component(
        type=ComponentType.PLATFORM,
        name="CPython",
        version=version,
        bom_ref=f"cpython@{version}",
        licenses=[LicenseFactory().make_from_string("PSF-2.0")],
        components=[
            *(compiled_in("cpython", one) for one in of_package("cpython")),
            *(
                Component(
                    type=ComponentType.FILE,
                    name=Path(name).name,
                    bom_ref=f"cpython/{Path(name).name}",
                    hashes=[HashType(alg=HashAlgorithm.SHA_256, content=_sha256(archive.read(name)))],
                )
                for name in files
            ),
        ],
    )


def bill(version: str, when: dt.datetime, parts: list[Component]) -> str:
    """The list as JSON; the same parts give the same bytes. Exits with what is wrong where it is not valid."""
    dubi = Component(
        type=ComponentType.APPLICATION,
        name="dubi",
        version=version,
        bom_ref="dubi",
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )
    made = Bom(components=parts)
    made.metadata.component, made.metadata.timestamp = dubi, when
    made.register_dependency(dubi, parts)
    made.serial_number = uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(sorted(str(part.bom_ref) for part in parts)))
    text = str(JsonV1Dot6(made).output_as_string(indent=1)) + "\n"
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"The list of parts is not valid: {problem}")
    return text


def main() -> None:
    """Write the lists of the package and of the program for Windows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = subprocess.run(
        ["git", "log", "-1", "--format=%cI"], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    when = dt.datetime.fromisoformat(said.strip())
    here = [str(place) for place in (ROOT / ".venv" / "lib").glob("python3.*/site-packages")]
    version, ours = project["version"], [*front_end(), fonts()]
    lists = {f"dubi-{version}.cdx.json": [*packages("requirements.lock", here), *ours]}
    made = ROOT / "dist" / f"dubi-{version}-windows.zip"
    if not made.is_file():
        sys.exit(f"{made.name} is not there, whose parts are to be listed: make windows")
    with zipfile.ZipFile(made) as archive, tempfile.TemporaryDirectory() as scratch:
        archive.extractall(scratch, [name for name in archive.namelist() if ".dist-info/" in name])
        there = [str(Path(scratch) / "Dubi" / f"lib-{version}")]
        of_windows = [*packages("requirements-windows.lock", there), *ours, interpreter(archive)]
    lists[f"dubi-{version}-windows.cdx.json"] = of_windows
    for name, parts in lists.items():
        (ROOT / "dist" / name).write_text(bill(version, when, parts), encoding="utf-8")
        within = sum(len(part.components) for part in parts)
        sys.stdout.write(f"dist/{name}: {len(parts)} parts, {within} inside them\n")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
