"""Blank templates: one .xlsx a dataset, with drop-downs for code words and a page of notes."""

from __future__ import annotations

import io

import xlsxwriter

from mingcha.datasets import Dataset, Field, load_catalogue
from mingcha.errors import UsageError

_ROWS = 5000
#: Excel takes drop-down lists up to this many characters.
_LIST_LIMIT = 255
#: Columns that must be text, so that long numbers keep all their places.
_TEXT_TYPES = frozenset({"id18", "account", "phone", "cert", "uscc", "code"})
_HINTS = {
    "id18": "身份证号，18位，文本格式",
    "account": "银行账号，文本格式",
    "phone": "电话号码，文本格式",
    "cert": "残疾证号，20位，文本格式",
    "date": "日期，写成 2023-06-21",
    "month": "月份，写成 2023-06",
    "money": "金额（元），只写数字",
    "int": "整数",
    "decimal": "数字",
    "percent": "百分比，如 45%",
    "bool": "是 或 否",
    "name": "姓名",
}


def write_template(dataset_id: str) -> bytes:
    """The bytes of an empty book for a dataset; read back it is recognised as that dataset.

    Raises UsageError for an unknown dataset.
    """
    catalogue = load_catalogue()
    dataset = catalogue.datasets.get(dataset_id)
    if dataset is None:
        raise UsageError(f"没有数据项“{dataset_id}”。", remedy=f"可用的数据项：{'、'.join(catalogue.datasets)}。")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        _sheet(book, dataset)
        _notes(book, dataset)
    return buffer.getvalue()


def _sheet(book: xlsxwriter.Workbook, dataset: Dataset) -> None:
    page = book.add_worksheet(dataset.title.replace("/", "、")[:31])
    needed = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "align": "center"})
    optional = book.add_format({"bg_color": "#F2F2F2", "border": 1, "align": "center"})
    text = book.add_format({"num_format": "@"})
    plain = book.add_format()
    for index, field in enumerate(dataset.fields.values()):
        page.write_string(0, index, field.header, needed if _is_needed(dataset, field) else optional)
        width = 22 if field.type in _TEXT_TYPES else max(10, 2 * len(field.header) + 2)
        page.set_column(index, index, width, text if field.type in _TEXT_TYPES else plain)
        words = _words(field)
        if words:
            message = "请从列表中选择，或照列表里的写法填写。"
            page.data_validation(
                1, index, _ROWS, index,
                {"validate": "list", "source": words, "error_type": "warning", "error_message": message},
            )  # fmt: skip
    page.freeze_panes(1, 0)


def _is_needed(dataset: Dataset, field: Field) -> bool:
    return field.required or any(field.id in group for group in dataset.any_of)


def _words(field: Field) -> list[str]:
    catalogue = load_catalogue()
    code_list = "bool" if field.type == "bool" else field.codes
    if not code_list or code_list not in catalogue.codes:
        return []
    words = [code.label for code in catalogue.codes[code_list].values if "," not in code.label]
    return words if len(",".join(words)) <= _LIST_LIMIT else []


def _notes(book: xlsxwriter.Workbook, dataset: Dataset) -> None:
    """One sentence a column: the page comes back with the sheet and must not be read as a table of data."""
    page = book.add_worksheet("填写说明")
    page.set_column(0, 0, 110)
    for row, field in enumerate(dataset.fields.values()):
        group = next((group for group in dataset.any_of if field.id in group), None)
        need = "必须填写" if field.required else ("几列里至少填一列" if group else "可以不填")
        words = _words(field) if field.type == "enum" else []
        hint = "可填" + "、".join(words) if words else _HINTS.get(field.type, "")
        known = f"也认得的列名有“{'”“'.join(field.aliases)}”。" if field.aliases else ""
        page.write_string(row, 0, f"第{row + 1}列“{field.header}”{need}{'，' + hint if hint else ''}。{known}")


__all__ = ["write_template"]
