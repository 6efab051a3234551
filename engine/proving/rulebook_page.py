"""The page on which an officer checks clause against encoding, side by side, by stage of the process (Markdown)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.language.law_words import amount, period, sureness
from engine.proving import answers
from engine.proving.rulebook_text import ParameterView, RuleTexts, RuleView, by_stage, examples_in_words, worst_first
from engine.ruleset import RuleSet, load_ruleset
from rules.loader import examples as examples_loader
from rules.loader import law as law_data
from rules.loader import overlays as overlays_loader
from rules.loader.law import Parameter

COMMAND = "dubi rules docs --out docs/quy-tac.md"

STAGES = {
    "admission": "Xét, quyết định kết nạp, lễ kết nạp",
    "probation": "Thời gian dự bị",
    "recognition": "Công nhận đảng viên chính thức",
    "approved": "Đã có quyết định kết nạp, chưa làm lễ",
    "movement": "Chuyển sinh hoạt đảng",
    "leaving": "Ra khỏi Đảng",
    "special_cases": "Trường hợp đặc biệt",
    "record": "Việc ghi sổ",
}
GROUPS = {
    "admission": "Kết nạp",
    "deciding": "Biểu quyết, thẩm quyền, thời hạn quyết định",
    "membership": "Kỷ luật, tuổi đảng, thẻ đảng viên",
    "papers": "Giấy tờ, thẩm tra, người giới thiệu",
    "probation": "Thời gian dự bị",
    "recognition": "Công nhận chính thức",
    "movement": "Chuyển sinh hoạt",
    "leaving": "Xoá tên, xin ra, khiếu nại",
    "special_cases": "Trường hợp đặc biệt, kết nạp lại",
    "data_protection": "Bảo vệ dữ liệu cá nhân",
    "statistics": "Thống kê",
    "project": "Quy ước của chương trình",
}

HEAD = f"""\
# Quy tắc và điều khoản

Tệp này được sinh từ dữ liệu trong `rules/`, không sửa tay. Sinh lại bằng lệnh: `{COMMAND}`

Cột trái là điều khoản qua từng văn bản, cột phải là cách chương trình ghi điều khoản ấy; hai cột phải khớp nhau.
“Bản có hiệu lực vào …” là ngày quyết định áp dụng văn bản nào. Chỗ “chưa rõ nội dung”: văn bản có nhưng chưa đọc được,
chương trình dùng giá trị biết gần nhất và ghi là chưa đối chiếu.
"""

Examples = Mapping[str, Sequence[str]]
"""For each rule its examples, each in one line."""


def shipped_page() -> str:
    """The page of the shipped rules, those of the overlays at its end."""
    law = law_data.load()
    overlays = [overlays_loader.load_overlay(overlays_loader.find(name), law) for name in overlays_loader.names()]
    return page(
        load_ruleset(),
        examples_in_words(examples_loader.load()),
        {overlay.title: load_ruleset(None, (overlay.file,)) for overlay in overlays},
    )


def page(ruleset: RuleSet, examples: Examples, overlaid: Mapping[str, RuleSet]) -> str:
    """The whole page: rules by stage, how facts are worked out, the law's values, the documents, the overlays."""
    texts = RuleTexts(ruleset)
    lines = [HEAD]
    for stage, rules in by_stage(ruleset):
        lines += [f"## {STAGES.get(stage, stage)}", ""]
        for rule in sorted(rules, key=worst_first):
            lines += [*_rule(texts.rule(rule), examples.get(rule.name, ())), ""]
    everything = load_ruleset(None, tuple(overlays_loader.find(name) for name in overlays_loader.names()))
    lines += [
        *answers.tables(everything),
        "",
        *_facts(texts),
        "",
        *_law(texts, ruleset.law.parameters.values()),
        "",
        *_documents(ruleset),
    ]
    for title, other in overlaid.items():
        lines += ["", *_overlay(title, other, ruleset, examples)]
    return "\n".join(lines) + "\n"


def _overlay(title: str, ruleset: RuleSet, national: RuleSet, examples: Examples) -> Iterator[str]:
    """The rules and values that an overlay adds."""
    texts = RuleTexts(ruleset)
    yield f"## Quy định riêng: {title}"
    yield ""
    yield "Chỉ dùng ở nơi chọn quy định này; nơi khác theo quy định chung."
    for rule in ruleset.rules.values():
        if rule.text.overlay:
            yield from ("", *_rule(texts.rule(rule), examples.get(rule.name, ())))
    own = [p for name, p in ruleset.law.parameters.items() if name not in national.law.parameters]
    yield from ("", *_values(texts, own))


