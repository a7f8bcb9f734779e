"""The words that stand where a secret, a user or a registry is to be filled in.

One list: a scan, a template and a registry login judge by it, each as narrowly as it has to.
"""

from __future__ import annotations

from functools import cache

# A value of nothing but these words was never a secret.
_VOCABULARY = """
    a access accesstoken account add and api artifactory at auth aws azure bad bar base basic be bearer
    change changeme cli client code config create credential credentials dckr default docker dockerhub dummy
    empty encoded enter example expired fake false fill filled fillme fixme foo from gcp generated ghcr ghp
    github gitlab glpat go goes google harbor here hf hidden hub id identity in incorrect insert invalid is
    it jfrog kennwort key login made masked me missing my name no none not npm null oat of or own pass
    passphrase passwd passwort password paste pat personal placeholder private put pwd pypi quay read real
    redacted registry removed replace replaced replaceme robot sample sap secret set some string tbd text
    the this to todo token true type undefined unset up use user username value var variable with wrong
    xsuaa xxx yes you your

    anmeldename benutzer benutzername dein deine deinen einfügen ersetzen euer hier ihr ihre ihren kennung
    schlüssel zugangstoken
    clé de ici identifiant insérer jeton mot nom passe registre remplacer ton utilisateur votre vos
    aqui aquí clave contraseña insertar nombre reemplazar su tu usuario
    chiave inserisci nome parola qui tuo tua utente
    chave inserir insira senha seu sua usuário
    din ditt gebruiker gebruikersnaam hasło jouw lösenord twoje twój użytkownik uw wachtwoord
    ваш ваше имя логин пароль пользователь токен
    heslo uživatel jméno şifre parola salasana adgangskode contrasenya
    비밀번호 암호 사용자 이름 토큰 请输入 输入 入力
    仓库 你的 密码 您的 用户 用户名 令牌 あなたの トークン パスワード ユーザー ユーザー名
"""
# Beside them, in a login: words of hosts, mails and companies, and short ones between two others.
_MORE = """
    address azurecr cloud com company corp dev domain e email host hostname internal io local mail namespace
    net org organisation organization port project repo repository server subaccount subdomain team tenant uri
    url
    bitte das dem den der die eingeben el il la le lo o please
"""
_YOURS = """
    your yours dein deine deinen euer ihr ihre ihren votre vos ton tu su tuo tua seu sua uw jouw twoje twój
    din ditt ваш ваше 你的 您的 あなたの
"""
_TO_DO = """
    enter fill filled fillme fixme here insert paste placeholder put redacted removed replace replaced
    replaceme tbd todo
    aqui aquí einfügen eingeben ersetzen hier ici inserir insira inserisci insertar insérer insérez qui
    reemplazar remplacer remplacez введите вставьте 请输入 输入 入力
"""
# One of these alone says that something is to be filled in.
ALONE = frozenset(["fillme", "fixme", "placeholder", "redacted", "removed", "replaceme", "tbd", "todo"])
# With what products are set up, and what is guessed first; digits and signs at the end are left out.
_COMMON = """
    abc admin administrator asdf asdfgh changeit changeme changethis demo dragon foobar guest hunter iloveyou
    letmein master minioadmin monkey mysql nexus passw postgres qwerty qwertz rabbitmq raspberry redis root
    sonatype superuser test tester testing toor welcome
"""
MOST_LETTERS = 40  # of words that stand together without a space
_SHORTEST, _LONGEST = 3, 15  # letters of one of these


YOURS, TO_DO, COMMON = (frozenset(words.split()) for words in (_YOURS, _TO_DO, _COMMON))


@cache
def vocabulary() -> frozenset[str]:
    """Return the words that a secret is never made of, in small letters."""
    return frozenset(_VOCABULARY.split())


@cache
def _words() -> frozenset[str]:
    return vocabulary() | YOURS | TO_DO | frozenset(_MORE.split())


def pieces(word: str) -> tuple[str, ...]:
    """Return the known words that *word* is: itself, or several without a space. Nothing if it is not.

    >>> pieces("token"), pieces("yourtoken"), pieces("yourself")
    (('token',), ('your', 'token'), ())
    """
    known = _words()
    if word in known:
        return (word,)
    if len(word) > MOST_LETTERS:
        return ()
    made: dict[int, tuple[str, ...]] = {0: ()}
    for start in range(len(word)):
        before = made.get(start)
        for end in range(start + 1, min(len(word), start + _LONGEST) + 1) if before is not None else ():
            piece = word[start:end]
            long = len(piece) >= _SHORTEST or piece == "id" or not piece.isascii()
            if long and piece in known:
                made.setdefault(end, (*(before or ()), piece))
    return made.get(len(word), ())
