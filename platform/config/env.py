"""Typed, loud readers of the environment: a wrong or missing value stops the start with a sentence."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that `NAME_FILE` names (for secrets), or the default."""
    if file := os.environ.get(f"{name}_FILE"):
        if name in os.environ:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; set one of them.")
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {file}, which cannot be read: {error.strerror}.") from error
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value in ("", "1", "true", "yes", "on"):
        return bool(value) or default
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; say 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def require(names: dict[str, bool], why: str) -> None:
    """Stops the start when a needed setting is missing; says all of them at once."""
    missing = [name for name, present in names.items() if not present]
    if missing:
        raise ImproperlyConfigured(f"{why} also needs {', '.join(missing)}. Set them, or unset what asks for them.")
