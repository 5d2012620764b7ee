# Senim in one image: web, workers and clock are the same image with different commands (see compose.yaml).
FROM python:3.12-slim AS build
WORKDIR /srv/senim
RUN python -m venv .venv
COPY pyproject.toml requirements.lock ./
# At the versions and hashes of the lock; what only development needs stays outside.
RUN .venv/bin/python -m pip install --quiet "uv==$(sed -n 's/^uv==\([^ ;]*\).*/\1/p' requirements.lock)" \
    && .venv/bin/python -m uv pip install --quiet --python .venv/bin/python -r pyproject.toml -c requirements.lock
COPY . .
RUN SENIM_HOME=/tmp/building .venv/bin/python -c "from governance.config.languages import ensure_compiled; ensure_compiled()"

FROM python:3.12-slim
RUN groupadd --gid 10001 senim && useradd --uid 10001 --gid senim --no-create-home --home-dir /var/lib/senim senim \
    && install -d -o senim -g senim -m 0700 /var/lib/senim /var/lib/senim/tmp /backups
COPY --from=build /srv/senim /srv/senim
WORKDIR /srv/senim
ENV PATH=/srv/senim/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SENIM_HOME=/var/lib/senim TMPDIR=/var/lib/senim/tmp SENIM_BIND=0.0.0.0 DO_NOT_TRACK=1
USER senim
VOLUME /var/lib/senim
EXPOSE 8000
CMD ["gunicorn", "-c", "python:governance.config.gunicorn", "governance.config.wsgi:application"]
