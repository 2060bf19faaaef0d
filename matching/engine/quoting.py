"""Which words of a need stand in a technology as well: whole words of real sense, joined where they are neighbours."""

import re
from functools import lru_cache

import rjieba

from matching.engine.text import GENERIC_WORDS

_CLAUSE = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")
_BLANKS = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
# Words that join others without a sense of their own: no quotation runs across them.
_JOINTS = frozenset(
    "的了和与及或在是等将把对为以其由从到按并且不就都而则向于该此各每可能应须需使被所且又也很更较太最"
)
# What a thing is called in the end, one character long: part of the word before it.
_HEADS = frozenset("炉泵机器阀塔罐窑釜管箱站阵池膜板灯厂网房")

# What narrows the word after it: part of a phrase, never quoted alone.
_MODIFIERS = frozenset(
    "低温 中温 高温 超低温 低压 中压 高压 超高压 空气 工业 高效 连续 智能 分布式 有机 大功率 小型 大型 立式 卧式 闭式 开式 多级 双级".split()
)
# Kinds of word, as rjieba marks them, that may name a thing.
_NOUNS = frozenset(["n", "nz", "nr", "nrt", "nrfg", "l", "x"])
# The dictionary's rarest words of two characters are mostly chance pairs.
_RAREST = {2: 5}
# Words of other kinds that say what is done with energy or material.
_ACTIONS = frozenset(
    """回收 加热 清洗 分离 防爆 冷却 浓缩 发酵 氧化 燃烧 蒸发 焚烧 吸附 换热 制冷 离心 再生 冷冻 脱水 凝结 固化 提纯
    焊接 除湿 泄漏 脱硫 脱硝 加氢 铸造 锻造 锻压 承压 充电 催化 灭菌 熔炼 聚合 循环 变频 发电 供电 配电 传动 印刷 干燥
    水洗 酸洗 密封 红外 节流 增压 减压 蓄热 蓄冷 储热 蒸馏 精馏 萃取 结晶 烘干 粉碎 粉磨 电镀 通风 加湿 供热 供暖 采暖
    供冷 冷藏 过滤 搅拌 喷涂 烧结 煅烧 气化 电解 轧制 疏水 保温 除尘 脱氮 干馏 退火 淬火 渗碳 染色 定型 漂白 蒸煮
    制氧 制氮 制氢 液化 膨胀 压缩 破碎 混炼 硫化 挤出 注塑 吹塑 切割 打磨 抛光 曝光 显影 溶解 吸收 光伏 照明 喷漆""".split()
)
# Nouns of every text: they say nothing about the subject.
_PLAIN = frozenset(
    """数据 性能 时间 压力 高温 低温 产生 用户 大量 单位 质量 材料 空气 实际 平台 容量 能力 标准 曲线 密度 能量 成本 模型
    流量 报警 传统 化工 工业 机械 浓度 人工 小时 常规 评价 人员 环境 费用 整体 结构 表面 工况 车间 经济 电耗 过程 选型 含量
    定位 重点 节约 气体 液体 指标 水平 风险 功能 智能 无线 理论 记录 状态 无法 调度 工厂 区域 全部 专业 机构 厂房 资源 水温
    特性 系数 基本 动力 网络 水量 工件 布置 行业 误差 能效 园区 模式 价值 次数 局部 节省 线路 单元 无人 资质 用量 团队 软件
    体积 关系 金属 使用寿命 电力 阶段 专用 策略 空间 热效率 措施 工序 流程 物料 稳定性 现象 成型 前提 间距 活性 成品 电气
    产品质量 化学 有机 水力 配方 小试 反射率 分段 环境温度 模块化 高效率 纯度 精度 信号 规范 总量 强度 速度 市政 模块 部门
    动作 两者 结果 介质 限值 经济性 综合性 比例 利用率 报告 现行 尾部 型号 典型 一致性 厚度 布局 事故 规模 形状 产量 原料
    产物 价格 一体 高品质 逻辑 数量 硬度 可靠性 优势 直径 效应 建模 意义 尺寸 批量 定量 政策 峰值 趋势 重量 全程 敏感性
    灵敏度 定向 动态 编号 高度 商业 绘制 高密度 规定 指令 程序 控制目标 部署 责任 部件 不合理 潜力 频率 通讯 联网 普通
    均匀分布 低成本 一体化 数据分析 可追溯 满负荷 陈旧 舒适性 控制系统 管理系统 控制器 能耗高 工艺流程 温度控制 技术参数
    焚烧处理 及时发现 负荷 机组 工作 用能 用电 产品 分布式 自动控制 终端 温湿度 节电 年限 余量 电能 热能 用热 电量 热量
    示范 现状 目标 关键 难题 难点 机理 水分 参数 单台 单机 厂家 客户 员工 场所 规格 种类 类型 方面 领域 条件 因素
    日常 全年 白天 夜间 冬季 夏季 季节 冬夏 用途 来源 途径 方向 中心 地区 城市 社会 国家 市场 经济效益 社会效益 效益""".split()
)
_UNITS = frozenset(
    """mm cm km kg mg ml pa kpa mpa bar db ppm kv kw mw gw kwh mwh nm nm3 m3 rpm hz khz mhz min gj kj mj kcal tce kgce pcs
    ph ok id no the and of for in to with is on by""".split()
)

