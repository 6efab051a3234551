"""The handbook says what the desk shows: each picture is of the page as it is now, each word in bold stands on a page.

`make handbook` (DUBI_HANDBOOK=1) takes the pictures anew, and beside each keeps what the page said.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from release.handbook import MADE, SOURCES, handbook
from tests.web.chromium import CHROMIUM, Visit, chromium
from tests.web.conftest import TODAY
from tests.whole import only_whole
from web.app import make_app
from web.pages import STATIC
from web.sessions import Sessions

if TYPE_CHECKING:
    from playwright.sync_api import Page

ANEW = os.environ.get("DUBI_HANDBOOK") == "1"
SAID = Path(__file__).parents[1] / "handbook"
PICTURES = STATIC / "so-tay"
LIST = Path(__file__).parents[2] / "data" / "messy" / "m2.xlsx"
CASE = "/nguoi/HS-0184"
PERIOD = "tu=2026-01-01&den=2026-06-30"
SHOWN = """() => [document.body.innerText,
  ...[...document.querySelectorAll('option, title')].map(one => one.textContent)].join('\\n')"""

Go = Callable[[Visit], Iterator["Page"]]


def _beginning(visit: Visit) -> Iterator[Page]:
    page = visit.to("/bat-dau")
    yield page
    page.get_by_label("Mã đơn vị, ví dụ").fill("CB-21")
    page.get_by_label("Bấm để chọn, hoặc kéo thả").set_input_files(LIST)
    page.get_by_role("button", name="Nhập").click()
    page.wait_for_url("**/cot")
    yield page
    page.get_by_role("button", name="Xem trước").click()
    page.wait_for_url("**/xem*")
    yield page


def _a_step(visit: Visit) -> Iterator[Page]:
    page = visit.to(f"{CASE}/ghi")
    page.get_by_label("Bước", exact=True).select_option("admission_decided_on")
    page.get_by_label("Ngày", exact=True).fill("18/11/2026")
    page.get_by_label("Số văn bản").fill("15-QĐ/ĐU")
    page.get_by_role("button", name="Xem trước").click()
    page.wait_for_url("**/xem*")
    yield page
    yield visit.to(f"{CASE}/ghi")
    yield visit.to("/")


def _a_slip(visit: Visit) -> Iterator[Page]:
    page = visit.to(f"{CASE}/ghi?buoc=admission_decided_on")
    page.get_by_label("Ngày", exact=True).fill("18/11/2026")
    page.get_by_role("button", name="Xem trước").click()
    page.wait_for_url("**/xem*")
    if page.get_by_role("checkbox").count():
        page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Ghi", exact=True).click()
    page.wait_for_url("**da-ghi=*")
    yield page
    page.get_by_role("button", name="Hoàn tác").click()
    page.wait_for_url("**/nhat-ky/**")
    yield page


def _pages(*paths: str) -> Go:
    return lambda visit: (visit.to(path) for path in paths)


TASKS: dict[str, Go] = {
    "01-nhap-so": _beginning,
    "02-viec-phai-lam": _pages("/", "/?ngay=2026-10-01", "/quan-tri", "/quan-tri/lich"),
    "03-tim-nguoi": _pages(CASE, "/nguoi?q=nhung"),
    "04-ghi-mot-buoc": _a_step,
    "05-sua-va-hoan-tac": _a_slip,
    "06-them-chuyen-nguoi": _pages("/ghi/add", "/nguoi", CASE),
    "07-soan-giay-to": _pages(f"{CASE}/giay", CASE),
    "08-lap-bieu": _pages(f"/bieu/F2?{PERIOD}", "/bieu"),
    "09-xem-so-lieu": _pages(f"/so-lieu/admission.total/nguoi?{PERIOD}", f"/so-lieu?{PERIOD}"),
    "10-sao-luu": _pages("/quan-tri/sao-luu", "/quan-tri", "/quan-tri/ma-hoa", "/quan-tri/ban-giao"),
}
"""The pages of each task, the one of its picture first."""


def _said(page: Page) -> str:
    """What a page says, without the line of a form that tells one store from another."""
    lines = page.locator("main").inner_text().splitlines()
    return "".join(f"{line}\n" for line in lines if not line.startswith("Lấy từ kho"))


@pytest.fixture
def address(store: str, tmp_path: Path) -> Iterator[str]:
    """A desk on a copy of the store, on the same day every time; gives the address with the start key."""
    copied = tmp_path / "dubi.sqlite"
    shutil.copyfile(Path(store.removeprefix("sqlite:///")), copied)
    port = [0]
    app = make_app(f"sqlite:///{copied}", Sessions("handbook"), lambda: port[0], lambda: TODAY)
    app.state.user = "Lan"
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", ws="none"))
    listening = server.config.bind_socket()
    port[0] = listening.getsockname()[1]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port[0]}/vao?khoa=handbook"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


def test_it_is_what_the_sources_say() -> None:
    """What the desk shows is made from docs/so-tay; each task has its pages and its picture, and the list names it."""
    assert MADE.read_text(encoding="utf-8") == handbook(), "make docs"
    assert sorted(TASKS) == sorted(file.stem for file in SOURCES.glob("[0-9]*.md"))
    listed = (SOURCES / "README.md").read_text(encoding="utf-8")
    for name in TASKS:
        text = (SOURCES / f"{name}.md").read_text(encoding="utf-8")
        heading = text.partition("\n")[0].removeprefix("# ").partition(". ")[2]
        assert f"[{heading}]({name}.md)" in listed
        assert f"(../../web/static/so-tay/{name}.png)" in text


@only_whole
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt-get install chromium")
def test_pictures_and_words_are_those_of_the_pages(address: str) -> None:
    """Each page says what it said when its picture was taken; every word in bold is on a page of its task."""
    stale, lacking = list[str](), list[str]()
    with chromium() as browser:
        for name, go in TASKS.items():
            visit = Visit(browser, address, 1000, 720)
            shown = ""
            for number, page in enumerate(go(visit)):
                page.wait_for_load_state("networkidle")
                shown += page.evaluate(SHOWN) + "\n"
                if number == 0:
                    kept, said = SAID / f"{name}.txt", _said(page)
                    if ANEW:
                        kept.write_text(said, encoding="utf-8")
                        page.screenshot(path=PICTURES / f"{name}.png")
                    elif kept.read_text(encoding="utf-8") != said:
                        stale.append(name)
            text = " ".join((SOURCES / f"{name}.md").read_text(encoding="utf-8").split())
            here = " ".join(shown.split()).casefold()
            lacking += [f"{name}: {word}" for word in re.findall(r"\*\*(.+?)\*\*", text) if word.casefold() not in here]
            assert visit.complaints == []
    assert (stale, lacking) == ([], []), "make handbook"
