"""Texts that somebody typed or pasted, with spaces around them."""

from __future__ import annotations

from typing import Self

from aicore_magics.base.spaces import bare
from aicore_magics.errors import InvalidInput
from aicore_magics.next_steps import Effect


class Typed:
    """A value that is read from a text: letter by letter by `parse`, and by `typed` where people type it."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Give the value that *text* is, or raise an InvalidInput."""
        raise NotImplementedError

    @classmethod
    def typed(cls, text: str) -> Self:
        """Give the value that somebody typed: as `parse`, without the spaces around *text*."""
        return cls.parse(bare(text))

    @classmethod
    def for_file(cls, text: str, option: str) -> Self:
        """Give the value of *option* for a file: a refusal names it, and says that nothing was written."""
        try:
            return cls.parse(text)
        except InvalidInput as error:
            error.what, error.effect = f"{option}: {error.what}", Effect.NOTHING_WRITTEN
            raise
