"""Gunicorn's settings: `gunicorn -c python:governance.config.gunicorn governance.config.wsgi:application`."""

from __future__ import annotations

from governance.config.env import env

bind = f"{env().bind}:{env().port}"
workers = 2
threads = 4
# Each worker opens its own database connections: forking an open one would share it.
preload_app = False
max_requests = 5000
max_requests_jitter = 500
graceful_timeout = 10
# Longer than a client keeps an idle connection, so that it is never ended just as the client speaks again.
keepalive = 75
control_socket_disable = True
