"""Metadata: keys are added, changed, and unset by an empty value."""


def merged(old: dict[str, str], changes: dict[str, str] | str | None) -> dict[str, str]:
    if changes is None:
        return dict(old)
    if isinstance(changes, str):
        return {}
    return {name: value for name, value in {**old, **changes}.items() if value != ""}
