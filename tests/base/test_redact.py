import atexit
import base64
import contextlib
import copy
import copyreg
import gc
import getpass
import html
import inspect
import io
import json
import logging
import operator
import os
import pickle
import pprint
import re
import sys
import threading
import traceback
import types
import unicodedata
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.base.encodings import Encodings
from aicore_magics.base.files import open_to_others
from aicore_magics.base.redact import MOST_SECRETS, Secret, hidden, hiding, scrub, visible, written_out
from aicore_magics.base.tokens import MASK
from aicore_magics.errors import InvalidFile, LoginNotFound
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.names import SecretName
from tests import processor
from tests.base.test_tokens import TOKENS
from tests.inputs.hostile import steps

TEMPLATES = ("{}", "{!r}", "{!s:>40}", "{:>40}", "{:%Y}", "{!a}")


@dataclass(frozen=True)
class Holder:
    """A value that holds a secret, as a login does."""

    user: str
    password: Secret


def b64(text):
    return base64.b64encode(text.encode()).decode()


def lower_percents(text):
    return re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), quote(text, safe=""))


ENCODERS = {
    "raw": str,
    "JSON": json.dumps,
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False),
    "percent": lambda text: quote(text, safe=""),
    "percent, slash kept": quote,
    "percent, small letters": lower_percents,
    "percent, plus": quote_plus,
    "base64": b64,
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "HTML": html.escape,
    "HTML, quotes kept": lambda text: html.escape(text, quote=False),
    "repr": repr,
}
PAIRS = [(first, second) for first in ENCODERS for second in ENCODERS]


def assert_unseen(text, canary):
    """No four characters of the canary stand in *text*, however they are cut."""
    assert [canary[i : i + 4] for i in range(len(canary) - 3) if canary[i : i + 4] in text] == []


def written(folder, raw, name="token.txt"):
    place = folder / name
    place.write_bytes(raw)
    place.chmod(0o600)
    return place


# Secret: seen nowhere


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        format,
        ascii,
        pprint.pformat,
        *(pytest.param(template.format, id=template) for template in TEMPLATES),
        *(pytest.param(lambda s, t=t: operator.mod(t, s), id=t) for t in ("%s", "%r", "%a", "%-30s")),
        pytest.param(lambda s: f"{s:^40}{s!r}{s=}", id="f-string"),
        pytest.param(lambda s: repr([s, {"password": s}, (s,)]), id="containers"),
        pytest.param(lambda s: repr(Holder("anna", s)), id="dataclass"),
        pytest.param(lambda s: repr(asdict(Holder("anna", s))), id="asdict"),
        pytest.param(lambda s: json.dumps([s], default=str), id="json, default=str"),
        pytest.param(lambda s: str(ValueError("no", s)), id="exception"),
        pytest.param(lambda s: " ".join(dir(s)), id="dir"),
    ],
)
def test_a_secret_shows_itself_nowhere(show, canary):
    """However a secret is turned into text, the text is a mask."""
    shown = show(Secret(canary))
    assert_unseen(shown, canary)
    assert b64(canary) not in shown


def test_the_mask_of_a_secret():
    """The mask says that it is one, and has no width, so that it tells no length."""
    assert (str(Secret("a")), f"{Secret('b' * 50):>80}", repr(Secret("c"))) == (MASK, MASK, "Secret('***')")