def _rule(view: RuleView, examples: Sequence[str]) -> Iterator[str]:
    held = f" · ai đang giữ: {view.held_by}" if view.held_by else ""
    yield f"### {view.title}"
    yield ""
    yield f"`{view.name}` · {severities_in_words(view)}{held}"
    yield ""
    yield "| Điều khoản | Cách ghi trong chương trình |"
    yield "|---|---|"
    yield f"| {_cell(_clauses(view.cites))} | {_cell(_encoding(view))} |"
    yield ""
    yield f"Thông báo: {view.message}"
    if view.before:
        yield ""
        yield f"Còn vướng hoặc chưa xác nhận thì chưa làm: {'; '.join(view.before)}."
    for heading, values in (("Dùng thêm", view.values), ("Xem thêm", view.see)):
        if values:
            yield ""
            yield f"{heading}: {'; '.join(f'{value.title} (`{value.name}`)' for value in values)}."
    if view.silent:
        yield ""
        yield f"Chỗ quy định không nói: {view.silent}"
    if examples:
        yield ""
        yield "Ví dụ:"
        yield ""
        yield from (f"- {example}" for example in examples)


def severities_in_words(view: RuleView) -> str:
    """How grave a finding of the rule is, and when."""
    words = "; ".join(f"{word} nếu {condition}" if condition else word for word, condition in view.severities)
    return f"{words} (văn bản chưa đọc được thì: {view.unsure})" if view.unsure else words


def _clauses(cites: Sequence[ParameterView]) -> Iterator[str]:
    for view in cites:
        yield f"**{view.title}** (bản có hiệu lực vào {view.on})"
        for version in view.versions:
            place = f"{version.number}, mục {version.clause}" if version.clause else version.number
            yield f"{place}: {version.value} ({version.certainty})" if version.known else f"{place}: {version.value}"


def _encoding(view: RuleView) -> Iterator[str]:
    yield "Khi:"
    yield from (f"• {condition}" for condition in view.conditions)
    if view.due:
        yield f"Hạn: {view.due}"
    if view.late_on:
        yield f"Chậm tính đến: {view.late_on}"
    yield f"`{view.source}`"


def _cell(lines: Iterator[str]) -> str:
    return "<br>".join(line.replace("|", "\\|") for line in lines)


def _facts(texts: RuleTexts) -> Iterator[str]:
    yield "## Cách tính các dữ kiện"
    yield ""
    yield "| Dữ kiện | Cách tính |"
    yield "|---|---|"
    for name in sorted(texts.ruleset.computed, key=list(texts.ruleset.vocabulary.facts).index):
        fact = texts.fact(name)
        yield f"| {_cell(iter([fact.label, f'`{name}`']))} | {_cell(iter([fact.words]))} |"


def _law(texts: RuleTexts, parameters: Iterable[Parameter]) -> Iterator[str]:
    """Every value of the law, also those that are only looked up."""
    yield "## Các giá trị của luật"
    groups: dict[str, list[Parameter]] = {}
    for parameter in parameters:
        groups.setdefault(parameter.file.stem, []).append(parameter)
    for group, members in groups.items():
        yield from ("", f"### {GROUPS.get(group, group)}", "", *_values(texts, members))


def _values(texts: RuleTexts, parameters: Iterable[Parameter]) -> Iterator[str]:
    """Values of the law in a table, a row for each document."""
    yield "| Giá trị | Văn bản | Nội dung | Mục | Độ chắc chắn |"
    yield "|---|---|---|---|---|"
    for parameter in parameters:
        remarks = [parameter.note, parameter.reference]
        title = _cell(iter([parameter.title, f"`{parameter.name}`", *(remark for remark in remarks if remark)]))
        for version in parameter.versions:
            number = texts.ruleset.law.number(version.document)
            said = [amount(version.value, parameter.unit), *([version.note] if version.note else [])]
            sure = sureness(version.certainty, version.basis)
            yield f"| {title} | {number} | {_cell(iter(said))} | {version.clause or ''} | {sure} |"
            title = ""


def _documents(ruleset: RuleSet) -> Iterator[str]:
    yield "## Văn bản"
    yield ""
    yield "| Mã | Số | Văn bản | Hiệu lực | Độ chắc chắn của ngày | Ghi chú |"
    yield "|---|---|---|---|---|---|"
    for document in ruleset.law.documents.values():
        cells = (document.title, period(document), sureness(document.certainty), document.note or "")
        yield f"| `{document.id}` | {document.number} | {' | '.join(cells)} |"
