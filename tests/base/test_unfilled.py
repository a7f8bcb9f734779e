from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.base.placeholders import is_placeholder
from aicore_magics.base.unfilled import is_unfilled
from tests.leaks.samples import PASSWORD, TOKENS

UNFILLED = {
    "password": [
        *(
            "<YOUR_TOKEN>",
            "<your token>",
            "<TOKEN>",
            "<password>",
            "<docker-hub-pat>",
            "<GH_PAT>",
            "<token1>",
        ),
        *("<mot de passe>", "<contraseña>", "<пароль>", "<密码>", "<YOUR TOKEN HERE>", " <TOKEN>\u00a0"),
        *("$TOKEN", "$token", "$DOCKER_PASSWORD", "$$TOKEN", "$CR_PAT", "$PWD", "$dockerToken", "$env:TOKEN"),
        *("${TOKEN}", "${TOKEN:-none}", "${TOKEN:?not set}", "${var.token}", "${env:TOKEN}"),
        *("$(cat token)", "$(aws ecr get-login-password)", "$(< token.txt)", "`cat token`", "$(TOKEN)"),
        *("%TOKEN%", "%DOCKER_PAT%", "%(token)s", "%s", "{{ token }}", "{{token}}", "{{ .Values.token }}"),
        *("${{ secrets.X }}", "${{secrets.GHCR_TOKEN}}", "#{token}#", "__TOKEN__", "@TOKEN@", "((token))"),
        *("<%= token %>", "[TOKEN]", "[your token]", "[REDACTED]", "{token}", "{password}"),
        *('os.environ["X"]', "os.environ['X']", 'os.environ.get("X")', 'os.getenv("X")', "getpass.getpass()"),
        *("getpass()", 'input("Token: ")', "process.env.TOKEN", "secrets.TOKEN", "var.token", 'ENV["X"]'),
        *("YOUR_DOCKER_ACCESS_TOKEN", "your-token-here", "YOUR_TOKEN", "your_password", "yourtoken"),
        *("YourToken", "yourPassword", "your token", "Your-GitHub-PAT", "TOKEN_HERE"),
        *("xxxx", "XXXX-XXXX", "xxxxxxxx-xxxx", "XXX", "TODO", "todo", "FIXME", "TBD", "placeholder"),
        *("REPLACE_ME", "replace-me", "INSERT_TOKEN_HERE", "insert token here", "enter your token here"),
        *("PASTE_YOUR_TOKEN_HERE", "put-token-here", "ihr-passwort", "IHR_TOKEN", "dein_token"),
        *("votre-jeton", "su-contraseña", "tuo-token", "您的密码", "あなたのパスワード"),
        *("ghp_" + 36 * "x", "ghp_...", "dckr_pat_your_token", "glpat-" + 20 * "X", "ghp_<your token>"),
        *("dckr_pat_abc...xyz", "...", "…", "REMOVED_GITHUB_TOKEN", '"<TOKEN>"', "'$TOKEN'"),
        *(
            "AKIA" + "IOSFODNN7EXAMPLE",
            "<<TOKEN>>",
            "<...>",
            "[[TOKEN]]",
            "***REDACTED***",
            "#TOKEN#",
            "~TOKEN~",
        ),
        *(
            "YOUR_PERSONAL_ACCESS_TOKEN",
            "TO_BE_REPLACED",
            "FILLME",
            "<your-token-123>",
        ),
        *("docker-accesstoken-or-password", "password or token", "((registry-password))", "{{{token}}}"),
        *("{env:TOKEN}", "%{token}", "`<token>`", "ghp_xxx", "{{token | b64enc}}", "$(pass show docker)"),
        # What Terraform and kubectl show, and tools that fill in a text.
        *("<sensitive>", "(sensitive value)", "(known after apply)", "<known after apply>"),
        *("<none>", "<nil>", "<no value>", "<computed>", "{% token %}", "{%- token -%}", "{% env.TOKEN %}"),
        # Of a token no more than how it begins.
        *("dckr_pat_xxx", "dckr_pat_<token>", "dckr_pat_<your-token>", "dckr_oat_xxxx", "dckr_pat_..."),
        *("nvapi-xxxx", "nvapi-...", "nvapi-YOUR-KEY", "nvapi-<key>", "hvs.xxxx", "sk-ant-api03-xxxx"),
        *(
            "ya29.c.b0A...",
            "ya29.a0AfH6SMB...",
            "ya29.xxxx",
            "ya29....",
            "ya29.<token>",
            "eyJhbGciOiJub25lIn0...",
        ),
        # As a word processor or a web page writes it.
        *(
            "&lt;YOUR_TOKEN&gt;",
            "&lt;token&gt;",
            "\u201cyour-token\u201d",
            "your\u2011token",
            "\u2039token\u203a",
        ),
        *("\u201e<TOKEN>\u201c", "\u00abyour token\u00bb", "\uff1ctoken\uff1e", "your\u2013token\u2013here"),
        *("\u2018$TOKEN\u2019", "\uff04TOKEN", "YOUR\u2010TOKEN"),
        # In other languages.
        *(
            "<비밀번호>",
            "<şifre>",
            "<heslo>",
            "insérez-votre-jeton",
            "введите пароль",
            "请输入密码",
            "输入令牌",
        ),
        *("<토큰>", "<salasana>", "<adgangskode>", "вставьте-ваш-токен", "remplacez votre jeton"),
        # Where it is kept, or what was encrypted.
        *(
            "vault:secret/x#pw",
            "vault:secret/data/team/registry",
            "ref+vault://secret/x#pw",
            "ref+awsssm://x",
        ),
        *(
            "!Ref Token",
            "!Sub ${Token}",
            "!GetAtt a.b",
            "Bearer <token>",
            "token ghp_xxxx",
            "Basic YOUR_TOKEN",
        ),
        *("ENC(abc123)", "{cipher}0a1b2c", "!vault |", "$ANSIBLE_VAULT;1.1;AES256", "keyvault://x/y"),
        *("projects/acme/secrets/token", "projects/1/secrets/x/versions/latest", "secret://team/token"),
        *("arn:aws-cn:ssm:cn-north-1:1:parameter/x", "env://TOKEN", "file:///run/secrets/token", "awssm://x"),
        *("get_secret('x')", "dbutils.secrets.get('a', 'b')", "read()", "os.getenv('X')", "load_token()"),
        *("op://vault/item/password", "ENC[AES256_GCM,data:abc]", "arn:aws:secretsmanager:eu:1:secret:x"),
    ],
    "user": [
        *("<USERNAME>", "<your user>", "YOUR_DOCKER_USERNAME", "your-username", "yourusername", "yourname"),
        *("your_github_user", "$USERNAME", "${USER}", "%USERNAME%", "{{ username }}", "${{ github.actor }}"),
        *("$(whoami)", 'os.environ["USER"]', "<Benutzername>", "<nom d'utilisateur>", "<usuario>"),
        *("<ユーザー名>", "xxxx", "TODO", "REPLACE_ME", "robot$<project>+<name>", "<namespace>/<user>"),
        *("gitlab+deploy-token-<N>", "your.email@example.com", "your-email@company.com", "$DOCKER_USER"),
        *("{username}", "INSERT_USER_HERE", "Ihr-Benutzername", "robot$${PROJECT}+ci", "[your user]"),
        *(
            "yourdockerid",
            "replace_me",
            "robot$your-project+your-robot",
            "your-namespace/your-user",
            "`whoami`",
        ),
        *("gitlab+deploy-token-{n}", "gitlab+deploy-token-{N}", "robot$acme+{id}", "{n}", "ci-{x}"),
        *(
            "ваше_имя",
            "tu-usuario",
            "su_usuario",
            "tu_nombre",
            "seu-usuário",
            "\u2039user\u203a",
            "&lt;username&gt;",
        ),
        *("\u201cyour-user\u201d", "your\u2011username", "\uff1cuser\uff1e"),
    ],
    "registry": [
        *("<DOCKER REGISTRY>", "YOUR_DOCKER_REGISTRY_URL", "<your-registry>", "<your-registry>.azurecr.io"),
        *("${REGISTRY}", "$REGISTRY", "$CI_REGISTRY", "{{ registry }}", "${{ env.REGISTRY }}", "%REGISTRY%"),
        *(
            "your.private.registry",
            "your-registry.example.com",
            "your-registry.com",
            "yourregistry.azurecr.io",
        ),
        *("YOUR_ACCOUNT_ID.dkr.ecr.us-east-1.amazonaws.com", "your-registry:5000", "{registry}"),
        *("<aws_account_id>.dkr.ecr.<region>.amazonaws.com", "https://<DOCKER_REGISTRY>", "[REGISTRY]"),
        *("xxxxxxxxxxxx.dkr.ecr.eu-central-1.amazonaws.com", "https://YOUR_REGISTRY/v1/", "DOCKER_REGISTRY"),
        *("REGISTRY_URL", "ihre-registry.example.com", "yourcompany.jfrog.io", "$DOCKER_REGISTRY/acme"),
        *("REGISTRY", "HOST:PORT", "hostname:port", "$(REGISTRY)", "@REGISTRY@", "__REGISTRY__", "TODO"),
        *(
            "REGION-docker.pkg.dev",
            "LOCATION-docker.pkg.dev",
            "region-docker.pkg.dev",
            "MULTI-REGION-docker.pkg.dev",
        ),
        *(
            "https://LOCATION-docker.pkg.dev",
            "ACR_NAME.azurecr.io",
            "REGISTRY_NAME.azurecr.io",
            "REGION.ocir.io",
        ),
        *("ACCOUNT.dkr.ecr.eu-west-1.amazonaws.com", "AWS_ACCOUNT_ID.dkr.ecr.REGION.amazonaws.com"),
        *(
            "123456789012.dkr.ecr.REGION.amazonaws.com",
            "aws_account_id.dkr.ecr.us-west-2.amazonaws.com",
            "account-id.dkr.ecr.region.amazonaws.com",
            "123456789012.dkr.ecr.region.amazonaws.com",
            "region-key.ocir.io",
            "region.ocir.io",
            "&lt;registry&gt;",
            "\u2039registry\u203a",
            "your\u2011registry.io",
        ),
        *("[registry-url]", "harbor.your-domain.com", 'os.environ["REGISTRY"]', "votre-registre"),
    ],
}
MEANT = {
    "password": [
        *(
            "{Tr0ub4dor}",
            "$ecret",
            "<3cats>",
            "{Tr0ub4dor3}",
            "$ecretP4ss",
            "<y>&'\"\\",
            "<hunter>",
            "<hunter2>",
        ),
        *("<Tr0ub4dor>", "<", "<>", "{}", "{x}$y", "{hunter}", "{{Tr0ub4dor}}", "${Tr0ub4dor}", "$MONEY"),
        *(
            "$CASH",
            "$hunter2",
            "%hunter%",
            "%20",
            "100%",
            "$100",
            "$$$",
            "[Tr0ub4dor]x",
            "[hunter]",
            "<love>",
        ),
        *("secret.P4ssw0rd!x", "os.P4ss!w", "abc...def123!", "correct horse battery staple", "P(a)ss"),
        *("your", "here", "insert", "x", "xx", "xxx", "***a", ". .", "a.b", "hunter(2)", "`tick`", "@home@"),
        *("!!wow!!", "((hunter2))x", "yours truly 1999", "Your-P@ss!", "your-t0ken-8f3a", "true", "null"),
        *('{"type":"service_account"}', "$2y$05$abcdefghijklmnop", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="),
        *("%TEMP", "$a$b", "<<EOF|", ">_<", "[[x]]", "-_-", "???", "1234", "S3cr3t.dev", "env.K3y", "$p"),
        *(
            "changeme",
            "CHANGE_ME",
            "admin",
            "password",
            "secret",
            "token",
            "my-secret-password",
            "DOCKER_TOKEN",
        ),
        *("@secret@", "#password#", "!!token!!", "~secret~", "__secret__", "***secret***", "@HUNTER@"),
        *(
            "main()",
            'print("hello")',
            "$(date)",
            "$(love)",
            "((hug))",
            "((x))",
            "ton-ton",
            "su su",
            "github.com",
        ),
        *(
            "data.io",
            "local.dev",
            "secrets.net",
            "env.cloud",
            "wow()",
            "hi('you')",
            "vars.org",
            "Deno.env.me",
        ),
        *(
            "{%%}",
            "{% 1 %}",
            "&lt;3",
            "&amp;x",
            "\u201ehunter\u201c",
            "\u2039hunter\u203a",
            "a\u2011b",
            "ENCORE(1)",
        ),
        *(
            "vault:s3cret",
            "vault",
            "(sensitive)",
            "(hidden)",
            "projects/x",
            "!vaulted",
            "http://x",
            "dckr_pat_kQ7xZ",
            "{cipher",
        ),
        *(
            "ya29.c.b0A" + 9 * "aZ9" + 9 * ".",
            "ya29." + 9 * "aZ9_-.x" + ".",
            "ya29.c.b0A" + 99 * "aZ9" + 99 * ".",
        ),
        *("nvapi-" + 8 * "aZ9_-", "hvs." + 8 * "aZ9", "nvapi", "hvs.x9K"),
        *("Bearer kQ7xZ", "token", "basic instinct 9", "!Reference", "!Submarine", "Bearer"),
        *("${", "$(", "${x", "{{", "%%", PASSWORD, "filled in later"),
    ],
    # What the registries call their users, and what people are called.
    "user": [
        *("robot$proj+name", "robot$ci", "$oauthtoken", "_json_key", "_json_key_base64", "iamapikey"),
        *("iambearer", "00000000-0000-0000-0000-000000000000", "oauth2accesstoken", "AWS", "_dcgcloud_token"),
        *("gitlab+deploy-token-1", "gitlab-ci-token", "token", "x-access-token", "namespace+name", "_token"),
        *("axabcdefgh/oracleidentitycloudservice/anna@acme.com", "acme/anna", "__token__", "oauth2"),
        *("USERNAME", "username", "user", "DOCKER_USERNAME", "admin", "root", "test", "my-user", "myuser"),
        *("anna", "jürgen", "用户", "3cats", "user1", "ci-bot", "bot@acme.com", "pull_token", "MY_TOKEN"),
        *("o'\"\\<&>", "a{{1+1}}b", "a<>b", "<3>", "{{}}", "x{{2}}"),
        *("enter-team", "su-user", "fill-company", "qui-account", "user-or-bot"),
        *("tu-team", "tu-user", "su-ci", "ton-ton", "{1}", "a{}", "{12}", "tu_darmstadt", "seu", "nome-tu"),
        *("todo", "placeholder", "yourij", "yoursitter", "heremaps", "x", "xx", "robot_acme+ci"),
    ],
    "registry": [
        *("ghcr.io", "docker.io", "https://index.docker.io/v1/", "registry.example.com:5000", "[::1]:5000"),
        *("my-registry.azurecr.io", "myregistry.azurecr.io", "localhost:5000", "10.0.0.1:5000", "nvcr.io"),
        *("123456789012.dkr.ecr.eu-central-1.amazonaws.com", "europe-west3-docker.pkg.dev/acme"),
        *("*.example.com/team", "*.r7.example.com", "r[0-9].example.com", "[a-z].example.com", "company.com"),
        *("registry.gitlab.com/group/project", "acme.common.repositories.cloud.sap", "yours.io"),
        *(
            "ihr.de",
            "dein.de",
            "your.io",
            "votre.com",
            "tu.dev",
            "europe-docker.pkg.dev",
            "us-docker.pkg.dev",
        ),
        *(
            "REGISTRY.EXAMPLE.COM",
            "MYACR.azurecr.io",
            "my_region.example.com",
            "region.example.com",
            "Location.io",
        ),
        *("yourij.example.com", "registry", "private.registry.io", "xx.azurecr.io", "harbor.here.com"),
        *("token.example.com", "a_b.example.com", "docker_registry", "123_example.com", "LOCALHOST:5000"),
    ],
}


def rows(table):
    return [pytest.param(text, field, id=f"{field} {text!r}") for field in table for text in table[field]]


@pytest.mark.parametrize(("text", "field"), rows(UNFILLED))
def test_what_was_never_filled_in(text, field):
    """What documentation and templates hold in place of a registry, user or password is seen as that."""
    assert is_unfilled(text, field)


def test_a_number_that_counts():
    """Digits that people count with are no secret; any others may be one."""
    assert is_unfilled("your_access_token_123", "password")
    assert not is_unfilled("your_access_token_729", "password")


@pytest.mark.parametrize(("text", "field"), rows(MEANT))
def test_what_somebody_may_mean(text, field):
    """What may be somebody's own login is none, whatever signs are in it."""
    assert not is_unfilled(text, field)


@pytest.mark.parametrize("sample", TOKENS, ids=lambda sample: sample.kind_id)
def test_no_token_is_unfilled(sample):
    """A real token of any kind is none, as a password or as a user."""
    assert not is_unfilled(sample.text, "password")
    assert not is_unfilled(sample.text, "user")


@pytest.mark.parametrize("text", UNFILLED["password"])
def test_a_scan_calls_no_such_password_a_secret(text):
    """The narrow class lies in the broad one: what a login is refused for is nothing that leaked."""
    assert is_placeholder(text)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=40))
@example(20 * "a1B!")
def test_generated_passwords(password):
    """A password of signs, digits and letters that a machine made is never taken for a placeholder."""
    made = password + "7$Kq" + password[:2]
    assert not is_unfilled(made, "password")


@pytest.mark.parametrize("field", ["registry", "user", "password"])
@pytest.mark.parametrize(
    "part",
    [
        "a",
        "a ",
        "A_",
        "your",
        "<a",
        "${",
        "{{",
        "$(",
        "[",
        "x-",
        "a(",
        'a["',
        "..",
        "1a",
        "a.",
        "'",
        "ya29.",
        "&lt;",
        "vault:/",
        "get",
    ],
)
def test_time_does_not_explode(part, field):
    """The longest text that is looked at costs a moment, and a longer one nothing."""
    begin = time.process_time()
    for size in (300, 65_536):
        for end in ("!", ""):
            is_unfilled(part * (size // len(part)) + end, field)
    assert time.process_time() - begin < 0.5
