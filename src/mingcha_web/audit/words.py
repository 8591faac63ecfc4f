"""What the log's codes are called on screen."""

from __future__ import annotations

from mingcha_web.access.policy import ROLE_LABELS, Role
from mingcha_web.cases.models import State
from mingcha_web.ui.templatetags.ui import SEVERITIES

_NOTHING: tuple[object, ...] = ("", None, [], {})
_PAIR = 2
_STATES = {state.value: str(state.label) for state in State}
_SEVERITIES = {code: words[0] for code, words in SEVERITIES.items()}

#: Action → its Chinese name; a test looks for actions that have none.
ACTIONS = {
    "login": "登录",
    "logout": "退出",
    "login_failed": "登录失败",
    "login_paused": "多次输错，暂停登录",
    "refused": "越权被拒",
    "password_change": "更换密码",
    "password_reset": "重置密码",
    "account_create": "建立账号",
    "account_edit": "修改账号",
    "account_disable": "停用账号",
    "account_enable": "启用账号",
    "audit_verify": "核对日志",
    "audit_export": "导出日志",
    "calendar_import": "导入放假安排",
    "limit_set": "设置办理期限",
    "parameter_propose": "提出参数变更",
    "parameter_approve": "批准参数变更",
    "parameter_refuse": "不批准参数变更",
    "parameter_withdraw": "撤回参数变更",
    "rule_confirm": "规则转正",
    "rule_back_on_trial": "规则退回试行",
    "own_rule_save": "保存本县规则",
    "own_rule_propose": "提交本县规则",
    "own_rule_withdraw": "撤回本县规则",
    "own_rule_approve": "批准本县规则",
    "own_rule_refuse": "不批准本县规则",
    "own_rule_retire": "停用本县规则",
    "ruletrial_start": "试运行规则",
    "ruletrial_read": "查看试运行结果",
    "ruletrial_failed": "试运行失败",
    "ruletrial_cancel": "取消试运行",
    "ruletrial_cancelled": "试运行已取消",
    "ruletrial_interrupted": "试运行中断",
    "batch_create": "上传一批文件",
    "batch_read": "读入一批文件",
    "batch_done": "读入完成",
    "batch_failed": "读入失败",
    "batch_cancel": "取消读入",
    "batch_cancelled": "读入已取消",
    "batch_interrupted": "读入中断",
    "delivery_correct": "更正识别结果",
    "delivery_withdraw": "撤回文件",
    "obligation_set": "设置报送要求",
    "obligation_end": "停用报送要求",
    "obligations_suggest": "生成报送要求",
    "rejects_export": "下载退回的行",
    "template_export": "下载空白模板",
    "run_start": "发起比对",
    "run_done": "比对完成",
    "run_failed": "比对失败",
    "run_cancel": "取消比对",
    "run_cancelled": "比对已取消",
    "run_interrupted": "比对中断",
    "run_changes_read": "查看两次比对的差别",
    "run_file_read": "下载比对结果",
    "finding_list_read": "查看疑点列表",
    "finding_read": "查看疑点",
    "finding_export": "导出疑点",
    "findings_store": "保存疑点",
    "warning_import": "导入上级预警",
    "warnings_import": "导入上级预警",
    "number_unmask": "查看完整身份证号",
    "list_export": "导出列表",
    "view_save": "保存常用筛选",
    "view_delete": "删除常用筛选",
    "cases_form": "生成办件",
    "cases_look_back": "回头看",
    "case_list_read": "查看办件列表",
    "case_due_read": "查看期限列表",
    "case_read": "查看办件",
    "case_export": "导出办件",
    "case_form": "建立办件",
    "case_join": "并入新疑点",
    "case_dispatch": "派发",
    "case_assign": "改派",
    "case_start": "开始核查",
    "case_report": "反馈核查结果",
    "case_rectify": "立案整改",
    "case_done": "整改完成",
    "case_submit": "提交复核",
    "case_return": "退回",
    "case_close": "办结",
    "case_reopen": "重新打开",
    "case_supervise": "督办",
    "case_reply": "回复督办",
    "case_attach": "上传附件",
    "case_refer": "移送线索",
    "case_look_back_confirm": "回头看：确认办结",
    "case_look_back_reopen": "回头看：重新打开",
    "attachment_read": "查看附件",
    "referral_raise": "移送线索",
    "referral_list_read": "查看线索列表",
    "referral_read": "查看线索",
    "referral_receive": "接收线索",
    "referral_decide": "登记线索办理结果",
    "home_read": "查看今日",
}

