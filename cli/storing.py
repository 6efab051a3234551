"""The commands that make the store, fill it and write it out: `init`, `import`, `export`, `template`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import arguments
from cli.opening import remarks_in_short
from cli.output import note, print_json, say, strong
from cli.vietnamese import command

if TYPE_CHECKING:
    from cases.importing import ImportReport
    from cases.plan import Part

OUTCOMES = {
    "accepted": "nhận",
    "warned": "nhận, có điều cần xem lại",
    "confirm": "chờ xác nhận",
    "refused": "không nhận",
    "ignored": "bỏ qua",
}

app = typer.Typer()


@app.command("init", cls=command("khoi-tao"), help="Tạo kho lưu hồ sơ trên máy này, hoặc nâng cấp kho cũ.")
def init(store: arguments.Store = None) -> None:
    """Make the store, or bring it up to date."""
    from cases.store import initialise, sqlite_path, store_url

    url = store_url(store)
    made, path = initialise(url), sqlite_path(url)
    where = f" “{path}”" if path else ""
    say(f"Đã tạo kho{where}." if made else f"Kho{where} đã có và dùng được.")
    say("Nhập sổ theo dõi bằng lệnh: dubi import TỆP")


@app.command("import", cls=command("nhap"), help="Nhập sổ theo dõi vào kho: xem trước, thêm --apply thì mới ghi.")
def import_(
    file: arguments.File,
    apply: Annotated[bool, typer.Option("--apply", help="Ghi vào kho. Không có thì chỉ xem trước.")] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Preview an import; with `--apply`, write it."""
    from cases.importing import import_workbook
    from cases.refusals import Refused
    from cases.store import store_url

    report = import_workbook(store_url(store), file, apply=apply)
    if as_json:
        print_json(report.as_json())
    else:
        _print_report(report)
    if report.refused:
        raise Refused(file, report.refused)
    if apply:
        note("Đã ghi vào kho." if report.batch else "Kho đã có đúng như trong tệp; không phải ghi gì.")
    else:
        note("Đây là xem trước: chưa ghi gì vào kho. Nếu đúng, chạy lại lệnh này và thêm --apply.")


def _print_report(report: ImportReport) -> None:
    plan = report.plan
    counts = ", ".join(f"{OUTCOMES[outcome]} {number}" for outcome, number in report.counts.items() if number)
    say(strong(f"Tệp {report.file}"))
    say(f"Các dòng của sổ: {counts or 'không có dòng nào'}.")
    parts: dict[str, Part[Any]] = {
        "Hồ sơ": plan.cases,
        "Đơn vị": plan.units,
        "Lớp": plan.courses,
        "Học viên": plan.enrolments,
        "Chỉ tiêu": plan.targets,
        "Kỷ luật": plan.disciplines,
    }
    for name, part in parts.items():
        if part.altered or part.unchanged or name == "Hồ sơ":
            say(f"  {name}: {_changes(part)}")
    remarks = [*report.warned, *(why for row in report.rows if row.outcome == "warned" for why in row.why)]
    if remarks:
        say(f"\n{strong('Cần xem lại')}")
    for line in remarks_in_short(remarks):
        say(f"  - {line}")


def _changes(part: Part[Any]) -> str:
    return f"mới {part.new}, thay đổi {part.changed}, giữ nguyên {part.unchanged}"


@app.command("export", cls=command("xuat"), help="Xuất toàn bộ kho ra sổ theo dõi (.xlsx).")
def export(file: arguments.NewWorkbook, force: arguments.Force = False, store: arguments.Store = None) -> None:
    """Write the whole store as a canonical workbook."""
    from cases import desk
    from cases.exporting import write_workbook

    roster = desk.open_roster(None, store)
    write_workbook(roster, file, force=force)
    say(f"Đã xuất {len(roster.records)} hồ sơ ra tệp “{file}”.")


@app.command("template", cls=command("bieu-mau"), help="Ghi ra một sổ theo dõi trống, có sẵn danh mục và ghi chú.")
def template(file: arguments.NewWorkbook, force: arguments.Force = False) -> None:
    """Write an empty canonical workbook."""
    from cases.template import write_template

    write_template(file, force=force)
    say(f"Đã ghi sổ trống ra tệp “{file}”. Điền xong, kiểm tra bằng lệnh: dubi check {file}")
