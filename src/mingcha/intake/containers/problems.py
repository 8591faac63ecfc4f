"""What can be wrong with a file, in plain Chinese: cause and remedy for each code."""

from __future__ import annotations

from mingcha.errors import FileUnreadable, Place
from mingcha.intake.model import FileProblem

_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 xlsx 格式再放入文件夹。"
_ASK_AGAIN = "请确认能否用 Excel 或 WPS 打开；打不开的，请向提供单位重新索取。"
_NOT_NEEDED = "如里面有要比对的表，请另存为 xlsx 格式再放入文件夹。"

# code → (outcome, cause, remedy); {…} are filled in by whoever reports the problem
SENTENCES: dict[str, tuple[str, str, str]] = {
    "file.kind": ("ignored", "这是{kind}，不是可以比对的表格，没有读取。", _NOT_NEEDED),
    "file.archive": ("ignored", "这是压缩包（{kind}），没有读取里面的文件。", "请先解压，把里面的表格放入文件夹。"),
    "file.unknown": ("ignored", "认不出这是什么文件，没有读取。", _NOT_NEEDED),
    "text.no_table": ("ignored", "这是文字文件，里面没有按列排好的表格，没有读取。", _NOT_NEEDED),
    "html.no_table": ("ignored", "这是网页文件，里面没有表格，没有读取。", _NOT_NEEDED),
    "sheet.empty": ("ignored", "表里没有内容，没有读取。", ""),
    "sheet.kind": ("ignored", "这是{kind}，不是数据表，没有读取。", ""),
    "file.special": ("ignored", "这不是普通文件（管道或设备），没有读取。", ""),
    "link.loop": ("ignored", "这是绕回上级文件夹的链接，没有跟进。", "如链接的是要比对的表，请把文件本身复制进来。"),
    "link.outside": ("ignored", "这是指向文件夹以外的链接，没有跟进。", "如链接的是要比对的表，请把文件本身复制进来。"),
    "link.inside": ("ignored", "这是指向本文件夹内另一处的链接，那里已读取，这里不再读。", ""),
    "link.broken": ("failed", "这是一个失效的链接，原来的文件找不到。", "请把文件本身复制进来。"),
    "file.duplicate": (
        "duplicate",
        "内容与《{first}》完全相同，只采用一份。",
        "如本应是另一份表，请检查是否放错了文件。",
    ),
    "file.empty": ("failed", "文件是空的（0 字节），可能没有拷贝完整。", "请重新拷贝，或向提供单位重新索取。"),
    "file.nothing": ("ignored", "文件是空的（0 字节），没有读取。", ""),
    "file.vanished": ("failed", "读取时文件已不在原处。", "请确认文件没有被移走或改名，再运行一次。"),
    "file.permission": (
        "failed",
        "没有读取这个文件的权限，或文件正被别的程序占用。",
        "请关闭正在打开它的程序，或请管理员开放权限。",
    ),
    "folder.permission": (
        "failed",
        "没有打开这个子文件夹的权限，里面的文件没有读取。",
        "请管理员开放权限后再运行一次。",
    ),
    "file.disk": ("failed", "从磁盘读取时出错。", "请检查磁盘或U盘，把文件重新拷贝一份。"),
    "file.too_large": ("failed", "文件有 {size}，超过 {limit} 的上限，没有读取。", "请按乡镇或月份拆成几个文件。"),
    "file.password": (
        "failed",
        "文件有密码（加密），不能读取。",
        "请向提供单位要密码，打开后取消密码、另存为 xlsx 格式。",
    ),
    "file.corrupt": ("failed", "文件已损坏或没有拷贝完整，不能读取。", _ASK_AGAIN),
    "file.bomb": (
        "failed",
        "文件解开后有 {size}，是压缩前后大小异常的文件，为安全起见没有读取。",
        "请用 Excel 或 WPS 打开，删去空白的行和列后另存为 xlsx 格式。",
    ),
    "file.mhtml": ("failed", "这是“单个文件网页”（MHTML）格式，不能直接读取。", _SAVE_AS),
    "file.old_excel": ("failed", "这是很早的 Excel 格式（{kind}），不能直接读取。", _SAVE_AS),
    "file.wrong_content": ("failed", "文件名像表格，内容却认不出是哪种表格，可能已损坏。", _ASK_AGAIN),
    "file.not_spreadsheet": ("failed", "文件名像表格，内容其实是{kind}，不能读取。", _SAVE_AS),
    "file.xml_entities": ("failed", "文件里有不安全的 XML 定义（实体），没有读取。", _SAVE_AS),
    "file.crash": ("failed", "读取到一半中断，文件可能已损坏，或大得超出内存。", _SAVE_AS),
    "file.memory": (
        "failed",
        "读取所需内存超过上限，文件可能已损坏，或表格过大。",
        "请删去空白行列，或拆成几个文件后再试。",
    ),
    "file.timeout": ("failed", "读取超过 {seconds} 秒仍未完成，已停止。", "文件可能已损坏或过大；" + _SAVE_AS),
    "sheet.corrupt": ("failed", "这张表已损坏，不能读取；同一文件里其他的表照常读取。", _ASK_AGAIN),
    "sheet.crash": ("failed", "读取这张表时中断，可能已损坏或大得超出内存；同一文件里其他的表照常读取。", _SAVE_AS),
    "sheet.memory": ("failed", "读取这张表所需内存超过上限。", "请删去空白行列，或拆成几个文件后再试。"),
    "sheet.timeout": ("failed", "读取这张表超过 {seconds} 秒仍未完成，已停止。", _SAVE_AS),
}


def problem(code: str, file: str, *, sheet: str | None = None, **facts: object) -> FileProblem:
    """The problem as the report shows it.

    >>> problem("file.duplicate", "b.xlsx", first="a.xlsx").message
    '《b.xlsx》：内容与《a.xlsx》完全相同，只采用一份。如本应是另一份表，请检查是否放错了文件。'
    """
    outcome, cause, remedy = SENTENCES[code]
    error = FileUnreadable(cause.format(**facts), remedy=remedy, place=Place(file, sheet or None))
    return FileProblem(file, outcome, code, str(error))


class Unreadable(Exception):
    """A file or sheet cannot be read; code is a key of SENTENCES, facts fill its sentence."""

    def __init__(self, code: str, **facts: str) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


def size_words(size: int) -> str:
    """A number of bytes as a clerk reads it.

    >>> size_words(3 << 30), size_words(1536)
    ('3.0 GB', '1.5 KB')
    """
    value = float(size)
    for unit in ("字节", "KB", "MB"):
        if value < 1024:
            return f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"
