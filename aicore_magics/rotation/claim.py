from contextlib import contextmanager


class Claimed(Exception):
    pass


class _C:
    def held(self):
        return True


@contextmanager
def claim(folder, run):
    yield _C()


def running(folder):
    return ""