@pytest.mark.parametrize(
    "act",
    [
        vars,
        hash,
        len,
        iter,
        list,
        sorted,
        int,
        bytes,
        json.dumps,
        pytest.param(lambda s: s.__getstate__(), id="state"),
        pytest.param(lambda s: s.__reduce__(), id="reduce"),
        pytest.param(lambda s: {s}, id="set"),
        pytest.param(lambda s: "a" in s, id="in"),
        pytest.param(lambda s: s + "a", id="add"),
        pytest.param(lambda s: "a" + s, id="added"),
        pytest.param(lambda s: s[0], id="index"),
        pytest.param(lambda s: s < Secret("a"), id="order"),
        pytest.param(lambda s: operator.mod("%d", s), id="%d"),
        pytest.param(lambda s: json.dumps(s, default=vars), id="json, default=vars"),
        pytest.param(lambda s: json.dumps({"password": s}), id="json, inside"),
        *(
            pytest.param(lambda s, p=p: pickle.dumps(s, p), id=f"pickle {p}")
            for p in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
        pytest.param(lambda s: pickle.dumps(Holder("anna", s)), id="pickle, inside"),
    ],
)
def test_what_a_secret_refuses(act, canary):
    """A secret has no hash, length, parts or order and is never written down; no refusal repeats it."""
    with pytest.raises(TypeError) as caught:
        act(Secret(canary))
    assert_unseen(str(caught.value), canary)


# Secret: seen by nobody who looks into it


def members(one):
    """What a list of variables reads: the debugger of JupyterLab and completion do it so."""
    return [getattr(one, name) for name in dir(one) if hasattr(one, name)]


def slots(one):
    """What its slots hold, by the names that Python gives to private ones too."""
    named = [(kind, name) for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())]
    mangled = [f"_{kind.__name__}{name}" if name.startswith("__") else name for kind, name in named]
    return [object.__getattribute__(one, name) for name in mangled if hasattr(one, name)]


def state(one):
    """What `pickle` asks the class of all objects for, past what the object's own class says."""
    whole = [lambda p=p: object.__reduce_ex__(one, p) for p in range(pickle.HIGHEST_PROTOCOL + 1)]
    asked = [*whole, lambda: object.__getstate__(one), lambda: copyreg.__reduce_ex__(one, 1)]
    return [got for ask in asked if (got := given_or_none(ask)) is not None]


def given_or_none(ask):
    try:
        return ask()
    except (TypeError, AttributeError):
        return None


def debugged(one):
    """What debugpy's resolver gives the list of variables, as JupyterLab's debugger asks it."""
    import debugpy  # noqa: T100 - to look at what it shows

    folder = Path(debugpy.__file__).parent / "_vendored" / "pydevd"
    sys.path.append(str(folder))
    try:
        from _pydevd_bundle.pydevd_xml import get_type
    finally:
        sys.path.remove(str(folder))
    resolver = get_type(one)[2]
    return [value for _, value, _ in resolver.get_contents_debug_adapter_protocol(one)] if resolver else []


def displayed(one):
    """What IPython shows of it, in every kind of output."""
    from IPython.core.formatters import DisplayFormatter

    return list(DisplayFormatter().format(one, include=None))


LOOKS = {
    "dir": members,
    "inspect": lambda one: [value for _, value in inspect.getmembers(one)],
    "slots": slots,
    "state": state,
    "debugpy": debugged,
    "the collector": gc.get_referents,
    "weak references": weakref.getweakrefs,
    "IPython": displayed,
    "pprint": lambda one: [pprint.pformat(one)],
}
_CLOSED = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodWrapperType)


def reached(one, look):
    """Every text, and the text form of every object, that looking into *one* leads to, and looking again.

    It does not look into what is there for all objects: classes, functions and modules.
    """
    left, seen, texts = [one], {}, []
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, _CLOSED) or len(seen) > 2_000:
            continue
        seen[id(each)] = each
        texts.append(each if isinstance(each, str) else repr(each))
        if isinstance(each, dict):
            left += [*each, *each.values()]
        elif isinstance(each, (list, tuple, set)):
            left += each
        elif isinstance(each, types.MethodType):
            left.append(each.__self__)
        elif not isinstance(each, (str, bytes, int, float)):
            left += given_or_none(lambda each=each: look(each)) or []
    return texts


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: Holder("anna", s)], ids=["itself", "in a value"])
def test_whoever_looks_into_a_secret_does_not_find_it(look, wrap, canary):
    """No attribute, slot, state or reference of a secret leads to its text, whatever reads it."""
    secret = Secret(canary)
    scrub("so that its encodings are kept", secret)
    texts = reached(wrap(secret), look)
    for form in secret.encodings().forms:
        assert [text for text in texts if form in text] == []


