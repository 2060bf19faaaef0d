"""How every part of the platform stands: read by load balancers, by Prometheus and by the operator's page."""

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.utils.json import loads

from catalog.models import ImportBatch
from marketplace.heartbeat import silent_seconds
from notices.enums import MailState
from notices.models import Mail, Notice
from search.models import Entry
from search.services import engine_report

logger = logging.getLogger(__name__)
SILENT_AFTER_SECONDS = 180
LATE_AFTER_SECONDS = 900
LEAST_FREE_MB = 500


@dataclass(frozen=True)
class Sign:
    """How one part stands.

    `state` is ok, degraded (visitors are served, somebody should look) or failed; `figures` are numbers for
    Prometheus, seconds or counts; `details` go into JSON beside them; `advice` is what an operator does.
    """

    name: str
    label: str
    state: str = "ok"
    figures: Mapping[str, float] = field(default_factory=dict)
    details: Mapping[str, str | int | None] = field(default_factory=dict)
    meaning: str = ""
    advice: str = ""

    @property
    def is_well(self) -> bool:
        return self.state != "failed"


def database() -> Sign:
    """Ask the database for a number."""
    begin = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Sign(
        "database", _("数据库"), figures={"answer_seconds": time.perf_counter() - begin},
        details={"engine": connection.vendor}, meaning="Time of an empty statement.",
        advice=_("检查数据库服务和 DATABASE_URL；SQLite 请检查磁盘空间和文件权限。"),
    )  # fmt: skip


def queue() -> Sign:
    """Reach the broker; tell how many messages wait, how old the oldest is, and when a worker last gave a sign."""
    waiting, oldest_seconds = _waiting_in_redis() if settings.REDIS_URL else _waiting_in_folder()
    silent = silent_seconds()
    state = "ok"
    if oldest_seconds > LATE_AFTER_SECONDS:
        state = "degraded"
    if silent is not None and silent > SILENT_AFTER_SECONDS:
        state = "failed"
    figures = {"waiting": waiting, "oldest_seconds": oldest_seconds}
    if silent is not None:
        figures["worker_silent_seconds"] = silent
    return Sign(
        "queue", _("后台任务"), state, figures,
        {"waiting": waiting, "worker_silent_seconds": silent, "worker": "silent" if state == "failed" else "ok"},
        "Messages that wait for a worker.",
        _("查看 worker 和 scheduler 进程是否在运行，必要时重启；积压会自动补做，不会丢失或重复。"),
    )  # fmt: skip


def _waiting_in_redis() -> tuple[int, float]:
    with current_app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        client = broker.default_channel.client
        oldest = client.lindex("celery", -1)
        sent_at = loads(oldest)["headers"].get("sent_at") if oldest else None
        return client.llen("celery"), max(0.0, time.time() - sent_at) if sent_at else 0.0


def _waiting_in_folder() -> tuple[int, float]:
    folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
    names = [entry.name for entry in os.scandir(folder) if entry.name.endswith(".msg")]
    begun = min((int(name.split("_")[0]) for name in names if name[:20].isdigit()), default=None)
    return len(names), max(0.0, time.time() - begun / 1e9) if begun is not None else 0.0


def outbox() -> Sign:
    """Tell how many mails wait, how late the oldest is, and how many were given up in the last day."""
    now = timezone.now()
    waiting = Mail.objects.filter(state__in=[MailState.WAITING, MailState.SENDING])
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    unwritten = Notice.objects.awaiting_mail().filter(
        mail_due_at__lt=now - timedelta(seconds=LATE_AFTER_SECONDS)
    )
    failed = Mail.objects.filter(state=MailState.FAILED, created_at__gte=now - timedelta(days=1)).count()
    oldest_seconds = (now - oldest).total_seconds() if oldest else 0.0
    late = unwritten.count()
    is_late = oldest_seconds > LATE_AFTER_SECONDS or late > 0 or failed > 0
    return Sign(
        "outbox", _("邮件"), "degraded" if is_late else "ok",
        {"waiting": waiting.count(), "oldest_seconds": oldest_seconds, "failed_today": failed, "unwritten_late": late},
        meaning="Mails that wait, with their age, and those given up.",
        advice=_("检查 EMAIL_URL 和邮件服务器；在“邮件”列表中查看最近错误，修复后选中“重新发送”。"),
    )  # fmt: skip


def search() -> Sign:
    """Read the index and tell which engine answers and how many changed listings the indices have yet to take in."""
    report = engine_report()
    return Sign(
        "search", _("检索"), "degraded" if report.get("elasticsearch", "ok") != "ok" else "ok",
        {key: value for key, value in report.items() if isinstance(value, int)},
        {"entries": Entry.objects.count(), **report}, "Changes that an index has not taken in.",
        _("Elasticsearch 无法访问时由内置索引回答；恢复后自动补齐，也可运行 rebuild_search。"),
    )  # fmt: skip


def imports() -> Sign:
    """Tell how many imports stopped without an end."""
    stalled = ImportBatch.objects.stalled().count()
    return Sign(
        "imports", _("批量导入"), "degraded" if stalled else "ok", {"stalled": stalled},
        meaning="Imports that stopped without an end.", advice=_("每 5 分钟自动继续；若长期不动，重启 worker。"),
    )  # fmt: skip


def disk() -> Sign:
    """Tell how much room the data folder has."""
    free_mb = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    return Sign(
        "disk", _("磁盘空间"), "ok" if free_mb >= LEAST_FREE_MB else "degraded", {"free_mb": free_mb},
        meaning="Room in the data folder.", advice=_("清理或扩大 DATA_DIR 所在磁盘；写满后无法提交和上传，已有数据不受影响。"),
    )  # fmt: skip


def shared_cache() -> Sign:
    """Write and read a value, so that limits on log-ins and locks work."""
    cache.set("sign", "ok", timeout=60)
    return Sign(
        "cache", _("缓存"), "ok" if cache.get("sign") == "ok" else "failed",
        advice=_("检查 Redis（REDIS_URL）；未使用 Redis 时检查数据库。"),
    )  # fmt: skip


READERS: dict[str, tuple[str, Callable[[], Sign]]] = {
    "database": (_("数据库"), database),
    "cache": (_("缓存"), shared_cache),
    "queue": (_("后台任务"), queue),
    "outbox": (_("邮件"), outbox),
    "search": (_("检索"), search),
    "imports": (_("批量导入"), imports),
    "disk": (_("磁盘空间"), disk),
}


def signs() -> Iterator[Sign]:
    """Yield the sign of every part; one that cannot be read counts as failed, without a word of why to outsiders."""
    for name, (label, read) in READERS.items():
        try:
            yield read()
        except Exception:  # whatever a part raises, the answer must say which part
            logger.exception("%s cannot be read", name)
            yield Sign(name, label, "failed", advice=_("无法读取，原因见日志。"))
