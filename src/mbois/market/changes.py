"""Telling whoever keeps copies of stock and prices (the marketplaces) that they changed.

A hook is called within the transaction that changes them, so a job it enqueues is there exactly when
the change is. It must be quick: enqueue, do nothing else.
"""

from collections.abc import Callable, Collection

# Told the region's code, the enterprise's key, and the keys of the variants that changed.
Hook = Callable[[str, int, Collection[int]], None]

_hooks: list[Hook] = []


def on_change(hook: Hook) -> None:
    """Register a hook (from an `apps.py`); once, however often it is registered."""
    if hook not in _hooks:
        _hooks.append(hook)


def changed(region_id: str, enterprise_id: int, variants: Collection[int]) -> None:
    """Say that price, stock, or what is offered of these variants changed."""
    if variants:
        for hook in _hooks:
            hook(region_id, enterprise_id, variants)