def test_looking_finds_what_is_there(canary):
    """Each way to look finds a text that an object does hold in a plain slot: it can fail."""

    class Plain:
        __slots__ = ("__text",)

        def __init__(self, text):
            self.__text = text

    for how in ("dir", "inspect", "slots", "state", "debugpy", "the collector"):
        assert canary in reached(Plain(canary), LOOKS[how]), how


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickler_of_another_make_writes_no_secret(protocol, canary):
    """A pickler that goes past the class, as some do to write everything, still has no text to write."""

    class Any(pickle.Pickler):
        def reducer_override(self, one):
            return object.__reduce_ex__(one, protocol) if isinstance(one, Secret) else NotImplemented

    file = io.BytesIO()
    with contextlib.suppress(TypeError, pickle.PicklingError):
        Any(file, protocol).dump(Secret(canary))
    assert canary.encode() not in file.getvalue()
    assert_unseen(file.getvalue().decode("latin-1"), canary)


def test_whos_shows_no_secret(canary, capsys):
    """The lists of variables that IPython prints show the mask."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    shell.user_ns.update(password=Secret(canary))
    for line in ("whos", "who", "who_ls", "pinfo password", "pdoc password"):
        shell.run_line_magic(*line.partition(" ")[::2])
    atexit.unregister(shell.atexit_operations)
    InteractiveShell.clear_instance()
    shown = capsys.readouterr().out
    assert "password" in shown
    assert_unseen(shown, canary)


def test_the_text_goes_with_its_secret(canary):
    """When a secret is gone, nothing here holds its text any more, nor any encoding of it."""
    text, before = f"{canary}!", sys.getrefcount(canary)
    secrets = [Secret(text), Secret(canary)]
    held = sys.getrefcount(canary)
    scrub(text, *secrets)
    kept = weakref.WeakSet(each.encodings() for each in secrets)
    assert (held, len(kept)) == (before + 1, 2)
    del secrets
    gc.collect()
    assert (sys.getrefcount(canary), len(kept)) == (before, 0)


def test_secrets_of_many_threads(canary):
    """Each of many secrets, made and dropped in many threads at once, gives its own text."""

    def work(number):
        for i in range(200):
            text = f"{canary}{number}-{i}"
            secret = Secret(text)
            if secret.reveal() != text or text in scrub(f"({text})", Secret(text), secret):
                return text
        return ""

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(8))) == {""}


def test_a_secret_in_a_forked_process(canary):
    """A process that was forked off has the secrets of the one that it came from, and may drop them."""
    secret = Secret(canary)
    child = os.fork()
    if not child:
        known = secret.reveal() == canary
        del secret
        os._exit(0 if known and Secret(canary).reveal() == canary else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert secret.reveal() == canary


def test_the_encodings_of_a_secret_are_made_once(canary, monkeypatch):
    """However often a text is scrubbed of a secret, its encodings are made once, and for it alone."""
    made, make = [], Encodings.of
    monkeypatch.setattr(Encodings, "of", lambda text: made.append(text) or make(text))
    one, same = Secret(canary), Secret(canary)
    assert {scrub(f"{canary} {i}", one) for i in range(3)} == {f"{MASK} {i}" for i in range(3)}
    assert len(made) == 1
    assert scrub(canary, one, same) == MASK
    assert len(made) == 2


def test_no_attribute_of_a_secret_can_be_added(canary):
    """A secret has no __dict__ in which something could be left."""
    with pytest.raises(AttributeError):
        Secret(canary).label = canary


def test_a_secret_is_its_own_copy(canary):
    """A copy, deep or not, is the same object: the text is not spread."""
    secret = Secret(canary)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret
    assert asdict(Holder("anna", secret))["password"] is secret


def test_a_traceback_with_locals_shows_no_secret(canary):
    """A traceback that prints local variables prints the mask."""

    def fail(password):
        raise RuntimeError(f"cannot log in with {password}")

    def shown(secret):
        # The frames of the test itself, where the canary is a local, are left out.
        try:
            fail(secret)
        except RuntimeError as error:
            return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())

    text = shown(Secret(canary))
    assert "password = Secret('***')" in text
    assert_unseen(text, canary)


def test_a_log_shows_no_secret(canary, caplog):
    """A log record with a secret as its argument shows the mask."""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("aicore_magics.tests").debug(
            "user %s, password %s (%r)", "anna", *2 * [Secret(canary)]
        )
    assert f"user anna, password {MASK} (Secret('{MASK}'))" in caplog.text
    assert_unseen(caplog.text, canary)


@given(st.text(), st.text())
@example("a", "a\0")
@example("ä", "a\u0308")
@example("\ud800", "\ud800")
def test_secrets_are_compared_by_value(one, other):
    """Two secrets are equal exactly if their texts are, letter by letter."""
    assert (Secret(one) == Secret(other)) == (one == other)
    assert Secret(one) == Secret(one)


def test_a_secret_equals_no_text(canary):
    """A secret is never equal to a str, so no comparison with text works by chance."""
    assert Secret(canary) != canary
    assert (Secret(canary) == canary) is False


def test_reveal_gives_the_text(canary):
    """The one way back gives the text unchanged."""
    assert Secret(canary).reveal() == canary


@pytest.mark.parametrize(
    "turned",
    [str.encode, list, lambda text: {"password": text}, Secret],
    ids=["bytes", "list", "dict", "Secret"],
)
def test_only_text_becomes_a_secret(turned, canary):
    """Anything but a str is refused, and not repeated."""
    with pytest.raises(TypeError, match="made of a str") as caught:
        Secret(turned(canary))
    assert_unseen(str(caught.value), canary)
    assert_unseen(repr(caught.traceback[-1].frame.f_locals), canary)


# Where secrets come from


def test_a_secret_is_asked_for(canary):
    """What was typed becomes the secret, as it is."""
    prompts = []

    def ask(prompt):
        prompts.append(prompt)
        return f" {canary} "

    assert Secret.ask("Password: ", ask=ask) == Secret(f" {canary} ")
    assert prompts == ["Password: "]


def test_asking_uses_the_getpass_of_the_moment(canary, monkeypatch):
    """A kernel replaces getpass while a cell runs, so it is looked up at each call."""
    monkeypatch.setattr(getpass, "getpass", lambda prompt: canary + prompt)
    assert Secret.ask("?") == Secret(canary + "?")


def test_a_secret_from_the_environment(canary, monkeypatch):
    """A variable is taken as it is, without a note."""
    monkeypatch.setenv("GHCR_TOKEN", f" {canary}\n")
    secret = Secret.from_env("GHCR_TOKEN")
    assert secret == Secret(f" {canary}\n")
    assert secret.notes == ()


@pytest.mark.parametrize(("value", "state"), [(None, "is not set"), ("", "is empty")])
def test_a_variable_that_holds_nothing(value, state, monkeypatch):
    """A variable that is not set or empty is a LookupError that names it and says which it is."""
    monkeypatch.delenv("GHCR_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("GHCR_TOKEN", value)
    with pytest.raises(LookupError) as caught:
        Secret.from_env("GHCR_TOKEN")
    assert isinstance(caught.value, LoginNotFound)
    assert caught.value.message == f"the password variable GHCR_TOKEN {state}. Nothing was sent."
    assert "--password-env" in NOTEBOOK.say(caught.value.next)


def test_a_variable_that_no_environment_can_have():
    """A name with half of a character is not set, like any other."""
    with pytest.raises(LoginNotFound, match="variable is not set") as caught:
        Secret.from_env("\ud800")
    assert caught.value.__context__ is None


def test_the_name_of_a_variable_is_only_shown_where_it_is_one():
    """A name as people write variables is shown; one with unseen characters is not."""
    with pytest.raises(LoginNotFound, match="variable GHCR_TOKEN is not set"):
        Secret.from_env("GHCR_TOKEN")
    with pytest.raises(LoginNotFound, match="variable is not set"):
        Secret.from_env("a\x1b[31m\u202e")


@pytest.mark.parametrize(
    ("before", "after", "noted"),
    [
        (b"", b"", False),
        (b"", b"\n", True),
        (b"", b"\r\n", True),
        (b"\xef\xbb\xbf", b"", False),
        (b"\xef\xbb\xbf", b"\r\n", True),
    ],
)
def test_one_line_break_at_the_end_of_a_file_is_left_out(before, after, noted, canary, tmp_path):
    """One line break at the end is left out, and said so; a byte order mark is no part of the text."""
    secret = Secret.from_file(written(tmp_path, before + canary.encode() + after))
    assert secret == Secret(canary)
    assert secret.notes == (("The line break at the end of token.txt was removed.",) if noted else ())


@pytest.mark.parametrize("around", ["{}\n", " {} ", "\t{}", "\n{}", "{}\r"])
def test_nothing_else_in_a_file_is_left_out(around, canary, tmp_path):
    """Spaces, further line breaks and a lone carriage return are kept: a login judges them."""
    text = around.format(canary)
    raw = text.encode() + b"\n" if around.endswith("\n") else text.encode()
    assert Secret.from_file(written(tmp_path, raw)).reveal() == text


def test_a_file_in_the_home_folder(canary, own_environment):
    """A path may begin with a tilde, as in a shell."""
    written(own_environment, canary.encode())
    assert Secret.from_file("~/token.txt") == Secret(canary)


@pytest.mark.parametrize(("mode", "noted"), [(0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1), (0o644, 1)])
def test_a_file_that_others_can_read(mode, noted, canary, tmp_path):
    """If other users can read the file, a note says so, and how to end it."""
    place = written(tmp_path, canary.encode() + b"\n")
    place.chmod(mode)
    notes = Secret.from_file(place).notes
    assert notes[0] == "The line break at the end of token.txt was removed."
    assert notes[1:] == open_to_others(place)
    assert len(open_to_others(place)) == noted


def test_a_password_file_of_64_kib(tmp_path):
    """A password of 64 KiB with its line break is still read; one byte more is refused."""
    longest = 65_536 * "x"
    assert Secret.from_file(written(tmp_path, longest.encode() + b"\r\n")).reveal() == longest
    with pytest.raises(InvalidFile, match="is larger than 64 KiB"):
        Secret.from_file(written(tmp_path, longest.encode() + b"yyy"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_password_file_of_powershell(encoding, canary, tmp_path):
    """PowerShell's `>` writes UTF-16, with a mark or without: it is read, without its last line break."""
    text = f"a{canary}"  # without a mark, UTF-16 is told by letters of ASCII
    assert Secret.from_file(written(tmp_path, f"{text}\r\n".encode(encoding))).reveal() == text


