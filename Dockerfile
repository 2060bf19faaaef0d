# Three processes from one image: `manage.py process web|worker|scheduler`.
FROM python:3.11.14-slim-bookworm AS environment
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /build/requirements.lock
RUN python -m venv /opt/environment \
    && /opt/environment/bin/pip install --require-hashes --requirement /build/requirements.lock

FROM environment AS assets
WORKDIR /app
COPY . .
# The key and the data of this stage stay behind in it.
RUN DATA_DIR=/build/data STATIC_DIR=/app/static-built /opt/environment/bin/python manage.py compile_translations \
    && DATA_DIR=/build/data STATIC_DIR=/app/static-built /opt/environment/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/environment/bin/python -m compileall -q .

FROM python:3.11.14-slim-bookworm
# Backups are written with PostgreSQL's own tools, of the version in docker-compose.yml.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 marketplace \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin marketplace \
    && install --directory --owner=10001 --group=10001 /data
COPY --from=environment /opt/environment /opt/environment
COPY --from=assets /app /app
ENV PATH=/opt/environment/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_DIR=/app/static-built \
    BIND=0.0.0.0 \
    PORT=8000 \
    LOG_FORMAT=json
WORKDIR /app
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
CMD ["python", "manage.py", "process", "web"]
