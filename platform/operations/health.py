"""For a load balancer: is the process there, and can it serve? And what visitors get while it cannot."""

import sys
from functools import cache

from django.core.cache import cache as limits
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError

AWAY = "away"
RETRY = {"Retry-After": "5"}


@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nobody: a database that is away is no reason to restart it."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """503 while the database is away or behind the code. Without Redis the site is slower, and ready all the same."""
    found = {"database": _database(), "redis": _redis()}
    is_ready = found["database"] == "ok"
    return JsonResponse(found, status=200 if is_ready else 503, headers={} if is_ready else RETRY)


def went_wrong(_request: HttpRequest) -> HttpResponse:
    """The site's answer to an exception: 503 where only the database is away, so that Stripe comes again."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(loader.get_template("503.html").render(), status=503, headers=RETRY)
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok" if _is_migrated() else "behind: run manage.py migrate"
    except DatabaseError:
        return AWAY


def _is_migrated() -> bool:
    """Once it is, it is for the life of the process, which is of one version of the code."""
    if not _seen():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _seen().add(True)
    return True


@cache
def _seen() -> set[bool]:
    return set()


def _redis() -> str:
    try:
        limits.get("ready")
    except (RedisError, OSError):
        return AWAY
    return "ok"
