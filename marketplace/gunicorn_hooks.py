"""What gunicorn calls when a web process ends: its counters stay, its gauges go."""

from prometheus_client import multiprocess


def child_exit(server, worker):
    multiprocess.mark_process_dead(worker.pid)
