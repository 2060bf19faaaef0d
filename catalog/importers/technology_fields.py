"""Headings of technology catalogues, supplier lists and retrofit projects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .fields import Field, Reader, quantity_fields

R = Reader

TECHNOLOGY_FIELDS: tuple[Field, ...] = (
    Field("title", _("技术名称"), R.TEXT, (
        "技术名称", "项目名称", "技术", "产品名称", "名称", "技术产品名称", "技术装备名称", "节能技术名称", "推广技术名称",
        "技术或产品名称", "设备名称", "标题", "title", "name", "title_words", "technology", "成果名称", "绿色技术名称",
        "装备名称", "节能产品名称", "产品型号名称", "改造项目名称",
    ), max_length=200, is_required=True, example=_("高温烟气余热回收技术")),
    Field("summary", _("一句话效果"), R.TEXT, (
        "技术简介", "一句话效果", "简介", "技术概述", "产品简介", "项目简介", "summary", "abstract", "技术特点", "主要特点",
    ), max_length=300, example=_("利用 150℃以上烟气预热助燃空气，节约燃气 8%~12%")),
    Field("owner_name", _("技术拥有单位"), R.TEXT, (
        "技术依托单位", "申报单位", "技术提供单位", "技术支撑单位", "单位名称", "企业名称", "技术拥有单位", "推荐单位技术依托",
        "研发单位", "生产企业", "生产单位", "供应商", "供方", "技术单位", "申请单位", "实施单位", "技术来源单位", "厂家",
        "公司名称", "owner", "supplier", "organisation", "company", "完成单位", "技术持有单位", "节能服务公司",
    ), max_length=200, example=_("某某节能科技有限公司")),
    Field("credit_code", _("统一社会信用代码"), R.CREDIT_CODE, (
        "统一社会信用代码", "信用代码", "社会信用代码", "机构代码", "credit_code", "统一信用代码",
    ), example="91310116MA1J8XXXX"),
    Field("principle", _("技术原理"), R.TEXT, (
        "技术原理", "基本原理", "原理", "技术内容", "主要技术内容", "技术原理及内容", "工作原理", "技术原理与工艺", "技术描述",
        "content", "description", "principle", "项目内容", "改造内容", "技术介绍", "主要内容", "技术方案", "成果简介",
    )),
    Field("process", _("关键工艺"), R.TEXT, ("关键工艺", "工艺流程", "关键技术", "技术路线", "核心技术", "工艺路线", "关键技术及装备")),
    Field("scope", _("适用范围"), R.TEXT, (
        "适用范围", "应用领域", "适用领域", "适用场景", "应用范围", "推广范围", "适用对象", "适用条件及范围", "适用的技术条件", "scope",
        "使用范围", "技术适用范围", "应用场景",
    )),
    Field("not_suitable", _("不适用情形"), R.TEXT, ("不适用情形", "不适用范围", "限制条件", "局限性")),
    Field("conditions_note", _("应用条件说明"), R.TEXT, ("适用条件", "应用条件", "技术条件", "应用条件说明", "使用条件", "实施条件")),
    Field("industries", _("适用行业"), R.INDUSTRIES, (
        "适用行业", "所属行业", "行业", "行业类别", "应用行业", "行业领域", "行业代码", "industry", "主要应用行业",
    ), example=_("化学原料和化学制品制造业、C17")),
    Field("systems", _("用能系统"), R.SYSTEMS, (
        "用能系统", "系统", "技术类别", "技术分类", "类别", "分类", "用能环节", "改造系统", "技术领域", "system", "节能环节", "设备类别",
    ), example=_("锅炉与供热、余热余压利用")),
    Field("carriers", _("节约的能源品种"), R.CARRIERS, (
        "能源品种", "节约能源品种", "节约的能源品种", "节能品种", "能源种类", "能源类型", "carrier",
    ), example=_("天然气、电力")),
    Field("indicators", _("主要技术指标"), R.TEXT, (
        "主要技术指标", "技术指标", "主要指标", "性能指标", "主要性能指标", "技术参数", "主要技术参数", "单位节能量", "能效指标", "指标",
        "节能减碳效果", "节能效果",
    )),
    Field("unit_investment", _("单位投资（元/单位）"), R.UNIT_MONEY, (
        "单位投资", "单位投资额", "单位造价", "单位改造投资", "投资强度",
    ), ("unit_investment_min_cny", "unit_investment_max_cny"), example="1200元/kW"),
    Field("investment", _("典型项目投资"), R.MONEY, (
        "投资额", "投资", "项目投资", "总投资", "项目总投资", "典型项目投资", "投资总额", "投资金额", "技改投资", "改造投资",
        "典型项目投资额", "固定资产投资", "investment",
    ), ("investment_min_cny", "investment_max_cny"), example="800~1200万元"),
    Field("saving_rate", _("节能率"), R.SHARE, (
        "节能率", "综合节能率", "节电率", "节能比例", "节能效率", "节能幅度", "节气率",
    ), ("saving_rate_min", "saving_rate_max"), example="10~15%"),
    Field("annual_saving", _("年节能量（tce/a）"), R.ENERGY, (
        "节能量", "年节能量", "节能能力", "项目节能量", "典型项目节能量", "年节约标准煤", "节能量吨标准煤", "节约标准煤", "折标准煤",
        "项目年节能量", "可形成的年节能能力", "年节能能力", "节约能源量",
    ), ("annual_saving_min_tce", "annual_saving_max_tce"), example="1200 tce/a"),
    Field("saving_basis", _("节能量计算依据"), R.TEXT, ("节能量计算依据", "计算依据", "计算方法", "测算依据", "节能量说明")),
    Field("payback", _("投资回收期"), R.YEARS, (
        "静态投资回收期", "投资回收期", "回收期", "静态回收期", "动态投资回收期", "回收年限", "投资回收年限", "payback",
    ), ("payback_min_years", "payback_max_years"), example="2~3年"),
    Field("penetration_now", _("目前推广比例"), R.SHARE, (
        "目前推广比例", "推广比例", "当前推广比例", "行业普及率", "目前普及率", "普及率", "现有推广比例", "推广率", "目前应用比例",
        "行业推广比例",
    ), example="5%"),
    Field("penetration_in_5_years", _("预计 5 年后推广比例"), R.SHARE, (
        "预计推广比例", "预计5年后推广比例", "未来5年推广比例", "五年后推广比例", "未来推广比例", "推广潜力", "预期推广比例",
        "预计未来5年推广比例", "未来5年预计推广比例", "十四五推广比例",
    ), example="30%"),
    Field("co2_reduction_t", _("年减排二氧化碳（t）"), R.NUMBER, (
        "减排量", "二氧化碳减排量", "co2减排量", "碳减排量", "年减碳量", "减碳量", "减排能力", "年减排二氧化碳",
    ), example="3200t"),
    Field("trl", _("技术成熟度（TRL）"), R.LEVEL, ("技术成熟度", "成熟度", "trl", "技术就绪度", "成熟度等级"), example="8"),
    Field("intellectual_property", _("知识产权"), R.TEXT, ("知识产权", "专利", "专利情况", "知识产权情况", "专利号", "获奖情况")),
    Field("cooperation_modes", _("合作方式"), R.COOPERATION, ("合作方式", "合作模式", "商业模式", "推广模式", "转让方式"),
          example=_("设备销售、合同能源管理")),
    Field("evidence_level", _("证据等级"), R.EVIDENCE, ("证据等级", "证据", "验证情况", "鉴定情况"), example=_("第三方检测")),
    Field("source_catalogue", _("来源目录"), R.TEXT, ("来源目录", "目录名称", "来源", "数据来源", "出处"), max_length=200),
    Field("source_edition", _("目录版本"), R.TEXT, ("目录版本", "版次", "年份", "批次", "目录年份", "发布年份", "年度"), max_length=50),
    Field("source_item", _("目录序号"), R.TEXT, ("序号", "编号", "目录序号", "项目编号", "no", "id", "number", "technology_id", "技术编号", "编码"),
          max_length=50),
    Field("valid_until", _("有效期至"), R.DATE, ("有效期至", "有效期", "截止日期", "有效期限"), example="2027-12-31"),
    Field("contact_name", _("联系人"), R.TEXT, ("联系人", "联系人姓名", "姓名", "contact", "联络人"), max_length=50),
    Field("contact_phone", _("联系电话"), R.PHONE, ("联系电话", "电话", "手机", "联系方式", "手机号", "phone", "联系人电话"), max_length=30),
    Field("contact_email", _("联系邮箱"), R.EMAIL, ("联系邮箱", "邮箱", "电子邮箱", "email", "电子邮件", "e-mail")),
    Field("case_site", _("案例：应用单位"), R.TEXT, (
        "典型案例", "案例", "案例名称", "应用单位", "典型用户", "案例单位", "应用案例", "典型应用", "用户单位", "典型案例名称", "应用企业",
        "典型案例单位", "典型案例应用单位", "案例应用单位", "典型案例用户名称",
    ), ("site",), "case"),
    Field("case_industry", _("案例：行业"), R.INDUSTRIES, ("案例行业", "典型案例行业", "典型案例所属行业"), ("industry",), "case"),
    Field("case_year", _("案例：投运年份"), R.YEAR, (
        "投运年份", "投运时间", "案例年份", "竣工时间", "实施时间", "实施年份", "典型案例投运时间", "典型案例年份", "投产时间", "完工时间",
    ), ("year",), "case", example="2022"),
    Field("case_scale", _("案例：规模"), R.TEXT, ("案例规模", "建设规模", "典型案例规模", "改造规模", "项目规模", "典型案例建设规模"),
          ("scale",), "case", max_length=200),
    Field("case_investment", _("案例：投资"), R.MONEY, ("案例投资额", "案例投资", "典型案例投资额", "典型案例投资", "典型案例投资总额"),
          ("investment_cny",), "case", example="350万元"),
    Field("case_saving", _("案例：年节能量"), R.ENERGY, ("案例节能量", "案例年节能量", "典型案例节能量", "典型案例年节能量"),
          ("annual_saving_tce",), "case", example="420 tce/a"),
    Field("case_payback", _("案例：回收期"), R.YEARS, ("案例回收期", "案例投资回收期", "典型案例回收期", "典型案例投资回收期"),
          ("payback_years",), "case", example="2.5年"),
    Field("case_verified_by", _("案例：核验方"), R.TEXT, ("核验方", "案例核验方", "验收单位", "检测机构", "第三方机构", "审核机构"),
          ("verified_by",), "case", max_length=200),
    Field("case_description", _("案例：说明"), R.TEXT, ("案例说明", "案例描述", "案例简介", "典型案例简介", "典型案例介绍", "典型案例情况", "案例情况"),
          ("description",), "case"),
    *quantity_fields("condition"),
)  # fmt: skip
