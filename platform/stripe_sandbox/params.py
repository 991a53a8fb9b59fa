"""Checks requests against the SDK's own parameter types, so that no list of parameters is kept by hand."""

import sys
import types
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from stripe import _request_options
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import get_type_hints, is_typeddict

from stripe_sandbox.errors import StripeError, missing_parameter, unknown_parameter

METADATA_KEYS, METADATA_NAME, METADATA_VALUE = 50, 40, 500


def checked(shape: type, raw: dict[str, Any]) -> dict[str, Any]:
    """The request's parameters with their types (int, bool, list), or Stripe's 400."""
    return _object(shape, raw, "")


@cache
def _fields(shape: type) -> dict[str, Any]:
    # The option fields (api_key, headers …) come with the SDK's base class and name types it imports only for mypy.
    names = {**vars(_request_options), **vars(sys.modules[shape.__module__]), "StripeContext": object}
    options = _request_options.RequestOptions.__annotations__
    return {name: hint for name, hint in get_type_hints(shape, localns=names).items() if name not in options}


def _object(shape: type, raw: dict[str, Any], path: str) -> dict[str, Any]:
    fields = _fields(shape)
    for name in raw:
        if name not in fields:
            raise unknown_parameter(_join(path, name))
    for name in sorted(getattr(shape, "__required_keys__", ())):
        if name not in raw:
            raise missing_parameter(_join(path, name))
    return {name: _value(fields[name], value, _join(path, name)) for name, value in raw.items()}


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _value(hint: Any, raw: Any, path: str) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return _choice(get_args(hint), raw, path)
    if get_origin(hint) is list:
        return _list(get_args(hint)[0], raw, path)
    if is_typeddict(hint):
        if not isinstance(raw, dict):
            raise StripeError("Invalid object", param=path) if raw else _empty(path)
        return _object(hint, raw, path)
    if get_origin(hint) is dict:
        return _metadata(raw, path)
    if get_origin(hint) is Literal:
        return _enum(get_args(hint), raw, path)
    return _scalar(hint, raw, path)


def _choice(hints: tuple[Any, ...], raw: Any, path: str) -> Any:
    """One of several: the SDK writes open enums as Literal|str, ranges as a hash or an int, resets as Literal['']."""
    known = [hint for hint in hints if hint is not type(None)]
    literals = [hint for hint in known if get_origin(hint) is Literal]
    if raw == "" and any("" in get_args(hint) for hint in literals):
        return ""
    others = [hint for hint in known if get_origin(hint) not in (Literal, UntypedStripeObject)]
    nested = [hint for hint in others if is_typeddict(hint) or get_origin(hint) in (dict, list)]
    if isinstance(raw, (dict, list)) and nested:
        return _value(nested[0], raw, path)
    named = [text for hint in literals for text in get_args(hint) if text != ""]
    if named:
        return _enum(tuple(named), raw, path)
    plain = [hint for hint in others if hint not in nested]
    return _value((plain or nested)[0], raw, path)


def _list(hint: Any, raw: Any, path: str) -> list[Any]:
    if not isinstance(raw, list):
        raise StripeError("Invalid array", param=path)
    return [_value(hint, item, f"{path}[{index}]") for index, item in enumerate(raw)]


def _enum(allowed: tuple[Any, ...], raw: Any, path: str) -> str:
    if raw in allowed:
        return str(raw)
    if raw == "":
        raise _empty(path)
    names = [str(name) for name in allowed]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, or {names[-1]}"
    # Stripe's list of error codes has none for enums; the message and the parameter are all it gives.
    raise StripeError(f"Invalid {path}: must be one of {listed}", param=path)


def _scalar(hint: Any, raw: Any, path: str) -> Any:
    if not isinstance(raw, str):
        raise StripeError("Invalid string: must be a string", param=path)
    if raw == "":
        raise _empty(path)
    if hint is int:
        return _integer(raw, path)
    if hint is bool:
        if raw not in ("true", "false"):
            raise StripeError(f"Invalid boolean: {raw}", param=path)
        return raw == "true"
    if hint in (Decimal, float):
        try:
            return str(Decimal(raw))
        except InvalidOperation as error:
            raise StripeError(f"Invalid decimal: {raw}", param=path) from error
    return raw


def _integer(raw: str, path: str) -> int:
    digits = raw.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise StripeError(f"Invalid integer: {raw}", code="parameter_invalid_integer", param=path)
    return int(raw)


def _empty(path: str) -> StripeError:
    return StripeError(
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty value.",
        code="parameter_invalid_empty",
        param=path,
    )


def _metadata(raw: Any, path: str) -> dict[str, str]:
    if isinstance(raw, list):
        raw = {str(index): value for index, value in enumerate(raw)}
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise StripeError(f"Invalid {path}: must be a hash of strings", param=path)
    if len(raw) > METADATA_KEYS:
        raise StripeError(f"You can only have {METADATA_KEYS} keys in metadata, got {len(raw)}", param=path)
    for name, value in raw.items():
        if len(name) > METADATA_NAME:
            raise StripeError(f"Metadata keys can have up to {METADATA_NAME} characters: {name}", param=path)
        if len(value) > METADATA_VALUE:
            message = f"Metadata values can have up to {METADATA_VALUE} characters, but you passed in {len(value)}"
            raise StripeError(message, param=_join(path, name))
    return raw
