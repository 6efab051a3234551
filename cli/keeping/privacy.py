"""`dubi privacy`: who read what, how long things are kept, what people ask about their own data, and the papers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.screen import arguments
from cli.screen.effects import Case
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command, group

app = typer.Typer()
privacy = typer.Typer(
    name="privacy",
    cls=group("du-lieu-ca-nhan"),
    help="Bảo vệ dữ liệu cá nhân: ai đã xem gì, giữ bao lâu, yêu cầu của cá nhân, các giấy tờ.",
    no_args_is_help=True,
)
request = typer.Typer(
    name="request",
    cls=group("yeu-cau"),
    help="Yêu cầu của cá nhân về dữ liệu của mình: nhận, trả lời, đóng, xem hạn.",
    no_args_is_help=True,
)
privacy.add_typer(request)
app.add_typer(privacy)

Paper = Annotated[Path, typer.Argument(metavar="TỆP.docx", help="Tệp sẽ ghi ra.")]
Number = Annotated[int, typer.Argument(metavar="SỐ", min=1, help="Số của yêu cầu.")]
On = Annotated[
    dt.date | None,
    typer.Option("--on", metavar="NGÀY", parser=arguments.day, help="Ngày nào. Bỏ trống là hôm nay."),
]


@privacy.command("readings", cls=command("nhat-ky-doc"), help="Ai đã xem dữ liệu nhạy cảm của ai, lúc nào, vì sao.")
def readings(
    case: Annotated[str | None, typer.Option("--case", metavar="MÃ", help="Chỉ những lần xem một hồ sơ.")] = None,
    start: Annotated[
        dt.date | None, typer.Option("--from", metavar="NGÀY", parser=arguments.day, help="Từ ngày nào.")
    ] = None,
    end: Annotated[
        dt.date | None, typer.Option("--to", metavar="NGÀY", parser=arguments.day, help="Đến hết ngày nào.")
    ] = None,
    let_go: Annotated[bool, typer.Option("--let-go", help="Bỏ những mục đã quá thời hạn giữ.")] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List the readings; the code of the exit is 1 where the chain does not hold."""
    from desk.words.readings import line_of

    desk = desk_for(None, store)
    if let_go:
        note(f"Đã bỏ {desk.let_readings_go()} mục quá thời hạn giữ.")
    found = desk.readings(case, start, end)
    if as_json:
        print_json(found.as_json())
    else:
        for one in found.readings:
            say(line_of(one))
        if not found.readings:
            say("Nhật ký đọc không có mục nào như vậy.")
        elif found.broken is None:
            say(f"Nhật ký đọc còn nguyên: {found.number} mục.")
    if found.broken is not None:
        note(strong(f"Nhật ký đọc đã bị can thiệp ở mục {found.broken}."))
        raise typer.Exit(1)


