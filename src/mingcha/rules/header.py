"""Reads the file of a rule or view: YAML in the first comment, then one SELECT."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import yaml

from mingcha.errors import Place, RuleError
from mingcha.rules.known import locked_columns
from mingcha.rules.model import IDENTITIES, SEVERITIES, STATUSES, SUBJECT_KEYS, ParamUse, Rule, View, first_line_of
from mingcha.rules.sql import output_columns, parse_select
from mingcha.values.yamls import load_yaml

_HEADER = re.compile(r"\A\s*/\*\s*---[ \t]*\n(.*?)\n\s*---\s*\*/", re.DOTALL)
_RULE_FIELDS = {
    "id", "title", "version", "status", "severity", "clauses", "law", "subject", "identity", "needs", "reads",
    "params", "finds", "summary", "false_hits", "verify",
}  # fmt: skip
_RULE_OPTIONAL = {"params", "reading", "uses"}
_VIEW_FIELDS = {"id", "reads"}
_VIEW_OPTIONAL = {"title", "version", "params", "columns", "notes", "kept", "long"}
_VOCABULARY = {"status": STATUSES, "severity": SEVERITIES, "subject": SUBJECT_KEYS, "identity": IDENTITIES}
_RULE_ID = re.compile(r"R\d{2,3}[A-Z]?|X\d{2,3}")
#: words that say nothing in false_hits
_EMPTY_WORDS = {"未知", "不详", "无", "暂无", "未见"}


def fail(path: Path, cause: str, remedy: str = "", *, word: str = "") -> RuleError:
    """An error about a rule file. word: what shows the line."""
    try:
        text = path.read_text(encoding="utf-8-sig") if word else ""
    except (OSError, UnicodeDecodeError):
        text = ""
    return RuleError(cause, remedy=remedy, place=Place(path.name, row=line_of(text, word)))


def line_of(text: str, word: str) -> int | None:
    """The first line on which a word stands by itself; None where it stands nowhere.

    >>> line_of("a: 1\\nabc: 2\\n", "abc")
    2
    """
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) if word else None
    return text.count("\n", 0, found.start()) + 1 if found else None


def _split(path: Path) -> tuple[str, str, dict[str, Any]]:
    """Whole text, SQL without header, header."""
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(path, "规则文件读不出来，须为 UTF-8 文本。") from error
    found = _HEADER.match(text)
    if not found:
        raise fail(path, "开头没有 /* --- 与 --- */ 之间的说明。", "请按 docs/howto/write-a-rule.md 补上。")
    try:
        header = load_yaml(found.group(1))
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0)
        before = text.count("\n", 0, found.start(1))
        raise RuleError(
            "开头的说明不是合格的 YAML。",
            remedy="请检查缩进、冒号后的空格和引号。",
            place=Place(path.name, row=before + line + 1),
        ) from error
    if not isinstance(header, dict):
        raise fail(path, "开头的说明应是“字段: 值”。")
    return text, text[found.end() :].strip().removesuffix(";"), header


def _check_fields(path: Path, header: dict[str, Any], required: set[str], optional: set[str]) -> None:
    missing = sorted(required - optional - set(header))
    unknown = sorted(set(header) - required - optional)
    if missing:
        raise fail(
            path, f"说明缺少字段：{'、'.join(missing)}。", "每个字段的写法见 docs/howto/write-a-rule.md。", word="/*"
        )
    if unknown:
        raise fail(
            path, f"说明中有不认识的字段：{'、'.join(map(str, unknown))}。", "请删去或改正。", word=str(unknown[0])
        )


def _text(path: Path, header: dict[str, Any], name: str) -> str:
    value = header.get(name, "")
    if not isinstance(value, str):
        raise fail(path, f"字段 {name} 应是文字。", "有冒号、引号的句子请用英文双引号括起来。", word=name)
    return value.strip()


def _texts(path: Path, header: dict[str, Any], name: str) -> tuple[str, ...]:
    value = header.get(name) or []
    if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
        raise fail(path, f"字段 {name} 应是文字的列表。", "请写成 [甲, 乙] 的样子。", word=name)
    return tuple(entry.strip() for entry in value)


def _param(path: Path, local: str, raw: object) -> ParamUse:
    if isinstance(raw, str):
        return ParamUse(local, raw)
    if not isinstance(raw, dict) or "key" not in raw or set(raw) - {"key", "optional", "part"}:
        raise fail(path, f"参数 {local} 应写成 事实编号，或 {{key: 编号, optional: true, part: 说明}}。", word=local)
    use = ParamUse(local, str(raw["key"]), bool(raw.get("optional", False)), str(raw.get("part", "")))
    if use.optional != bool(use.part):
        raise fail(path, f"参数 {local}：可缺省的参数须写 part（未设置时哪一部分不比对），必需的参数不写。", word=local)
    return use


def _params(path: Path, header: dict[str, Any]) -> dict[str, ParamUse]:
    raw = header.get("params") or {}
    if not isinstance(raw, dict):
        raise fail(path, "字段 params 应是“本地名: 事实编号”。", "例如 params: {months: PL-01}。", word="params")
    return {str(local): _param(path, str(local), value) for local, value in raw.items()}


def _version(path: Path, header: dict[str, Any]) -> int:
    version = header.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise fail(path, "字段 version 应是从 1 起的整数。", word="version")
    return version


def _columns(path: Path, text: str, sql: str) -> tuple[str, ...]:
    known = locked_columns().get(hashlib.sha256(text.encode()).hexdigest())
    return known or output_columns(path, parse_select(path, sql, first_line_of(text, sql)))


def read_view(path: Path) -> View:
    """A view from its file; its id is the file's name. Raises RuleError."""
    text, sql, header = _split(path)
    _check_fields(path, header, _VIEW_FIELDS, _VIEW_OPTIONAL)
    if header["id"] != path.stem:
        raise fail(path, f"视图编号 {header['id']} 与文件名不一致。")
    columns = _columns(path, text, sql)
    notes = header.get("columns") or {}
    if isinstance(notes, dict) and set(notes) - set(columns):
        raise fail(path, f"说明中的列不在查询里：{'、'.join(sorted(set(notes) - set(columns)))}。")
    if isinstance(notes, list) and tuple(notes) != columns:
        raise fail(path, "说明中的 columns 与查询输出的列不一致。")
    for name in ("kept", "long"):
        if not isinstance(header.get(name, True), bool):
            raise fail(path, f"字段 {name} 应是 true 或 false。")
    if header.get("long", False) and not header.get("kept", True):
        raise fail(path, "写了 kept: false 的视图不落盘，不能写 long: true。", word="long")
    return View(
        id=header["id"],
        path=path,
        title=_text(path, header, "title") or header["id"],
        version=_version(path, header),
        reads=_texts(path, header, "reads"),
        params=_params(path, header),
        columns=columns,
        text=text,
        sql=sql,
        notes=notes if isinstance(notes, dict) else {},
        kept=header.get("kept", True),
        long=header.get("long", False),
    )


