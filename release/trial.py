"""One way through the program for every form it is handed out in: what each step answers, and the files it writes.

Whatever runs it, from the sources, from a wheel or on Windows, has to give the same bytes where `same` is said.
"""

from __future__ import annotations

import re
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROSTER = ROOT / "examples" / "dang-bo-co-so.xlsx"
PATIENCE = 300.0
"""Seconds for one step; on a slow machine a first start takes half a minute."""


@dataclass(frozen=True)
class Step:
    """A command line, the file it writes, if any, and whether its answer is the same everywhere."""

    name: str
    line: str
    writes: str = ""
    same: bool = True  # not where a moment, a store's own name or a nonce is in it
    code: int = 0
    piped: str = ""
    key: bool = False
    """Whether a file tells it the passphrase."""


PASSPHRASE = "năm từ dễ nhớ thôi"  # noqa: S105  # of a trial
KEY_FILE = "mật-khẩu.txt"
ABOVE = "--password-stdin --store cấp-trên.sqlite"
LATE = "--as-of 2024-10-31 --field late_reason=ốm --field remedy=nhắc"
PERIOD = "--from 2020-07-01 --to 2024-10-31"
STEPS = (
    Step("version", "--version"),
    Step("init", "init", same=False),
    Step("import", "import so-goc.xlsx --apply", same=False),
    Step("check", "check --as-of 2024-10-31 --json"),
    Step("check as CSV", "check --as-of 2024-10-31 --csv"),
    Step("units", "units --as-of 2024-10-31 --json"),
    Step("explain", "explain HS-0138 --as-of 2024-10-31 --json"),
    Step("stats", f"stats {PERIOD} --json"),
    Step("timings", f"timings {PERIOD} --json"),
    Step("record", "record HS-0404 sinh-hoat-chi-bo --on 04/10/2024", same=False),
    Step("check after recording", "check --as-of 2024-10-31 --json"),
    Step("undo", "undo", same=False),
    Step("check after undoing", "check --as-of 2024-10-31 --json"),
    Step("overdue list", "check --as-of 2024-10-31 --xlsx quá-hạn.xlsx", "quá-hạn.xlsx"),
    Step("form as .xlsx", f"report F2 so-goc.xlsx {PERIOD} --xlsx biểu-2.xlsx", "biểu-2.xlsx"),
    Step("form as .docx", f"report F2 so-goc.xlsx {PERIOD} --docx biểu-2.docx", "biểu-2.docx"),
    Step("form as .pdf", f"report F2 so-goc.xlsx {PERIOD} --pdf biểu-2.pdf", "biểu-2.pdf", same=False),
    Step("form of the store", f"report F2 {PERIOD} --xlsx biểu-của-kho.xlsx", "biểu-của-kho.xlsx", same=False),
    Step("template", "template sổ-trống.xlsx", "sổ-trống.xlsx"),
    Step("export", "export sổ-xuất.xlsx", "sổ-xuất.xlsx", same=False),
    Step("doctor", "doctor --json", same=False, code=1),
    Step("encrypt", "store encrypt --password-stdin --backups rewrite", same=False, piped=f"{PASSPHRASE}\n"),
    Step("check of an encrypted store", "check --as-of 2024-10-31 --json", key=True),
    Step("record in an encrypted store", "record HS-0404 sinh-hoat-chi-bo --on 04/10/2024", same=False, key=True),
    Step("form of an encrypted store", f"report F2 {PERIOD} --json", key=True),
    Step("decrypt", "store decrypt --backups rewrite", same=False, key=True),
    Step("check after decrypting", "check --as-of 2024-10-31 --json"),
    Step("backup", "backup bản-sao.sqlite", "bản-sao.sqlite", same=False),
    Step("erase a person", "person erase HS-0405 --ground Đơn-12/2026 --confirm", same=False),
    Step("check after erasing", "check --as-of 2024-10-31 --json"),
    Step("restore", "restore bản-sao.sqlite --confirm", same=False),
    Step("check after restoring", "check --as-of 2024-10-31 --json"),
    Step("log verified", "log verify", same=False),
    Step("export a person", "person export HS-0404 người.docx", "người.docx", same=False),
    Step("keys to seal by", "handover key nhận --password-stdin", "nhận.khoa", same=False, piped=f"{PASSPHRASE}\n"),
    Step("sealed roster", "handover send --to nhận.cong-khai gửi.kin", "gửi.kin", same=False),
    Step("store of the level above", "init --store cấp-trên.sqlite", same=False),
    Step("taken in", f"import gửi.kin --key nhận.khoa {ABOVE} --apply", same=False, piped=f"{PASSPHRASE}\n"),
    Step("check of the level above", "check --store cấp-trên.sqlite --as-of 2024-10-31 --json"),
    Step("work list", "list --as-of 2024-10-01 --xlsx việc.xlsx", "việc.xlsx"),
    Step("paper", f"paper giai-trinh-cham HS-0115 {LATE} --out giải-trình.docx", "giải-trình.docx"),
    Step("calendar", "remind --as-of 2024-10-01 --ics lịch.ics", "lịch.ics", same=False),
    Step("columns", "export kho.parquet --as-of 2024-10-31", "kho.parquet", same=False),
    Step("sweep", "sweep --input kho.parquet --output kết-quả --as-of 2024-10-31", same=False),
    Step("impact assessment", "privacy file đánh-giá.docx", "đánh-giá.docx", same=False),
    Step("first user", "user add quan.tri --password-stdin", same=False, piped=f"{PASSPHRASE}\n"),
    Step("nobody signed in", "check --as-of 2024-10-31 --json", code=2),
    Step("sign in", "sign-in quan.tri --password-stdin", same=False, piped=f"{PASSPHRASE}\n"),
    Step("encrypt with users", "store encrypt --password-stdin --backups rewrite", same=False, piped=f"{PASSPHRASE}\n"),
    Step("another key", "store rekey --raw --password-stdin", same=False, piped=f"{PASSPHRASE}\n", key=True),
    Step("grant", "user grant quan.tri committee DU", same=False, key=True),
    Step("check by the committee", "check --as-of 2024-10-31 --json", key=True),
    Step("sign out", "sign-out", same=False, key=True),
)
"""The doctor ends with 1: the shipped roster has what must be looked at."""


