"""A process that lacks what Windows lacks: run `python windows.py PROGRAM`, where PROGRAM is Python's text.

No Windows is at hand. What a program of ours would trip over there is taken away here: attributes of `os`,
`signal`, `time` and `socket`, modules that Windows does not have, folders that can be opened, files that can
be taken away or replaced while they are open, and rename onto a file that is there. Other packages are
imported before, since they know both worlds themselves.
"""

# It is `os` that is imitated here, and `Path` that is made to use it.
# ruff: noqa: PTH104, PTH105, PTH108, PTH112, PTH208
from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import socket
import sys
import time
import types
from pathlib import Path

MODULES = """
fcntl termios pwd grp resource pty tty syslog crypt posix readline
"""
OF_OS = """
fork forkpty geteuid getuid getegid getgid getgroups setuid setgid setsid getsid getpgid getpgrp setpgid
killpg register_at_fork uname statvfs fstatvfs chown fchown lchown chroot mkfifo mknod fchmod lchmod
fchdir nice ttyname openpty pread pwrite readv writev sendfile posix_fadvise posix_fallocate lockf
sched_getaffinity sched_yield wait wait3 wait4 WNOHANG WIFEXITED getloadavg O_NOFOLLOW O_DIRECTORY
O_NOCTTY O_NONBLOCK O_CLOEXEC O_SYNC O_DSYNC O_PATH set_blocking get_blocking pipe2 memfd_create
getxattr setxattr listxattr confstr sysconf fdatasync sync ctermid environb getenvb tcgetpgrp major
minor
"""
OF_SIGNAL = """
SIGHUP SIGKILL SIGALRM SIGUSR1 SIGUSR2 SIGPIPE SIGCHLD SIGQUIT SIGTSTP SIGCONT SIGWINCH setitimer
getitimer alarm pause pthread_sigmask pthread_kill sigwait siginterrupt sigpending sigtimedwait
ITIMER_REAL
"""
LACKS = {
    "os": {*OF_OS.split()},
    "signal": {*OF_SIGNAL.split()},
    "time": ("tzset", "clock_settime", "pthread_getcpuclockid"),
    "socket": ("AF_UNIX", "SO_REUSEPORT", "send_fds", "recv_fds"),
}


class _Lacking(types.ModuleType):
    """A module of the standard library without what Windows does not have."""

    def __init__(self, real: types.ModuleType) -> None:
        super().__init__(real.__name__)
        self.__dict__["_real"] = real

    def __getattr__(self, name: str) -> object:
        if name in LACKS[self.__name__]:
            raise AttributeError(name)
        return getattr(self.__dict__["_real"], name)


class _Os(_Lacking):
    """`os` as Windows has it. Paths stay those of this machine."""

    name = "nt"
    O_BINARY = 0
    supports_dir_fd = frozenset()
    supports_fd = frozenset({os.stat})
    supports_follow_symlinks = frozenset({os.stat})

    def __getattr__(self, name: str) -> object:
        value = super().__getattr__(name)
        if value in _WITH_FOLDERS:
            return lambda *args, **options: _without_folders(value, args, options)
        return value

    def open(self, path, flags, mode=0o777, *, dir_fd=None):
        """Open a file, and no folder."""
        _refuse(dir_fd)
        if os.path.isdir(path):
            raise PermissionError(13, "a folder", os.fspath(path))
        return os.open(path, flags, mode)

    def rename(self, old, new, *, src_dir_fd=None, dst_dir_fd=None):
        """Rename, and replace nothing."""
        _refuse(src_dir_fd, dst_dir_fd)
        if os.path.lexists(new):
            raise FileExistsError(17, "is there", os.fspath(new))
        _refuse_open(old)
        os.rename(old, new)

    def replace(self, old, new, *, src_dir_fd=None, dst_dir_fd=None):
        """Rename what nobody has open."""
        _refuse(src_dir_fd, dst_dir_fd)
        _refuse_open(old, new)
        os.replace(old, new)

    def unlink(self, path, *, dir_fd=None):
        """Take away what nobody has open."""
        _refuse(dir_fd)
        _refuse_open(path)
        os.unlink(path)

    remove = unlink


def _refuse_open(*paths):
    """Refuse to touch a file that this process has open."""
    held = {os.path.realpath(f"/proc/self/fd/{handle}") for handle in os.listdir("/proc/self/fd")}
    for path in paths:
        if os.path.realpath(path) in held:
            raise PermissionError(13, "in use", os.fspath(path))


_WITH_FOLDERS = (os.stat, os.lstat, os.mkdir, os.rmdir, os.link, os.symlink, os.chmod, os.access, os.utime)


def _without_folders(function, args, options):
    _refuse(*(value for name, value in options.items() if name.endswith("dir_fd")))
    return function(*args, **{name: value for name, value in options.items() if not name.endswith("dir_fd")})


def _refuse(*folders):
    if any(folder is not None for folder in folders):
        raise NotImplementedError("dir_fd unavailable on this platform")


class _Missing:
    """Finds none of the modules that Windows does not have."""

    def find_spec(self, name, path=None, target=None):
        if name in MODULES.split():
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def pretend() -> list[str]:
    """Import everything of ours as Windows would, and give the names."""
    for name in (
        "requests",
        "yaml",
        "nbformat",
        "ipywidgets",
        "IPython.terminal.embed",
        "getpass",
        "asyncio",
    ):
        importlib.import_module(name)
    for name in MODULES.split():
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Missing())
    for module, kind in ((os, _Os), (signal, _Lacking), (time, _Lacking), (socket, _Lacking)):
        sys.modules[module.__name__] = kind(module)
    _patch_paths(sys.modules["os"])
    import aicore_magics

    names = [each.name for each in pkgutil.walk_packages(aicore_magics.__path__, "aicore_magics.")]
    for name in names:
        if not name.endswith("__main__"):
            importlib.import_module(name)
    importlib.import_module("aicore_magics.sandbox.__main__")
    return names


def _patch_paths(ours):
    """Let `Path` do as this `os` does."""

    def unlink(path, missing_ok=False):
        if not missing_ok or os.path.lexists(path):
            ours.unlink(path)

    def replace(path, target):
        ours.replace(path, target)

    def rename(path, target):
        ours.rename(path, target)

    Path.unlink, Path.replace, Path.rename = unlink, replace, rename


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    pretend()
    exec(compile(sys.argv[1], "program", "exec"), {"__name__": "program"})