def test_a_password_file_that_is_none(canary, tmp_path):
    """A file that is no text is called a password file that is not UTF-8, without its content."""
    with pytest.raises(InvalidFile) as caught:
        Secret.from_file(written(tmp_path, canary.encode() + b"\xff"))
    assert caught.value.message == "the password file is not UTF-8 text. Nothing was sent."
    assert_unseen(str(caught.value), canary)


@pytest.mark.parametrize(
    "turned", [str, lambda text: 300 * text, lambda text: f"{text}/{text}"], ids=["it", "long", "path"]
)
def test_a_password_in_place_of_a_path_is_not_repeated(turned, canary):
    """Who types the password where the path of its file belongs is told so, without it."""
    with pytest.raises(InvalidFile, match="revoke it") as caught:
        Secret.from_file(turned(canary))
    assert_unseen(str(caught.value), canary)


# scrub


def encoded(text, names):
    for name in names:
        text = ENCODERS[name](text)
    return text


@pytest.mark.parametrize("names", PAIRS, ids=" in ".join)
def test_scrub_finds_every_encoding_of_an_encoding(names, canary):
    """A secret is masked in each usual encoding, and in each of these encoded again."""
    # With what only some encodings change, and what makes + and / in base64.
    secret = f"{canary} /+~>>???ÿÿ"
    form = encoded(secret, names)
    shown = scrub(f"it said {form} (400)", Secret(secret))
    assert MASK in shown
    assert form not in shown
    assert_unseen(shown, secret)
    assert shown.startswith("it said ")
    assert shown.endswith(" (400)")


