"""An office's server as it is started and as people see it: what it needs to begin, and a first day in a browser."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from rules.loader.errors import BadInput
from tests.calling import call
from tests.desk.accounts.an_office import PASSWORD
from tests.web.certificates import certificate
from tests.web.chromium import CHROMIUM, Visit, chromium, serving
from tests.whole import only_whole
from web.tls import EVERYWHERE, tls

ANYWHERE = min(EVERYWHERE)
NEW = "sau bay tam chin muoi"


@pytest.fixture
def office(store: str, tmp_path: Path) -> Path:
    """A copy of the store with its administrator."""
    place = tmp_path / "home" / "dubi.sqlite"
    place.parent.mkdir()
    shutil.copyfile(store.removeprefix("sqlite:///"), place)
    assert call(["user", "add", "quan.tri", "--password-stdin"], tmp_path, piped=PASSWORD).code == 0
    return place


def test_what_a_server_lacks_is_said_before_it_begins(store: str, tmp_path: Path) -> None:
    """Without a store, users, certificate or key it does not begin, and says how to come by them."""
    begin = ("web", "--office", "--port", "0")
    none = call(begin, tmp_path)
    assert (none.code, "dubi init" in none.err) == (4, True)
    shutil.copyfile(store.removeprefix("sqlite:///"), tmp_path / "home" / "dubi.sqlite")
    nobody = call(begin, tmp_path)
    assert (nobody.code, "dubi user add" in nobody.err) == (3, True)
    assert call(["user", "add", "quan.tri", "--password-stdin"], tmp_path, piped=PASSWORD).code == 0
    bare = call(begin, tmp_path)
    assert (bare.code, "--cert" in bare.err, "docs/may-chu.md" in bare.err) == (3, True, True)
    assert call([*begin, "--cert", "no.pem", "--key", "no.pem"], tmp_path).code == 3
    assert call([*begin, "--make-store"], tmp_path).code == 2
    assert call(["web", "--cert", "cert.pem"], tmp_path).code == 2
    assert [one.out for one in (none, nobody, bare)] == [""] * 3


def test_a_certificate_that_would_not_serve_is_refused(tmp_path: Path) -> None:
    """Another's key, none at all, one that has run out or is not valid yet: each is said; its names are served."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    cert, key = certificate(tmp_path, "dubi.coquan.vn", "192.0.2.9", "::1", "*.coquan.vn")
    assert tls(ANYWHERE, cert, key, now).names == {"dubi.coquan.vn", "192.0.2.9", "[::1]"}
    assert "may-chu" in tls("May-Chu", cert, key, now).names
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other", "dubi.coquan.vn")[1]
    missing = tmp_path / "no.pem"
    pairs = ((cert, other), (cert, cert), (key, key), (cert, missing), (missing, key), (cert, None), (None, key))
    for shown, hidden in pairs:
        with pytest.raises(BadInput, match=r"may-chu|Không đọc được"):
            tls(ANYWHERE, shown, hidden, now)
    for hours in (-3, 72):
        with pytest.raises(BadInput, match=r"hết hạn|chưa đến ngày"):
            tls(ANYWHERE, cert, key, now + dt.timedelta(hours=hours))


@only_whole
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt-get install chromium")
def test_a_first_day(office: Path, tmp_path: Path) -> None:
    """Wrong password, then the right one; a user added and given a role; her own password, her phone."""
    cert, key = certificate(tmp_path, "127.0.0.1")
    options = ("--office", "--host", "127.0.0.1", "--port", "0", "--cert", str(cert), "--key", str(key))
    with serving(office, office.parent, *options) as address, chromium() as browser:
        assert address.startswith("https://127.0.0.1:")
        admin = Visit(browser, address, scripts=False)
        page = admin.page
        _sign_in(page, "quan.tri", "sai mat khau roi")
        expect(page.get_by_role("alert")).to_contain_text("chưa đúng")
        _sign_in(page, "quan.tri", PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Quản trị")
        expect(page.get_by_role("searchbox")).to_have_count(0)
        page.get_by_role("link", name="Tài khoản và quyền").click()
        page.get_by_label("Tên tài khoản").fill("an.nguyen")
        page.get_by_role("button", name="Thêm").click()
        handed = page.get_by_role("status").locator("code").inner_text()
        page.get_by_label("Tài khoản", exact=True).select_option("an.nguyen")
        page.get_by_label("Vai trò").select_option("bí thư")
        page.get_by_label("Mã đơn vị").fill("CB-03")
        page.get_by_role("button", name="Cấp quyền").click()
        expect(page.get_by_role("row", name="an.nguyen")).to_contain_text("bí thư ở CB-03")
        page.get_by_role("button", name="Đăng xuất").click()
        expect(page.get_by_role("status")).to_have_text("Đã đăng xuất.")

        her = Visit(browser, address)
        page = her.page
        assert her.violations() == []
        _sign_in(page, "an.nguyen", handed)
        expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
        assert her.violations() == []
        page.get_by_label("Mật khẩu đang dùng").fill(handed)
        page.get_by_label("Mật khẩu mới", exact=True).fill(NEW)
        page.get_by_label("Gõ lại mật khẩu mới").fill(NEW)
        page.get_by_role("button", name="Đổi mật khẩu").click()
        _sign_in(page, "an.nguyen", NEW)
        expect(page.get_by_role("heading", level=1)).to_have_text("Việc phải làm")
        expect(page.get_by_role("banner")).to_contain_text("an.nguyen")
        assert her.violations() == []
        her.to("/quan-tri/nguoi-dung")
        expect(page.get_by_role("heading", level=1)).to_contain_text("không có quyền")
        her.to("/tai-khoan").get_by_role("link", name="Dùng mã trên điện thoại").click()
        assert her.violations() == []
        codes = pyotp.TOTP(page.get_by_role("listitem").locator("code").inner_text())
        page.get_by_label("Mã đang hiện trên điện thoại").fill(codes.now())
        page.get_by_role("button", name="Dùng mã").click()
        paper = page.get_by_role("status").locator("code").first.inner_text()
        assert her.violations() == []
        page.get_by_role("main").get_by_role("button", name="Đăng xuất").click()
        _sign_in(page, "an.nguyen", NEW)
        expect(page.get_by_role("alert")).to_contain_text("mã chưa đúng")
        _sign_in(page, "an.nguyen", NEW, paper)
        expect(page.get_by_role("heading", level=1)).to_have_text("Việc phải làm")
        assert her.foreign == admin.foreign == []
        assert [one for one in her.complaints if "401" not in one and "403" not in one] == []

        again = Visit(browser, address, 360, 640, "dark")
        _sign_in(again.page, "quan.tri", PASSWORD)
        again.to("/quan-tri/nguoi-dung")
        assert again.violations() == []


def _sign_in(page: Page, name: str, password: str, code: str = "") -> None:
    page.get_by_label("Tài khoản", exact=True).fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_label("Mã trên điện thoại").fill(code)
    page.get_by_role("button", name="Đăng nhập").click()