Clause = tuple[str, ...]


def shared_phrases(need: str, technology: str, limit: int = 6) -> list[str]:
    """Return what a need and a technology both say, in whole words, longest first.

    Both texts are normalised. Neighbouring words that are neighbours in the technology as well make one
    phrase. A phrase begins with a word that names something, and ends with one or with a head noun of one
    character; numbers, units and words without a subject (``GENERIC_WORDS``) are never quoted alone, nor
    are pieces that no dictionary knows.

    Examples
    --------
    >>> shared_phrases("空压机余热回收用于洗浴热水", "空压机余热回收系统")
    ['空压机余热回收']
    >>> shared_phrases("电机变频", "海上风电机组变频")
    ['变频']
    """
    places: dict[str, list[tuple[Clause, int]]] = {}
    for clause in _clauses(technology):
        for place, word in enumerate(clause):
            places.setdefault(word, []).append((clause, place))
    found: dict[str, None] = {}
    for clause in _clauses(need):
        start = 0
        while start < len(clause):
            length = max(
                (_common(clause, start, *place) for place in places.get(clause[start], ())), default=0
            )
            for phrase in _trimmed(clause[start : start + length]):
                found.setdefault(phrase)
            start += max(length, 1)
    longest_first = sorted(found, key=len, reverse=True)
    kept = [
        phrase
        for place, phrase in enumerate(longest_first)
        if not any(phrase in other for other in longest_first[:place])
    ]
    return kept[:limit]


def _common(mine: Clause, start: int, theirs: Clause, place: int) -> int:
    """Return how many words from the two places on are the same."""
    length = 0
    for first, second in zip(mine[start:], theirs[place:], strict=False):
        if first != second or first in _JOINTS:
            break
        length += 1
    return length


def _trimmed(words: Clause) -> list[str]:
    """Return the phrase between the first and the last word that names something, if there is one."""
    telling = [place for place, word in enumerate(words) if is_telling(word)]
    if not telling:
        return []
    first, last = telling[0], telling[-1]
    if last + 1 < len(words) and words[last + 1] in _HEADS:
        last += 1
    if first and words[first - 1] in _MODIFIERS:
        first -= 1
    joined = words[first : last + 1]
    return [" ".join(joined) if all(word.isascii() for word in joined) else "".join(joined)]


@lru_cache(maxsize=8192)
def is_telling(word: str) -> bool:
    """Tell whether a word of normalised text names something: a known noun or process, and no everyday word.

    Examples
    --------
    >>> [is_telling(word) for word in ("余热", "沸热", "技术", "炉", "led", "kwh")]
    [True, False, False, False, True, False]
    """
    if len(word) < 2 or word in GENERIC_WORDS or word in _PLAIN or word in _UNITS:
        return False
    if word.isascii() or word in _ACTIONS:
        return True
    is_known = rjieba.has_word(word) and rjieba.suggest_freq(word) >= _RAREST.get(len(word), 0)
    return is_known and rjieba.tag(word)[0][1] in _NOUNS


@lru_cache(maxsize=2048)
def _clauses(text: str) -> tuple[Clause, ...]:
    """Return the words between punctuation and numbers; a text is compared with many others."""
    joined = _BLANKS.sub("", text)
    return tuple(tuple(rjieba.cut(clause)) for clause in _CLAUSE.findall(joined))