@given(st.text(st.characters(exclude_characters="*'", codec="utf-8"), min_size=4), st.sampled_from(PAIRS))
@example("p w\n", ("percent, plus", "JSON"))
@example(4 * "\\", ("JSON", "JSON"))
@example('"äöü', ("JSON", "base64"))
def test_scrub_knows_every_secret(text, names):
    """Whatever the secret is, and encoded as it may be, it is not shown."""
    form = encoded(text, names)
    shown = scrub(f"[{form}]", Secret(text))
    assert MASK in shown
    assert form not in shown


@pytest.mark.parametrize("user", ["u", "us", "use", "user", "_json_key", "用户"])
@pytest.mark.parametrize("strip", ["", "="])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_scrub_finds_basic_authentication(user, strip, encode, canary):
    """Base64 of `user:password` is masked, however long the user is, padded or not."""
    coded = encode(f"{user}:{canary}".encode()).decode()
    begin, shown_user = "Authorization: Basic ", encode(f"{user}:".encode()).decode()
    shown = scrub(f"{begin}{coded.rstrip(strip)}; refused", Secret(canary))
    assert shown in {f"{begin}{MASK}; refused", f"{begin}{shown_user}{MASK}; refused"}


@pytest.mark.parametrize("user", [length * "u" for length in range(1, 7)])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_scrub_finds_a_docker_config_in_base64(user, encode, canary):
    """Base64 of a whole docker config is masked, wherever in it the password stands, with + and / too."""
    secret = f"{canary}>>>???~~~"
    config = json.dumps({"auths": {"ghcr.io": {"username": user, "password": secret, "auth": ""}}})
    coded = encode(config.encode()).decode()
    assert set(coded) & set("+/-_")
    assert scrub(json.dumps({"data": coded}), Secret(secret)) == f'{{"data": "{MASK}"}}'