@privacy.command("retention", cls=command("thoi-han-giu"), help="Hồ sơ nào đã quá thời hạn giữ; không tự xoá gì.")
def retention(as_of: arguments.AsOf = None, store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """List whose time of keeping is over."""
    desk = desk_for(None, store)
    found = desk.retention(desk.ask(as_of=as_of))
    if as_json:
        print_json(found.as_json())
        return
    say(strong(f"Tính đến ngày {on_screen(found.as_of)}"))
    for line in found.told:
        say(f"  {line}")
    say("Không tự xoá gì. Xoá hẳn một người theo căn cứ của mình: dubi person erase MÃ --ground CĂN-CỨ")


@request.command("add", cls=command("nhan"), help="Ghi một yêu cầu của cá nhân về dữ liệu của mình.")
def add(
    case: Case,
    kind: Annotated[
        Literal["view", "provide", "correct", "withdraw", "restrict", "object", "erase"],
        typer.Option(
            "--kind",
            metavar="LOẠI",
            help="Một trong: duoc-xem, duoc-cung-cap, sua-lai, rut-dong-y, han-che, phan-doi, xoa-bo.",
        ),
    ],
    on: On = None,
    remark: Annotated[
        str | None, typer.Option("--note", metavar="CHỮ", help="Ghi chú, ví dụ số đơn. Đừng ghi họ tên.")
    ] = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record a request."""
    desk = desk_for(None, store)
    made = desk.add_request(kind, case, on or desk.today, remark)
    if as_json:
        print_json(made.as_json())
        return
    for line in made.told:
        say(line)


@request.command("list", cls=command("xem"), help="Các yêu cầu đang mở, hạn của từng yêu cầu, yêu cầu nào quá hạn.")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Cả yêu cầu đã đóng.")] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List the requests."""
    desk = desk_for(None, store)
    found = desk.requests(closed=everything)
    if as_json:
        print_json({"as_of": desk.today, "requests": [one.as_json() for one in found]})
        return
    for one in found:
        first, *rest = one.told
        say(strong(first))
        for line in rest:
            say(f"  {line}")
    if not found:
        say("Không có yêu cầu nào đang mở.")


@request.command("answer", cls=command("tra-loi"), help="Ghi rằng đã trả lời người yêu cầu.")
def answer(number: Number, on: On = None, store: arguments.Store = None) -> None:
    """Record that whoever asked was answered."""
    desk = desk_for(None, store)
    for line in desk.answer_request(number, on or desk.today).told:
        say(line)


@request.command("close", cls=command("dong"), help="Đóng một yêu cầu: đã làm, từ chối, hay người ấy rút lại.")
def close(
    number: Number,
    outcome: Annotated[
        Literal["done", "refused", "withdrawn"],
        typer.Option(
            "--outcome",
            metavar="KẾT-QUẢ",
            show_default=False,
            help="Một trong: da-lam (bỏ trống là vậy), tu-choi, rut-lai.",
        ),
    ] = "done",
    ground: Annotated[
        str | None, typer.Option("--ground", metavar="CĂN-CỨ", help="Căn cứ, bắt buộc khi từ chối. Đừng ghi họ tên.")
    ] = None,
    on: On = None,
    store: arguments.Store = None,
) -> None:
    """Close a request."""
    desk = desk_for(None, store)
    for line in desk.close_request(number, on or desk.today, outcome, ground).told:
        say(line)


@privacy.command("file", cls=command("ho-so"), help="Ghi hồ sơ đánh giá tác động xử lý dữ liệu cá nhân ra tệp .docx.")
def file(path: Paper, force: arguments.Force = False, store: arguments.Store = None) -> None:
    """Write the file on the impact of what is done with people's data."""
    _written(desk_for(None, store).privacy_file(path, replace=force))


@privacy.command("access", cls=command("quy-che"), help="Ghi quy chế truy cập, từ các quyền đang cấp, ra tệp .docx.")
def access(path: Paper, force: arguments.Force = False, store: arguments.Store = None) -> None:
    """Write who has access to what."""
    _written(desk_for(None, store).access_rules(path, replace=force))


@privacy.command(
    "breach", cls=command("lo-lot"), help="Ghi biên bản về việc lộ dữ liệu ra tệp .docx: ai đã xem gì, hạn báo cáo."
)
def breach(
    path: Paper,
    what: Annotated[str, typer.Option("--what", metavar="CHỮ", help="Việc đã xảy ra, trong một câu.")],
    since: Annotated[
        dt.datetime,
        typer.Option("--since", metavar="LÚC", parser=arguments.moment, help="Có thể bắt đầu từ lúc nào."),
    ],
    detected: Annotated[
        dt.datetime,
        typer.Option("--detected", metavar="LÚC", parser=arguments.moment, help="Phát hiện lúc nào: hạn tính từ đây."),
    ],
    end_sessions: Annotated[
        bool, typer.Option("--end-sessions", help="Kết thúc mọi phiên làm việc đang mở, ai cũng phải đăng nhập lại.")
    ] = False,
    force: arguments.Force = False,
    store: arguments.Store = None,
) -> None:
    """Write the paper of a breach."""
    from desk.personal.papers import Breach

    happened = Breach(what, since, detected, end_sessions)
    _written(desk_for(None, store).breach(path, happened, replace=force))


def _written(path: Path) -> None:
    say(f"Đã ghi ra tệp “{path}”.")
    note("Chỗ để trống do đơn vị ghi. Người có trách nhiệm phải đối chiếu với văn bản của luật trước khi dùng.")
