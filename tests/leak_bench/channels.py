"""The 36 ways on which a password that was entered could get out, and where the bench looks for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    """One way out. *places*: where the bench looks. *why_open*: what the README says about it.

    *by_nature* are ways of entering a password that keep it there by themselves: a variable is one.
    """

    id: str
    what: str
    places: tuple[str, ...] = ()
    by_nature: tuple[str, ...] = ()
    why_open: str = ""


CHANNELS = (
    Channel("L01", "cells and outputs of the saved notebook", ("notebook",)),
    Channel("L02", "In, _i and _ih", ("inputs",)),
    Channel("L03", "history.sqlite", ("history.sqlite",)),
    Channel(
        "L04", "%history, %save, %notebook, %logstart", ("history.txt", "saved.py", "all.ipynb", "session.py")
    ),
    Channel("L05", "execute_input, as every client hears it", ("execute_input",)),
    Channel("L06", "widgets, as the kernel tells them", ("comm",)),
    Channel("L07", "widgets, as the kernel echoes them", ("echo",)),
    Channel("L08", "widget state in the notebook", ("state.json",)),
    Channel("L09", "nbconvert and embedded HTML", ("exported", "embedded.html")),
    Channel("L10", "checkpoints: what a browser saves by itself", ("checkpoint",)),
    Channel("L11", "repr, str, vars, mime bundles", ("objects", "outputs")),
    Channel("L12", "copy, pickle, json, %store", ("copies", "%store")),
    Channel("L13", "tracebacks in every %xmode, faulthandler", ("tracebacks", "faulthandler")),
    Channel("L14", "sys.last_value, %debug, %tb", ("frames", "%debug")),
    Channel("L15", "__cause__ and __context__", ("chain",)),
    Channel("L16", "attributes of exceptions", ("attributes",)),
    Channel("L17", "a server's answer that repeats the request", ("echoed",)),
    Channel("L18", "logs at DEBUG", ("log",)),
    Channel("L19", "urllib3's log at DEBUG", ("urllib3 log",)),
    Channel("L20", "http.client's debug output", ("http.client",)),
    Channel("L21", "the environment", ("environment",)),
    Channel("L22", "arguments of processes", ("arguments",)),
    Channel(
        "L23",
        "core dump and swap",
        why_open="the memory of the kernel, and with it a core dump and swap: Python cannot wipe them",
    ),
    # What the user keeps in a variable stays in memory with it.
    Channel("L24", "objects that are left in memory", ("heap",), by_nature=("variable",)),
    Channel("L25", "generated templates, notebooks and scripts", ("generated",)),
    Channel("L26", "temporary files", ("temporary", "key files")),
    Channel("L27", "a service key that others may read", ("warned",)),
    Channel(
        "L28",
        "the clipboard",
        why_open="your clipboard, if you paste from it: copy something else afterwards",
    ),
    Channel("L29", "an HTTP proxy", ("proxy",)),
    Channel("L30", "~/.netrc in place of the token", ("api",), by_nature=("client secret",)),
    Channel("L31", "another host, by a redirect", ("other host",)),
    Channel("L32", "a server that nobody trusts", ("untrusted",)),
    Channel("L33", "what is said of a wrong value", ("refused",)),
    Channel("L34", "any other file", ("files",)),
    Channel("L35", "%whos, variable inspector, completion", ("variables", "%whos")),
    Channel("L36", "git: what the notebooks would commit", ("committed",)),
)