@pytest.mark.parametrize("user", [length * "u" for length in range(1, 7)])
def test_scrub_finds_our_own_config_in_base64(user, canary):
    """Base64 of the very text that is sent is masked."""
    login = RegistryLogin("ghcr.io", user, Secret(canary))
    config = DockerSecret(SecretName("ab"), (login,)).dockerconfigjson().reveal()
    assert scrub(b64(config), Secret(canary)) == MASK


def test_scrub_finds_a_config_of_auth_alone_in_base64(canary):
    """A Kubernetes Secret holds base64 of a config, which holds base64 of the password."""
    coded = b64(json.dumps({"auths": {"g": {"auth": b64(f"user:{canary}")}}}))
    assert scrub(coded, Secret(canary)) == MASK


@pytest.mark.parametrize("before", ["https://x.io/v2/", "\\n", "auth_", "a-bc/"])
def test_scrub_finds_base64_that_something_stands_before(before, canary):
    """Base64 is found even if what stands before it could be base64, too."""
    coded = b64(f"user:{canary}")
    assert coded not in scrub(before + coded, Secret(canary))


def numbered(text):
    page = html.escape(text, quote=False)
    return page.replace('"', "&#34;").replace("'", "&#39;")


def large_hex(text):
    return re.sub(r"(?<=\\u)[0-9a-f]{4}", lambda digits: digits[0].upper(), json.dumps(text))


def of_go(text):
    coded = json.dumps(text, ensure_ascii=False)
    return coded.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda text: quote(text, safe="!'()*"), id="encodeURIComponent"),
        pytest.param(lambda text: repr(text.encode()), id="bytes"),
        numbered,
        large_hex,
        of_go,
        ascii,
    ],
)
def test_scrub_knows_other_dialects(form, canary):
    """Encoders of other languages are known as well as Python's: kubectl, for one, writes JSON as Go does."""
    shown = scrub(form(canary), Secret(canary))
    assert MASK in shown
    assert_unseen(shown, canary)


def test_scrub_a_quote_in_a_repr():
    """A quote is escaped in a repr if the other quote stands in what is around."""
    assert scrub(repr("\"ab'cd"), Secret("ab'cd")) == f"'\"{MASK}'"


def test_scrub_a_secret_that_a_line_break_runs_through():
    """What is put on one line is searched as it is shown."""
    assert scrub("correct\nhorse", Secret("correct horse")) == MASK


@pytest.mark.parametrize("turn", [1, -1])
def test_scrub_a_secret_inside_another(turn):
    """A secret that is the beginning of another does not spoil its masking, in either order."""
    assert scrub("password123", *[Secret("pass"), Secret("password123")][::turn]) == MASK


