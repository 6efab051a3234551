"""Stories in a real browser: every screen, light and dark, at three widths and at 200 %, nothing foreign asked."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.changes import drafts
from desk.changes.values import Correct
from desk.desk import Desk
from tests.web.chromium import CHROMIUM, Look, Visit, chromium, serving
from tests.whole import WHOLE, some
from web.pages import NAVIGATION

if TYPE_CHECKING:
    from playwright.sync_api import Browser

if not CHROMIUM:
    pytest.skip("no Chromium on this machine: apt-get install chromium", allow_module_level=True)

SCREENS = (
    "/",
    "/?ngay=2025-03-01&muc=overdue",
    "/dieu-moi",
    "/nguoi?q=nhung",
    "/nguoi/HS-0184",
    "/so-lieu?tu=2024-01-01&den=2024-12-31",
    "/so-lieu/admission.total/nguoi?tu=2024-01-01&den=2024-12-31",
    "/bieu",
    "/bieu/F2?tu=2024-01-01&den=2024-12-31",
    "/don-vi",
    "/lop",
    "/thoi-gian?tu=2024-01-01&den=2024-12-31",
    "/nhat-ky",
    "/quy-tac",
    "/quy-tac/recognition.past_cell_window",
    "/quan-tri",
    "/tro-giup",
    "/so-tay",
    "/so-tay/04-ghi-mot-buoc",
    "/nguoi/HS-0184/ghi",
    "/nguoi/HS-0184?buoc=cell_proposed_recognition_on&vao=28/11/2026",
    "/nguoi/HS-0184/giay",
    "/giay?don-vi=CB-04",
    "/so-lieu/tong-quan?tu=2024-01-01&den=2024-12-31",
    "/sap-toi",
    "/quy-tac/doi-chieu",
    "/quan-tri/quy-dinh",
    "/quan-tri/sao-luu",
    "/quan-tri/lich",
    "/quan-tri/ban-giao",
    "/quan-tri/ma-hoa",
    "/quan-tri/du-lieu-ca-nhan",
    "/bat-dau",
    "/ghi/together?cases=HS-0184&cases=HS-0001",
    "/nhap",
    "/ghi/add",
    "/ghi/correct?case=HS-0184",
)
"""Every screen that answers, in a state that shows something."""

LIST = Path(__file__).parents[2] / "data" / "messy" / "m2.xlsx"
"""A list with rows to mend and to answer, for the pages of the import."""

WIDTHS = ((1280, 800), (1024, 600), (360, 740))


@pytest.fixture(scope="module")
def copy(store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store, beside which its desk has its own folder."""
    copied = tmp_path_factory.mktemp("home") / "dubi.sqlite"
    shutil.copyfile(Path(store.removeprefix("sqlite:///")), copied)
    return copied


@pytest.fixture(scope="module")
def address(copy: Path) -> Iterator[str]:
    """A running desk on that copy."""
    with serving(copy, copy.parent) as said:
        yield said


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    """One browser for all stories."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(started: Browser) -> Iterator[Browser]:
    """That browser; no visit of a story outlives it, for every open page waits for news of the desk."""
    yield started
    for context in started.contexts:
        context.close()


LOOKS: tuple[tuple[str, tuple[int, int], Look], ...] = (
    ("light", WIDTHS[0], "whole"),
    ("dark", WIDTHS[0], "colours"),
    *(("light", size, "form") for size in (*WIDTHS[1:], (640, 400))),
)
"""How a page is looked at; the last is a window of 1280 × 800 at 200 %.