#: Kind of object → its Chinese name.
KINDS = {
    "account": "账号",
    "list": "列表",
    "audit": "操作日志",
    "year": "年份",
    "limit": "办理期限",
    "parameter": "政策参数",
    "rule": "规则",
    "own_rule": "本县规则",
    "ruletrial": "试运行",
    "batch": "报送批次",
    "delivery": "报送文件",
    "run": "比对",
    "finding": "疑点",
    "case": "办件",
    "attachment": "附件",
    "referral": "线索移送",
    "supervision": "督办",
    "obligation": "报送要求",
    "dataset": "数据项",
    "month": "月份",
    "view": "常用筛选",
}

#: Names inside ``detail`` → their Chinese names.
DETAILS = {
    "path": "地址",
    "method": "方式",
    "username": "账号",
    "failures": "连续失败次数",
    "until": "暂停到",
    "role": "角色",
    "township": "乡镇",
    "village": "村",
    "changed": "改动",
    "name": "姓名",
    "entries": "条数",
    "problem": "问题",
    "filters": "筛选",
    "rows": "行数",
    "count": "条数",
    "reason": "理由",
    "days": "天数",
    "state": "环节",
    "severity": "级别",
    "working_days": "工作日数",
    "key": "参数",
    "value": "取值",
    "note": "说明",
    "from": "从",
    "to": "到",
    "page": "页",
    "query": "筛选",
    "files": "文件数",
    "rule_id": "规则",
    "as_of": "比对日",
    "action": "动作",
    "kind": "对象",
    "personal": "只看个人信息",
    "person": "操作人",
    "object": "对象编号",
    "source": "依据",
    "type": "类型",
    "size": "大小",
    "form": "格式",
    "file": "文件",
    "before": "上一次",
    "rule": "规则",
    "rules": "规则",
    "findings": "疑点",
    "continuing": "仍在",
    "gone": "消失",
    "dataset": "数据项",
    "delivery": "文件",
    "columns": "列",
    "office": "单位",
    "scope": "范围",
    "total": "总数",
    "read": "读入",
    "accepted": "接受",
    "doubtful": "存疑",
    "rejected": "退回",
    "sheet": "工作表",
    "month": "月份",
    "program": "救助类别",
    "text": "查找",
    "assignee": "核查人",
    "due": "期限",
    "every_months": "周期（月）",
    "due_day": "截止日",
    "replaced": "替换",
    "mapping": "列对应",
    "unreadable": "读不出",
    "made": "生成",
    "new": "新增",
    "joined": "并入",
    "confirmed": "确认",
    "reopened": "重新打开",
    "batch": "批次",
    "cases": "办件数",
    "demo": "样例",
}


def action_word(action: str) -> str:
    """An action in Chinese; an unknown one as it is written."""
    return ACTIONS.get(action, action)


def kind_word(kind: str) -> str:
    """A kind of object in Chinese."""
    return KINDS.get(kind, kind)


def role_word(role: str) -> str:
    """A role in Chinese; '' for the system itself."""
    return ROLE_LABELS[Role(role)] if role in set(Role) else role


def detail_words(detail: dict[str, object]) -> str:
    """The facts of an entry in one line: 待核查 → 核查中；乡镇：城关镇."""
    told = dict(detail)
    first = ""
    if "from" in told and "to" in told and {str(told["from"]), str(told["to"])} & set(_STATES):
        before, after = _words(told.pop("from")), _words(told.pop("to"))
        first = after if before == after else f"{before} → {after}"
    rest = (f"{DETAILS.get(name, name)}：{_words(value)}" for name, value in told.items() if value not in _NOTHING)
    return "；".join(part for part in (first, *rest) if part)


def _words(value: object) -> str:
    if value in _NOTHING:
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "，".join(
            f"{DETAILS.get(str(name), name)} {_words(each)}" for name, each in value.items() if each not in _NOTHING
        )
    if isinstance(value, list):
        # two values are before and after
        return (" → " if len(value) == _PAIR else "、").join(_words(each) for each in value)
    return _STATES.get(str(value)) or _SEVERITIES.get(str(value)) or role_word(str(value))
