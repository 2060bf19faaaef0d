"""Headings of demand lists, audit conclusions and monitoring findings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .fields import Field, Reader, energy_use_fields, quantity_fields

R = Reader

DEMAND_FIELDS: tuple[Field, ...] = (
    Field("title", _("需求名称"), R.TEXT, (
        "需求名称", "技术需求", "需求", "项目名称", "需求标题", "技术需求名称", "改造项目", "节能改造项目", "名称", "标题", "title", "name",
        "拟改造项目", "建议项目", "节能建议", "改造需求", "难题名称", "need",
    ), max_length=200, is_required=True, example=_("导热油炉烟气余热回收")),
    Field("organisation", _("用能单位"), R.TEXT, (
        "企业名称", "单位名称", "用能单位", "需求单位", "企业", "单位", "公司名称", "重点用能单位", "被审计单位", "需求方", "用能单位名称",
        "organisation", "company", "enterprise", "填报单位", "需求企业", "申报单位",
    ), max_length=100, example=_("某某化工有限公司")),
    Field("credit_code", _("统一社会信用代码"), R.CREDIT_CODE, (
        "统一社会信用代码", "信用代码", "社会信用代码", "机构代码", "credit_code", "统一信用代码",
    ), example="91310116MA1J8XXXX"),
    Field("problem", _("现状与问题"), R.TEXT, (
        "存在问题", "审计结论", "问题描述", "需求描述", "现状与问题", "现状", "主要问题", "问题", "需求内容", "需求简介", "content",
        "description", "problem", "审计发现", "发现问题", "用能现状", "现状及问题", "具体需求", "需求详情", "节能潜力分析", "监测结论",
        "技术需求描述", "背景", "存在的主要问题",
    )),
    Field("systems", _("用能系统"), R.SYSTEMS, (
        "用能系统", "系统", "用能设备", "用能环节", "涉及系统", "改造系统", "类别", "分类", "system", "需求类别", "技术领域",
    ), example=_("锅炉与供热、余热余压利用")),
    Field("process", _("工艺或设备"), R.TEXT, ("工艺或设备", "工艺", "设备", "工序", "生产工艺", "涉及工艺", "设备名称", "主要设备"), max_length=200),
    Field("carriers", _("能源品种"), R.CARRIERS, ("能源品种", "能源种类", "用能品种", "能源类型", "carrier", "消耗能源品种"),
          example=_("天然气、电力")),
    Field("annual_use_tce", _("年用能量（tce/a）"), R.ENERGY, (
        "年用能量", "年综合能耗", "综合能耗", "能耗", "年能耗", "用能量", "系统年用能量", "年能源消费量", "综合能源消费量", "能源消费总量",
    ), example="3200 tce/a"),
    Field("annual_cost_cny", _("年用能费用"), R.MONEY, ("年用能费用", "能源费用", "年能源费用", "用能成本", "年能源成本", "能源成本"),
          example="560万元"),
    Field("target_saving_tce", _("期望年节能量（tce/a）"), R.ENERGY, (
        "期望节能量", "预期节能量", "目标节能量", "预计节能量", "节能潜力", "节能量", "年节能量", "节能目标", "期望年节能量", "可实现节能量",
    ), takes_minimum=True, example="300 tce/a"),
    Field("budget_cny", _("预算"), R.MONEY, (
        "预算", "投资预算", "预算金额", "拟投资", "拟投入资金", "计划投资", "预计投资", "投资额", "投资", "投资估算", "拟投资额", "项目预算",
        "总投资", "资金预算",
    ), example="200万元"),
    Field("max_payback_years", _("可接受的最长回收期"), R.YEARS, (
        "可接受回收期", "最长回收期", "回收期要求", "投资回收期", "回收期", "期望回收期", "可接受的最长回收期", "可接受投资回收期",
        "静态投资回收期",
    ), example="3年"),
    Field("shutdown_window", _("可停机时间"), R.TEXT, ("可停机时间", "停机窗口", "停产检修时间", "检修时间", "大修时间", "可施工时间"), max_length=200),
    Field("space_limit", _("场地限制"), R.TEXT, ("场地限制", "场地条件", "空间限制", "场地", "场地要求"), max_length=200),
    Field("tried_before", _("已尝试的措施"), R.TEXT, ("已尝试的措施", "已采取措施", "已有措施", "曾采取措施", "已实施措施", "改造历史")),
    Field("wants_finance", _("希望对接融资"), R.BOOLEAN, ("希望对接融资", "是否需要融资", "融资需求", "是否融资", "是否需要资金支持"),
          example=_("是")),
    Field("source", _("来源"), R.DEMAND_SOURCE, ("来源", "需求来源", "数据来源", "信息来源"), example=_("能源审计")),
    Field("source_file", _("来源文件"), R.TEXT, ("来源文件", "审计报告", "报告名称", "依据文件", "文件名称"), max_length=200),
    Field("source_page", _("页码"), R.TEXT, ("页码", "所在页", "来源页码", "页"), max_length=20),
    Field("source_item", _("编号"), R.TEXT, ("序号", "编号", "需求编号", "id", "no", "number", "need_id", "编码"), max_length=50),
    Field("contact_name", _("联系人"), R.TEXT, ("联系人", "联系人姓名", "姓名", "contact", "能源管理负责人", "联络人"), max_length=50),
    Field("contact_phone", _("联系电话"), R.PHONE, ("联系电话", "电话", "手机", "联系方式", "手机号", "phone", "联系人电话"), max_length=30),
    Field("deadline", _("截止日期"), R.DATE, (
        "截止日期", "截止时间", "需求截止日期", "有效期", "有效期至", "期限", "计划完成时间", "完成时限", "deadline", "拟实施时间",
    ), example="2026-12-31"),
    *energy_use_fields(),
    *quantity_fields("quantity"),
)  # fmt: skip