Colours are the same at every width, and in the dark nothing is otherwise but colours.
"""


def test_every_screen_is_fit_for_everybody(browser: Browser, address: str, copy: Path) -> None:
    """axe finds nothing, nothing foreign is asked, nothing is complained of, and no page is wider than its window.

    A page is sent once, and the window around it changes. axe looks at each in every way; `make test` takes a fifth of
    the pages, and axe looks at each in one way, which is another from page to page.
    """
    waits = drafts.begin(f"sqlite:///{copy}", LIST.name, LIST.read_bytes())
    visit = Visit(browser, address)
    for number, screen in enumerate(some((*SCREENS, f"/nhap/{waits.name}/cot", f"/nhap/{waits.name}/xem"))):
        page = visit.to(screen)
        for way, (scheme, (width, height), look) in enumerate(LOOKS):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= width, (width, screen, wide)
            if WHOLE or way == number % len(LOOKS):
                assert visit.violations(look) == [], (scheme, width, screen)
    assert visit.foreign == []
    assert visit.complaints == []


def test_the_work_list_is_walked_by_keys(browser: Browser, address: str) -> None:
    """`j` goes down the list, Enter opens a person, `1` goes back, `/` goes to the search, `?` tells the keys."""
    page = Visit(browser, address).to("/")
    first = page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=2)).first
    name = first.get_by_role("link").first.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nguoi/**")
    assert page.get_by_role("heading", level=1).inner_text() == name
    page.keyboard.press("1")
    page.wait_for_url(lambda url: "/nguoi" not in url)
    page.keyboard.press("/")
    page.keyboard.type("dang thi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nguoi?*")
    assert "Đặng Thị" in page.get_by_role("table").inner_text()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()


def test_every_screen_has_its_key(browser: Browser, address: str) -> None:
    """Each entry of the navigation is opened by its key, and says by its heading and its mark that it is there."""
    visit = Visit(browser, address)
    page = visit.to("/tro-giup")
    for item in NAVIGATION:
        page.wait_for_load_state()  # a key is heard once the page's script has come
        page.keyboard.press(item.key)
        here = page.get_by_role("navigation", name="Các màn hình").locator("[aria-current=page]")
        here.filter(has_text=item.label).wait_for()
        assert page.get_by_role("heading", level=1).count() == 1
        page.get_by_role("heading", level=1).click()  # out of a field that takes what is typed
    assert visit.complaints == []


def test_a_step_is_recorded_without_a_mouse(browser: Browser, address: str, copy: Path) -> None:
    """From the work list to a step that is written and taken back: no more than twelve keys to write it."""
    keys = (
        ("j", ""),
        ("Enter", "**/nguoi/**"),
        ("g", "**/ghi?buoc=*"),
        ("n", ""),
        ("a", ""),
        ("y", ""),
        ("Enter", "**/ghi/xem?*"),
    )
    visit = Visit(browser, address)
    page = visit.to("/?muc=overdue&giu=cell")
    desk = Desk(f"sqlite:///{copy}", today=dt.date.today())
    before = desk.log(1).number
    for key, leads_to in keys:
        page.keyboard.press(key)
        if leads_to:
            page.wait_for_url(leads_to)  # and until it is loaded: a key is heard once the page's script has come
    pressed = len(keys)
    if page.get_by_role("checkbox").count():
        page.keyboard.press("Space")
        pressed += 1
    page.keyboard.press("Enter")
    page.wait_for_url("**da-ghi=*")
    assert pressed + 1 <= 12
    assert desk.log(1).number == before + 1
    page.keyboard.press("u")
    page.wait_for_url("**/nhat-ky/**")
    assert desk.log(1).number == before + 2
    assert visit.complaints == []


def test_everything_that_is_sent_needs_no_script(browser: Browser, address: str) -> None:
    """Without scripts rows and a day are chosen, somebody is found, tried on another day, recorded, taken back."""
    page = Visit(browser, address, scripts=False).to("/nguoi?q=thach+nhung")
    page.get_by_label("Chọn Thạch Thanh Nhung").check()
    page.get_by_role("button", name="Ghi một bước").click()
    assert page.get_by_label("Các mã hồ sơ").input_value() == "HS-0184"
    page.get_by_label("Tìm người").fill("nhung thach")
    page.get_by_role("search").get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Thạch Thanh Nhung").click()
    page.get_by_label("Tính đến").fill("31102024")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_text("không phải hôm nay").wait_for()
    page.get_by_label("Bước", exact=True).select_option("admission_decided_on")
    page.get_by_label("Vào ngày", exact=True).fill("20/10/2024")
    page.get_by_role("button", name="Xem thử").click()
    assert "Không còn" in page.get_by_role("status", name="Nếu vậy thì").inner_text()
    page.get_by_role("link", name="Ghi một bước").click()
    page.get_by_label("Bước", exact=True).select_option("admission_decided_on")
    page.get_by_label("Ngày", exact=True).fill("hôm qua")
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Ghi", exact=True).wait_for()  # `all` waits for nothing
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Ghi", exact=True).click()
    page.get_by_role("button", name="Hoàn tác").click()
    page.wait_for_url("**/nhat-ky/**")
    assert "hoàn tác" in page.get_by_role("main").inner_text()


def test_an_open_page_shows_what_others_wrote(browser: Browser, address: str, copy: Path) -> None:
    """Two pages stand open; what is written past them appears on both, and what is being typed stays as it is."""
    visit, typing = Visit(browser, address), Visit(browser, address)
    page, form = visit.to("/nguoi/HS-0184"), typing.to("/nguoi/HS-0184/ghi")
    form.get_by_label("Số văn bản").fill("12-NQ/CB")
    desk = Desk(f"sqlite:///{copy}", today=dt.date.today())
    done = desk.commit(desk.preview(Correct("HS-0184", ("note=Ghi từ nơi khác",))), confirmed=True)
    assert done.batch
    page.get_by_text("Ghi từ nơi khác").wait_for()
    form.get_by_text("Có điều mới vừa được ghi").wait_for()
    assert form.get_by_label("Số văn bản").input_value() == "12-NQ/CB"
    left = typing.to("/nguoi/HS-0184/ghi")
    assert left.get_by_label("Số văn bản").input_value() == "12-NQ/CB"
    left.get_by_role("button", name="Gõ lại từ đầu").click()
    left.wait_for_url("**/nguoi/HS-0184/ghi")
    assert left.get_by_label("Số văn bản").input_value() == ""
    assert visit.complaints == typing.complaints == []


def test_a_day_is_told_with_its_weekday(browser: Browser, address: str) -> None:
    """What is typed into the field of the day is answered at once with the day that was understood."""
    visit = Visit(browser, address)
    page = visit.to("/")
    field = page.get_by_label("Tính đến")
    field.fill("")
    field.type("28022025")
    page.get_by_text("thứ sáu, 28/02/2025").wait_for()
    field.press("Enter")
    page.get_by_text("không phải hôm nay").wait_for()
    assert "ngay=28022025" in page.url or "ngay=2025-02-28" in page.url
    page.get_by_role("link", name="Về hôm nay").click()
    page.wait_for_url(lambda url: "ngay=" not in url)
    assert visit.complaints == []


LATE_BODIES = """
const real = window.fetch;
window.fetch = async (...asked) => {
  const answer = await real(...asked), body = answer.json.bind(answer);
  if (!String(asked[0]).endsWith("28022025")) {
    answer.json = async () => {
      const said = await body();
      await new Promise((go) => setTimeout(go, 700));
      return said;
    };
  }
  return answer;
};
"""


def test_a_late_answer_about_a_day_is_not_told(browser: Browser, address: str) -> None:
    """What was asked before more was typed, and comes after it is answered, does not take its place."""
    visit = Visit(browser, address)
    page = visit.to("/")
    page.evaluate(LATE_BODIES)
    field = page.get_by_label("Tính đến")
    field.fill("")
    field.press_sequentially("28022025", delay=60)
    told = page.get_by_text("thứ sáu, 28/02/2025")
    told.wait_for()
    page.wait_for_timeout(1_200)
    assert told.is_visible()