def read_rule(path: Path) -> Rule:
    """A rule from its file, named ``<id>_<slug>.sql``. Raises RuleError."""
    text, sql, header = _split(path)
    _check_fields(path, header, _RULE_FIELDS, _RULE_OPTIONAL)
    rule_id = _text(path, header, "id")
    if not _RULE_ID.fullmatch(rule_id) or not path.stem.startswith(f"{rule_id}_"):
        raise fail(path, f"规则编号 {rule_id} 与文件名不一致。", "文件名应为“编号_英文短名.sql”。", word="id")
    for name, allowed in _VOCABULARY.items():
        if header[name] not in allowed:
            raise fail(path, f"字段 {name} 的值“{header[name]}”不在规定之列：{'、'.join(allowed)}。", word=name)
    false_hits = _texts(path, header, "false_hits")
    if not false_hits or _EMPTY_WORDS & set(false_hits):
        raise fail(path, "false_hits 须写明已知的误报情形，不得写“未知”。", word="false_hits")
    rule = Rule(
        id=rule_id,
        path=path,
        title=_text(path, header, "title"),
        version=_version(path, header),
        reads=_texts(path, header, "reads"),
        params=_params(path, header),
        columns=_columns(path, text, sql),
        text=text,
        sql=sql,
        status=header["status"],
        severity=header["severity"],
        clauses=_texts(path, header, "clauses"),
        law=_texts(path, header, "law"),
        subject=header["subject"],
        identity=header["identity"],
        needs=tuple(tuple(entry.split("|")) for entry in _texts(path, header, "needs")),
        uses=_texts(path, header, "uses"),
        finds=_text(path, header, "finds"),
        summary=_text(path, header, "summary"),
        false_hits=false_hits,
        verify=_texts(path, header, "verify"),
        reading=_text(path, header, "reading"),
    )
    empty = [name for name in ("title", "clauses", "law", "finds", "summary", "verify") if not getattr(rule, name)]
    if empty:
        raise fail(path, f"字段不得为空：{'、'.join(empty)}。", word=empty[0])
    return rule