class TrialFailed(Exception):
    """A step did not do what it should; the sentence names it and what the program said."""


FEW = tuple(
    step for step in STEPS if step.name in {"version", "init", "import", "check"} or step.name.startswith("form")
)
"""Enough to see that an installed program has all its parts."""


def go_through(
    program: Sequence[str], folder: Path, environment: Mapping[str, str], steps: Sequence[Step] = STEPS
) -> dict[str, bytes]:
    """Run the steps in an empty folder; what each answered on stdout, or the file it wrote, by its name.

    Raises `TrialFailed` for a wrong exit code, a missing file or an answer where there must be none.
    """
    (folder / "so-goc.xlsx").write_bytes(ROSTER.read_bytes())
    (folder / KEY_FILE).write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return {step.name: _one(step, program, folder, environment) for step in steps}


def _one(step: Step, program: Sequence[str], folder: Path, environment: Mapping[str, str]) -> bytes:
    command = [*program, *step.line.split()]
    told = {**environment, **({"DUBI_KEY_FILE": KEY_FILE} if step.key else {})}
    ran = subprocess.run(
        command, cwd=folder, env=told, input=step.piped.encode(), capture_output=True, timeout=PATIENCE
    )
    said = ran.stderr.decode("utf-8", errors="replace")
    if ran.returncode != step.code:
        raise TrialFailed(f"{step.name} ended with {ran.returncode}: {said}{ran.stdout.decode(errors='replace')}")
    if not step.writes:
        return ran.stdout
    file = folder / step.writes
    if not file.is_file() or not file.stat().st_size:
        raise TrialFailed(f"{step.name} wrote no file “{step.writes}”: {said}")
    return file.read_bytes()


def differences(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """The steps whose answers should be the same everywhere and are not."""
    return [step.name for step in STEPS if step.same and one.get(step.name) != other.get(step.name)]


PAGES = ("/", "/nguoi", "/nguoi/HS-0138", "/so-lieu", "/bieu", "/don-vi", "/nhat-ky", "/quy-tac", "/quan-tri")


@contextmanager
def serving(program: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """`dubi web` while the block runs; gives the address that opens it. Raises `TrialFailed` where none is said."""
    command = [*program, "web", "--no-browser"]
    with subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().decode().strip()
            if not address.startswith("http://127.0.0.1:"):
                raise TrialFailed(f"web said no address, but “{address}”")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def visit(address: str) -> Callable[[str], bytes]:
    """A visitor without a browser, let in by the start key; gives what fetches a page and raises OSError if refused."""
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
    )
    origin = address.partition("/vao")[0]

    def page(path: str) -> bytes:
        with opener.open(origin + path, timeout=PATIENCE) as response:
            return bytes(response.read())

    with opener.open(address, timeout=PATIENCE):
        return page


def look_around(address: str) -> None:
    """Open every screen and every file that the first page names; raises `TrialFailed`, OSError."""
    page = visit(address)
    for path in PAGES:
        if b"</html>" not in page(path):
            raise TrialFailed(f"{path} is no page")
    style = re.findall(rb'"(/tinh/[^"]+)"', page("/"))
    fonts = [b"/tinh/" + name for name in re.findall(rb"(fonts/[^\"')]+)", page("/tinh/dubi.css"))]
    if len(style) < 3 or not fonts:
        raise TrialFailed("the first page names no files of its own, or the style no font")
    for path in (*style, *fonts):
        if not page(path.decode()):
            raise TrialFailed(f"{path.decode()} is empty")
