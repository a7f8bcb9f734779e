"""Why a ledger cannot be written or read, in a few words that stand in brackets or behind a colon."""

from __future__ import annotations

import errno

_WORDS = {
    errno.EROFS: "read-only file system",
    errno.ENOSPC: "disk full",
    errno.EDQUOT: "disk quota used up",
    errno.EFBIG: "files of this size are not allowed",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EIO: "disk error",
    errno.EMFILE: "too many open files",
    errno.ENFILE: "too many open files",
    errno.ENOTDIR: "a file is in the place of its folder",
    errno.EEXIST: "a file is in the place of its folder",
    errno.ENOENT: "its folder was removed",
    errno.ELOOP: "its path is a loop of links",
    errno.ENAMETOOLONG: "its path is too long",
    errno.ESTALE: "the network drive is gone",
}


class Unusable(OSError):
    """A ledger's folder or file is not used, for the reason in *words*."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


def words_of(error: Exception) -> str:
    """Return what *error* of a file means: a few words, none of them from its text."""
    if isinstance(error, Unusable):
        return error.words
    code = (error.errno if isinstance(error, OSError) else None) or 0
    return _WORDS.get(code) or errno.errorcode.get(code) or type(error).__name__