def test_scrub_masks_a_form_whole():
    """Where the secret itself is a part of its encoding, the whole encoding is masked."""
    assert scrub(json.dumps(["pass\\", "<pass\\"]), Secret("pass\\")) == f'["{MASK}", "<{MASK}"]'
    assert scrub("a%25", Secret("a%")) == MASK


def test_scrub_masks_each_of_several_secrets(canary):
    """Every secret given is masked, each time it occurs."""
    one, other = f"{canary}1", f"other-{canary[::-1]}"
    shown = scrub(f"{one}, {other}, {b64(one)}, {one}", Secret(one), Secret(other))
    assert shown == ", ".join(4 * [MASK])


@pytest.mark.parametrize(
    "text",
    [
        "tenant acme-dev does not let you store docker secrets (403)",
        "sha256:" + 8 * "0123abcd",
        "e110820e-33bc-4f5c-9dd2-1c0e5f0a1b2c",
        b64("user:another password altogether"),
    ],
)
def test_scrub_leaves_other_text_alone(text, canary):
    """What holds no secret is shown as it is, base64 included."""
    assert scrub(text, Secret(canary)) == text
    assert scrub(text, Secret("")) == text


@pytest.mark.parametrize(
    "turned",
    [str.lower, str.upper, str.title, str.swapcase, lambda text: f"{text.lower()}.example.com"],
    ids=["small", "capitals", "title", "swapped", "host"],
)
@pytest.mark.parametrize("names", [("raw",), ("percent",), ("JSON",), ("base64",)], ids="".join)
def test_scrub_knows_capitals_and_small_letters(turned, names, canary):
    """A secret is masked in capitals and in small letters, as a host has it that a server made of it."""
    secret = f"{canary}É-AbC-dEf"
    shown = scrub(f"see {turned(encoded(secret, names))}!", Secret(secret))
    assert MASK in shown
    assert not any(secret[i : i + 5].lower() in shown.lower() for i in range(len(secret) - 4))


@given(st.text(st.characters(exclude_categories=())), st.text(min_size=1))
@example("xİxΣyΣ", "İ")
@example("ΑΣ ας", "Σ")
def test_scrub_keeps_what_is_between(text, secret):
    """What stands around a secret keeps its letters, capitals and all."""
    parts = f"<{text}>", f"[{text}]"
    whole = secret.join(parts)
    assert scrub(whole, Secret(secret), limit=10**6) == scrub(
        MASK.join(parts), Secret(secret), limit=10**6
    ) or (secret in text or set(secret) & set("<>[]* \\") or not secret.isprintable())


@pytest.mark.parametrize("limit", [1, 2, 40, 300])
def test_scrub_cuts(limit):
    """A text longer than the limit is cut to it, with an ellipsis at its end; one as long as it is not."""
    assert scrub((limit + 1) * "a", limit=limit) == (limit - 1) * "a" + "…"
    assert scrub(limit * "a", limit=limit) == limit * "a"


def test_scrub_cuts_after_masking(canary):
    """A secret that the cut would run through is masked first: no beginning of it is left."""
    for before in range(300 - len(canary), 301):
        shown = scrub(before * "." + canary, Secret(canary))
        assert set(shown) <= set(f".{MASK}…")
        assert len(shown) <= 300


def test_scrub_shows_what_is_not_seen():
    """ANSI codes, line breaks and direction marks of a server end as harmless text on one line."""
    assert scrub("\x1b[31mno\x1b[0m\r\n\u202eexe.txt") == "\\x1b[31mno\\x1b[0m \\u202eexe.txt"


@pytest.mark.parametrize(
    "text",
    [250_000 * "eyJa", 10**6 * "A", b64(750_000 * "x"), 200_000 * "eyJa.", 10**6 * "\u202e", 500_000 * "* "],
    ids=["eyJa", "A", "base64", "eyJa.", "bidi", "mask"],
)
def test_scrub_is_not_slow(text, canary):
    """1 MB of what a server may send takes less than a second, whatever the secret is."""
    for secret in (canary, "A"):
        assert processor.tried(lambda s=secret: scrub(text, Secret(s)), enough=900)[1] < 1000


# visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  a\r\n\t b  ", "a b"),
        ("ä€😀 用户 naïve", "ä€😀 用户 naïve"),
        ("a\x00b\x7fc\x85d", r"a\x00b\x7fc\x85d"),
        ("\x1b]8;;http://x\x07", r"\x1b]8;;http://x\x07"),
        ("\u202e\u2066\u200f\u061c", r"\u202e\u2066\u200f\u061c"),
        ("\u200b\ufeff\xad", r"\u200b\ufeff\xad"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("\ue000\U000e0041", r"\ue000\U000e0041"),
        ("\ud800", r"\ud800"),
        ("", ""),
    ],
)
def test_visible(text, shown):
    """Control, direction and other unseen characters are written out; what people write is kept."""
    assert visible(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_unseen_is_left(text):
    """No character that acts instead of showing is left in any text, and what is shown stays as it is."""
    shown = visible(text)
    assert {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} == set()
    assert visible(shown) == shown


@given(st.text(st.characters(exclude_categories=())))
@example("  key \x1b[2J\n\u202e ")
def test_writing_out_keeps_every_space(text):
    """Writing out leaves spaces and all that can be seen in their places, and turns the rest to ASCII."""
    unseen = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    assert written_out(text) == "".join(
        ascii(c)[1:-1] if unicodedata.category(c) in unseen else c for c in text
    )


# Tokens that nobody knows


@pytest.mark.parametrize("around", ["{}", "token={}", "user:{}@ghcr.io", "'{}'", "no {} here"])
@pytest.mark.parametrize(("kind", "token"), TOKENS, ids=[token[:12] for _, token in TOKENS])
def test_scrub_masks_tokens_that_nobody_knows(kind, token, around):
    """What looks like a token is masked, though no secret is known; what stands around it is not."""
    shown = scrub(around.format(token))
    assert MASK in shown
    assert token not in shown
    assert [part for part in around.split("{}") if part.strip() not in shown] == []


def test_scrub_masks_a_key_that_is_cut_off():
    """Of a private key nothing is left, on one line or on several, whole or without its end."""
    lines = [f"{number}aB+/" * 13 for number in range(4)]
    for end in ("-----END PRIVATE KEY-----", ""):
        for joint in ("\n", " ", "\\n"):
            shown = scrub("got " + joint.join(["-----BEGIN PRIVATE KEY-----", *lines, end]))
            assert shown.startswith(f"got {MASK}")
            assert "aB+/" not in shown


# from_env


def test_what_is_no_variable_name_is_not_repeated():
    """A password given where its variable's name belongs does not come back in the message."""
    word = "zqx" + "Secretword9"
    with pytest.raises(LoginNotFound) as caught:
        Secret.from_env(word)
    assert word not in f"{caught.value} {caught.value.args}"


@pytest.mark.parametrize("count", [1, MOST_SECRETS, MOST_SECRETS + 1, 4_000])
def test_many_secrets_take_no_more_steps_than_they_are(count):
    """Nothing is shown of a text that so many secrets might be in; what is longer than it is in no text."""
    many = [Secret(f"tok-{number:06d}-$+/=") for number in range(count)]
    text = f"refused: {many[-1].reveal()} of team-ghcr"
    shown, taken = steps(lambda: scrub(text, *many))
    assert shown == (f"refused: {MASK} of team-ghcr" if count <= MOST_SECRETS else MASK)
    assert taken < 5_000 * min(count, MOST_SECRETS) + 50 * count
    assert scrub("refused", *many, Secret("x" * 1_000_000)) == ("refused" if count <= MOST_SECRETS else MASK)


# hiding


def test_what_is_hidden_is_hidden_in_its_thread():
    """What one thread hides stays hidden there, whatever another begins or ends meanwhile."""
    first, second = Secret("one"), Secret("two")
    begun, ended = threading.Event(), threading.Event()

    def other():
        with hiding(second):
            begun.set()
            ended.wait(20)
            return hidden()

    with ThreadPoolExecutor() as pool:
        with hiding(first):
            told = pool.submit(other)
            begun.wait(20)
            assert hidden() == (first,)
        ended.set()
        assert told.result(20) == (second,)
    assert hidden() == ()
