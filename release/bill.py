"""The list of parts (SBOM, CycloneDX 1.6) of what is handed out, from the locks and the lists beside it: `make sbom`.

Run by the environment of `requirements-release.lock`; the licences are read from the packages in `.venv`.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import subprocess
import sys
import tomllib
import uuid
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

import yaml
from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from release.licences import licence_of_part

ROOT = Path(__file__).parents[1]
ENTRY = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ;.*?)?((?: --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def packages(lock: str, known: dict[str, Distribution]) -> Iterator[Component]:
    """Each package of a lock, with every hash under which it may be installed."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace(" \\\n    ", " ")
    for name, version, hashes in ENTRY.findall(text):
        said = licence_of_part(known[name]) if name in known else ""
        yield Component(
            type=ComponentType.LIBRARY,
            name=name,
            version=version,
            purl=PackageURL("pypi", None, name, version),
            bom_ref=f"pkg:pypi/{name}@{version}",
            licenses=[LicenseFactory().make_from_string(said)] if said else [],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in re.findall(r"sha256:(\w+)", hashes)],
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
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(file.read_bytes()).hexdigest())],
            )
            for file in files
        ],
    )


def interpreter() -> Component:
    """The Python that the program for Windows brings."""
    chosen = yaml.safe_load((ROOT / "release" / "windows" / "interpreter.yaml").read_text(encoding="utf-8"))
    return Component(
        type=ComponentType.PLATFORM,
        name="CPython",
        version=chosen["version"],
        bom_ref=f"cpython@{chosen['version']}",
        licenses=[LicenseFactory().make_from_string("PSF-2.0")],
        components=[
            Component(
                type=ComponentType.FILE,
                name=name,
                bom_ref=f"cpython/{name}",
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
            )
            for name, digest in chosen["files"].items()
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
    places = [str(place) for place in (ROOT / ".venv" / "lib").glob("python3.*/site-packages")]
    known = {one.metadata["Name"].lower().replace("_", "-"): one for one in distributions(path=places)}
    ours = [*front_end(), fonts()]
    lists = {
        f"dubi-{project['version']}.cdx.json": [*packages("requirements.lock", known), *ours],
        f"dubi-{project['version']}-windows.cdx.json": [
            *packages("requirements-windows.lock", known),
            *ours,
            interpreter(),
        ],
    }
    (ROOT / "dist").mkdir(exist_ok=True)
    for name, parts in lists.items():
        (ROOT / "dist" / name).write_text(bill(project["version"], when, parts), encoding="utf-8")
        sys.stdout.write(f"dist/{name}: {len(parts)} parts\n")


if __name__ == "__main__":
    main()
