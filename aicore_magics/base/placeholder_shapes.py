"""The shapes of what is still to be filled in: `${TOKEN}`, `<token>`, `REGION-docker.pkg.dev`.

How they are judged, and what stands in them: `unfilled.py`.
"""

from __future__ import annotations

from aicore_magics.base.placeholders import NAME

# A whole text of these shapes is filled in by somebody or something else. A password may have any of the
# signs in it, so each asks for a name that a person would give: NAME has digits at its end, if at all.
_FILLED_IN = r"""(?xs)
    \$\{\{.*\}\}                                   # ${{ secrets.TOKEN }}
    | \{\{[{-]?\s*[.$]?NAME.*\}\}                  # {{ token }}, {{ .Values.token }}
    | \$\{!?NAME(?:[:.?+=\-/\#%^,@\[].*)?\}        # ${TOKEN}, ${TOKEN:-none}, ${var.token}
    | \$\(\s*(?:<\s*[\w./~]|NAME\s|whoami\b).*\)   # $(cat token)
    | `\s*(?:NAME\s.*|whoami\s*)`                  # `cat token`
    | [$%]?\{?(?:env|Env|ENV):NAME\}?              # $env:TOKEN, {env:TOKEN}
    | %\{\s*NAME\s*\}                              # %{token}
    | %\(NAME\)s | %s                              # %(token)s
    | <%.*%>                                       # <%= token %>
    | \{%-?\s*NAME.*%\}                            # {% token %}
    | NAME(?:\.NAME)*\[\s*["'].*["']\s*\]          # os.environ["TOKEN"]
    | (?:NAME\.)*\w*FETCHED\w*\((?:\s*["'].*["'].*|\s*)\)   # getpass()
    | (?:STORE)://.+ | vault:[\w.-]*/[\w./-]+(?:\#.+)? | projects/[\w-]+/secrets/[\w-]+(?:/versions/\w+)?
    | arn:aws[\w-]*:(?:secretsmanager|ssm):.+ | @Microsoft\.KeyVault\(.+    # where it is kept
    | ENC\[\w+,.+ | ENC\(.+\) | \{cipher\}.+ | !(?:vault|Ref|Sub|GetAtt)\b.* | \$ANSIBLE_VAULT;.+
    | \((?:sensitive\ value|known\ after\ apply)\)     # what Terraform shows
    | <(?:sensitive|computed|known\ after\ apply|nil|no\ value|hidden|omitted|unknown|not\ set)>
    | (?:process\.env|Deno\.env|env|ENV|secrets?|vars?|github|inputs|local|data)\.VARIABLE
    """
FILLED_IN = (
    _FILLED_IN.replace("NAME", NAME)
    .replace("FETCHED", "(?i:get|env|input|read|open|load|lookup|secret|token|pass|prompt|vault|param)")
    .replace(
        "STORE",
        r"op|vault|ref\+\w+|secrets?|keyvault|akv|awss?sm|gcpsm|sm|ssm|bw|keeper|conjur|doppler|env|file",
    )
    .replace("VARIABLE", r"(?P<variable>(?!(?:com|io|net|org|de|it|me|dev|cloud|local)\Z)[A-Za-z_]\w*)")
)
# One of these is in all that has such a shape, or has a sign around a name.
SIGNS = r"[<>{}$%\[\]()`@#~*!:.]|__|/secrets/"
# What one writes around a name that is to be filled in.
AROUND = (
    ("<", ">"),
    ("{", "}"),
    ("[", "]"),
    ("%", "%"),
    ("$", "$"),
    ("$$", ""),
    ("$", ""),
    ("#{", "}#"),
    ("#{", "}"),
    ("__", "__"),
    ("@", "@"),
    ("@@", "@@"),
    ("!!", "!!"),
    ("<<", ">>"),
    ("[[", "]]"),
    ("((", "))"),
    ("$(", ")"),
    ("#", "#"),
    ("~", "~"),
    ("***", "***"),
)
# In a host or a user name there is none of these, wherever it stands.
PARTS: dict[str, str] = {
    "registry": r"<[\w\s./:'-]+>|\$[{(A-Za-z]|\{[^{}]*\}|%[A-Za-z_]\w*%|\[[A-Za-z_ -]*[A-Z_ ][A-Za-z_ -]*\]",
    "user": (
        r"\{[A-Za-z]{1,2}\}|<[^<>\d]*[^\W\d_][^<>\d]*\d{0,2}>"
        r"|\{\{[{-]?\s*[.$]?NAME.*\}\}|\$\{NAME\}"
    ).replace("NAME", NAME),
    "password": r"\A\Z",
}
# A word between these may be somebody's own, unless it is in capitals.
ROUND_WORDS = ("__", "@", "@@", "!!", "#", "~", "***")
BRACKETS = ("[", "[[", "{", "#{", "((")
# What the documentation of clouds has in a host: REGION-docker.pkg.dev, ACR_NAME.azurecr.io. No host has a _.
NAMED_IN_HOST = (
    r"(?i:\A(?:region|location|multi-region)-docker\.pkg\.dev\Z)"
    r"|(?i:\A[^.]*account[^.]*\.dkr\.ecr\.)|(?i:\.dkr\.ecr\.region\.|\Aregion(?:[-_]key)?\.ocir\.io\Z)"
    r"|(?:\A|[.-])(?:REGION|LOCATION|ACCOUNT|PROJECT|REGISTRY|ACR|REPOSITORY|AWS|TENANCY)"
    r"(?:_[A-Z]+)+(?=[.-])|(?:\A|[.])(?:REGION|LOCATION|ACCOUNT)(?=\.[a-z])"
)
# The signs of a keyboard, where a word processor or a web page put others: hyphens, brackets, quotes.
_TYPED = {
    "-": "\u2010\u2011\u2012\u2013\u2014",
    "<": "\u2039\u2329\u3008\uff1c",
    ">": "\u203a\u232a\u3009\uff1e",
}
_TYPED |= {
    "'": "\u2018\u2019\u201a",
    '"': "\u201c\u201d\u201e\u00ab\u00bb",
    "$": "\uff04",
    "{": "\uff5b",
    "}": "\uff5d",
}
AS_TYPED = {ord(other): sign for sign, others in _TYPED.items() for other in others}
