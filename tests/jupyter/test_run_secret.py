"""The magics in a real kernel, against the sandbox: each output in the words of the interface."""

from __future__ import annotations

import json
import socket

import pytest

LOGIN = "--registry ghcr.io --username anna --password-env GHCR_SECRET"


def password_in(sandbox, name, key="ghcr.io"):
    return json.loads(sandbox.state.secrets[name])["auths"][key]["password"]


def test_create_stores_the_login_and_says_so(connected, sandbox, canary):
    """A created secret holds the login exactly; the card says what is stored, and that it is not checked."""
    cell = connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    assert cell.text.splitlines() == [
        "Secret team-ghcr stored, login not checked.",
        "  registry  ghcr.io, user anna",
        "  checked   not checked. In the sandbox, only registries on this machine are checked.",
        "  ends      not known",
        (
            "If you know when it ends: %aicore_docker_secret note team-ghcr --ends DATE"
            " --registry ghcr.io --username anna"
        ),
        "Next: check it outside the sandbox",
        "  %aicore_connect --disconnect",
        f"  %aicore_docker_secret check {LOGIN}",
        "then use it in a template",
        "  %aicore_docker_secret show team-ghcr",
        f"Tenant sandbox at {sandbox.url.removeprefix('http://')}",
    ]
    assert password_in(sandbox, "team-ghcr") == canary
    assert "<strong>Secret team-ghcr stored, login not checked</strong>" in cell.html


def test_a_second_create_fails_and_changes_nothing(connected, sandbox, canary):
    """AI Core answers a second create with 202; the cell fails all the same and says NOT changed."""
    connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    before = sandbox.state.secrets["team-ghcr"]
    cell = connected.run(
        f"os.environ['GHCR_SECRET'] = 'another'\n%aicore_docker_secret create team-ghcr {LOGIN}"
    )
    assert cell.ename == "DockerSecretExists"
    assert cell.traceback == [
        "DockerSecretExists: team-ghcr exists in tenant sandbox, NOT changed. Your login was not stored.",
        f"Next: to replace it for the whole tenant: %aicore_docker_secret update team-ghcr {LOGIN}",
    ]
    assert sandbox.state.secrets["team-ghcr"] == before
    update = cell.traceback[1].partition("tenant: ")[2]
    assert connected.run(update).text.startswith("Secret team-ghcr replaced")


def test_apply_says_which_it_was(connected, sandbox):
    """Apply creates what is not there and replaces what is, and the result tells which."""
    first = connected.run(f"%aicore_docker_secret apply team-ghcr {LOGIN}")
    second = connected.run(
        f"os.environ['GHCR_SECRET'] = 'another'\n%aicore_docker_secret apply team-ghcr {LOGIN}"
    )
    assert first.text.startswith("Secret team-ghcr stored, login not checked.")
    assert second.text.startswith(
        "Secret team-ghcr replaced, login not checked.\nThis login replaces every login"
    )
    assert password_in(sandbox, "team-ghcr") == "another"


def test_update_replaces_and_names_the_blast_radius(connected, sandbox):
    """An update says that every login was replaced for the whole tenant, and what running pods do."""
    connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    cell = connected.run(
        "os.environ['GHCR_SECRET'] = 'another'\n"
        f"%aicore_docker_secret update team-ghcr {LOGIN.replace('ghcr.io', 'docker.io')}"
    )
    assert "for all resource groups. Running pods keep going" in cell.text
    assert "docker.io, user anna, key https://index.docker.io" in cell.text
    assert password_in(sandbox, "team-ghcr", "https://index.docker.io") == "another"


def test_update_of_a_missing_name_suggests_the_nearest(connected):
    """An update never creates: a name that is not there is refused with the nearest that is."""
    connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    cell = connected.run(f"%aicore_docker_secret update team-ghrc {LOGIN}")
    assert cell.traceback == [
        "DockerSecretMissing: tenant sandbox has no secret team-ghrc. Nothing was changed.",
        "Next: did you mean team-ghcr? see all names: %aicore_docker_secret list",
    ]


def test_list_shows_all_names_through_all_pages(connected, sandbox):
    """The list goes on until AI Core has no more pages."""
    sandbox.faults.page_size = 3
    for number in range(10):
        sandbox.state.secrets[f"team-{number}"] = '{"auths":{"ghcr.io":{}}}'
    cell = connected.run("%aicore_docker_secret list")
    assert cell.text.startswith("10 of 50 Docker registry secrets in tenant sandbox.\n  team-0\n")
    assert "  team-9\n" in cell.text


def test_an_empty_list_says_so(connected):
    """No secrets is a sentence, not an empty table."""
    assert connected.run("%aicore_docker_secret list").text.startswith(
        "No Docker registry secrets in tenant sandbox (0 of 50)."
    )


def test_show_gives_the_lines_of_both_template_kinds(connected):
    """The two template kinds name a secret in different places; show gives both."""
    connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    cell = connected.run("%aicore_docker_secret show team-ghcr")
    assert cell.text.startswith("team-ghcr exists in tenant sandbox.")
    assert "\n    imagePullSecrets:\n      - name: team-ghcr\n" in cell.text
    assert "\n        predictor:\n          imagePullSecrets:\n            - name: team-ghcr\n" in cell.text


def test_show_of_a_missing_name_is_an_answer(connected):
    """Whether a secret exists is what show is asked for: no is a result, not a failure."""
    cell = connected.run("r = %aicore_docker_secret show team-ghcr\nr.exists")
    assert (cell.ename, cell.text) == ("", "False")


@pytest.mark.parametrize(("answer", "gone"), [("team-ghcr", True), ("", False), ("yes", False)])
def test_delete_asks_for_the_name(connected, sandbox, answer, gone):
    """A delete happens when the name is typed again, and not for anything else."""
    connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    cell = connected.run("%aicore_docker_secret delete team-ghcr", answers=[answer])
    assert cell.prompts == [("Type team-ghcr to delete it, Enter to keep it: ", False)]
    (card,) = [content["data"]["text/html"] for content in cell.iopub if "transient" in content][:1]
    assert "Delete team-ghcr from tenant sandbox?" in card
    assert "It is deleted for all resource groups and cannot be read back." in card
    assert ("team-ghcr" not in sandbox.state.secrets) is gone
    assert cell.ename == ("" if gone else "Stopped")
    assert cell.text == (
        "Secret team-ghcr deleted for all resource groups of tenant sandbox." if gone else ""
    )


def test_delete_names_the_local_templates(connected, running_kernel):
    """The question before a delete lists the templates in the folder that name the secret."""
    connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    connected.run("open('train.yaml', 'w').write('spec:\\n  imagePullSecrets:\\n    - name: team-ghcr\\n')")
    cell = connected.run("%aicore_docker_secret delete team-ghcr", answers=[""])
    connected.run("os.remove('train.yaml')")
    assert any("1 template in this folder: train.yaml" in str(content) for content in cell.iopub)


@pytest.mark.parametrize("listed", [True, False])
def test_a_hidden_name_is_deleted_by_its_position(listed, connected, sandbox):
    """Its mark is typed, which the list's text does not have; neither the name nor its position will do."""
    token = "ghp_" + 6 * "ab1c"
    sandbox.state.secrets.update(dict.fromkeys((token, "team-z"), '{"auths":{"ghcr.io":{}}}'))
    shown = [connected.run("%aicore_docker_secret list")] if listed else []
    for answer in (token, "1", "", "***"):
        shown.append(connected.run("%aicore_docker_secret delete --position 1", answers=[answer]))
        assert shown[-1].ename == "Stopped"
    (mark,) = {cell.prompts[0][0].split("Type ")[1].split()[0] for cell in shown if cell.prompts}
    shown.append(connected.run("%aicore_docker_secret delete --position 1", answers=[mark]))
    assert list(sandbox.state.secrets) == ["team-z"]
    assert shown[-1].text.startswith(
        "Secret *** at position 1 deleted for all resource groups of tenant sandbox."
    )
    assert not [cell for cell in shown if token in f"{cell.shown}{cell.html}{cell.prompts}{cell.evalue}"]


def test_a_hidden_name_is_deleted_without_a_question_only_if_it_was_listed(connected, sandbox):
    """With --yes the list of this kernel is the question: what it did not show is not deleted."""
    one, other = ("ghp_" + 6 * text for text in ("ab1c", "cd2e"))
    sandbox.state.secrets[one] = '{"auths":{"ghcr.io":{}}}'
    assert connected.run("%aicore_docker_secret delete --position 1 --yes").ename == "Stopped"
    connected.run("names = %aicore_docker_secret list")
    sandbox.state.secrets.clear()
    sandbox.state.secrets[other] = '{"auths":{"ghcr.io":{}}}'
    assert connected.run("%aicore_docker_secret delete --position 1 --yes").ename == "DockerSecretMissing"
    assert list(sandbox.state.secrets) == [other]
    connected.run("names = %aicore_docker_secret list")
    assert connected.run("%aicore_docker_secret delete --position 1 --yes").ename == ""
    assert not sandbox.state.secrets


@pytest.mark.parametrize(
    "words", ["", "team-a --position 1", "--position 0", "--position x", "--position -1"]
)
def test_a_delete_of_nothing_in_particular(words, connected):
    """A delete takes a name or a position, which is a number from 1."""
    assert connected.run(f"%aicore_docker_secret delete {words}").ename == "UsageError"


def test_delete_headless_needs_yes(connected, sandbox):
    """Where nobody can answer, delete says which option answers."""
    connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    cell = connected.run("%aicore_docker_secret delete team-ghcr")
    assert (cell.ename, cell.traceback[1]) == ("PromptImpossible", "Next: --yes")
    assert connected.run("%aicore_docker_secret delete team-ghcr --yes").text.startswith(
        "Secret team-ghcr deleted for all resource groups."
    )
    assert not sandbox.state.secrets


def test_create_with_a_name_asks_for_the_rest(connected, sandbox, canary):
    """What the line leaves open is asked: registry, user and, unseen, the password."""
    cell = connected.run("%aicore_docker_secret create team-ghcr", answers=["GHCR.io/", "anna", canary])
    assert [password for _, password in cell.prompts] == [False, False, True]
    assert password_in(sandbox, "team-ghcr") == canary
    assert canary not in cell.shown


def test_create_alone_opens_the_form(connected):
    """In a notebook with somebody before it, create alone is the form; nobody is asked anything."""
    cell = connected.run("%aicore_docker_secret create", answers=[])
    assert cell.prompts == []
    shown = [content["data"] for content in cell.iopub if "data" in content]
    assert any("application/vnd.jupyter.widget-view+json" in data for data in shown)


def test_create_alone_asks_in_a_terminal(shell, sandbox, key_file, canary, monkeypatch):
    """In plain IPython create alone asks for name, registry, user and, unseen, the password."""
    shell.run_line_magic("aicore_connect", f"--service-key {key_file}")
    answers = iter(["team-ghcr", "ghcr.io", "anna"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda _prompt: canary)
    done = shell.run_line_magic("aicore_docker_secret", "create")
    assert done.name == "team-ghcr"
    assert password_in(sandbox, "team-ghcr") == canary


def test_a_wrong_name_is_refused_before_the_password_is_asked(connected):
    """Nobody types a password for nothing."""
    cell = connected.run("%aicore_docker_secret create Default", answers=[])
    assert (cell.ename, cell.prompts) == ("InvalidName", [])


def test_headless_without_a_password_names_the_options(connected):
    """Where no prompt is possible, the error names the options that need none."""
    cell = connected.run("%aicore_docker_secret create team-ghcr --registry ghcr.io --username anna")
    assert cell.traceback == [
        "PromptImpossible: this run cannot ask for a password. Nothing was sent.",
        "Next: say where it is: --password-env VAR or --password-file PATH",
    ]


def test_password_file_and_login_file(connected, sandbox, canary, tmp_path):
    """A password file and a docker config are taken as they stand, and the card says what was read."""
    (tmp_path / "pw").write_text(f"{canary}\n")
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"quay.io": {"auth": "YW5uYTpwdw=="}}}))
    first = connected.run(
        "%aicore_docker_secret create one --registry ghcr.io --username anna "
        f"--password-file {tmp_path / 'pw'}"
    )
    second = connected.run(f"%aicore_docker_secret create two --from-file {tmp_path / 'config.json'}")
    assert "The line break at the end of pw was removed." in first.text
    assert password_in(sandbox, "one") == canary
    assert "Read as a docker config." in second.text
    assert json.loads(sandbox.state.secrets["two"])["auths"]["quay.io"]["password"] == "pw"


def test_a_password_that_a_program_prints(connected, sandbox, canary, tmp_path):
    """A program is run by no shell; its password is stored as it stands, and shown nowhere."""
    (tmp_path / "my pw").write_text(f"{canary}\n", "utf-8")
    line = f"""--registry ghcr.io --username anna --password-command "cat '{tmp_path / "my pw"}'" """
    assert connected.run(f"%aicore_docker_secret create one {line}").text.startswith("Secret one stored")
    assert password_in(sandbox, "one") == canary
    (tmp_path / "my pw").write_text(f"{canary}\n{canary}\n", "utf-8")
    cell = connected.run(f"%aicore_docker_secret apply one {line}")
    assert cell.traceback == [
        "LoginNotFound: cat printed several lines; a password is one line. Nothing was sent.",
        "Next: let it print only the password.",
    ]
    cell = connected.run("%aicore_docker_secret apply one --username anna --password-command 'echo hunter2'")
    assert "the password command prints a text that is on the line. If it is a password" in cell.shown
    assert "hunter2" not in cell.shown


def test_dry_run_sends_nothing_and_masks(connected, sandbox, canary):
    """A dry run shows the request with every secret masked, and writes nothing."""
    cell = connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN} --dry-run")
    assert cell.text.startswith("Dry run for team-ghcr: nothing was sent.")
    assert "Authorization: Bearer ***" in cell.text
    assert canary not in cell.text + cell.html
    assert {asked.method for asked in sandbox.state.requests if "/admin/" in asked.path} == {"GET"}
    assert not sandbox.state.secrets


def test_a_form_for_a_profile(connected):
    """It is for the tenant of that profile; one that is not there is told at once, in place of a form."""
    cell = connected.run("%aicore_docker_secret form team-a --profile nowhere")
    assert cell.ename == "InvalidFile"
    assert "config_nowhere.json" in cell.shown


@pytest.mark.parametrize("form", ["curl", "http"])
def test_a_dry_run_as_a_script_asks_for_no_password(connected, sandbox, canary, form):
    """The text form is the script alone; it is for whoever has the password, so none is asked for."""
    cell = connected.run(
        f"%aicore_docker_secret create team-ghcr --registry ghcr.io --username anna --dry-run --as {form}"
    )
    assert cell.text.splitlines()[-1] != ""
    assert "REGISTRY_PASSWORD" in cell.text
    assert f"{sandbox.url}/v2/admin/dockerRegistrySecrets" in cell.text
    assert sandbox.service_key["clientsecret"] not in json.dumps(cell.iopub)
    assert not sandbox.state.secrets


def test_quota(connected):
    """The quota is told as used and maximum."""
    assert connected.run("%aicore_docker_secret quota").text.startswith("0 of 50 docker secrets used.")


def test_full_tenant(connected, sandbox):
    """A create that a full tenant refuses says so, whatever the status was."""
    sandbox.faults.quota = 1
    connected.run(f"%aicore_docker_secret create one {LOGIN}")
    cell = connected.run(f"%aicore_docker_secret create two {LOGIN}")
    assert cell.traceback[0] == "QuotaReached: tenant sandbox has 1 of 1 docker secrets. two was not stored."


def test_wrong_client_secret(kernel, sandbox, tmp_path, canary):
    """Credentials that AI Core refuses are named by their source, without showing them."""
    key = sandbox.service_key
    key["clientsecret"] = canary
    (tmp_path / "key.json").write_text(json.dumps(key))
    cell = kernel.run(f"%aicore_connect --service-key {tmp_path / 'key.json'}")
    assert cell.ename == "CredentialsRefused"
    assert "(invalid_client). Nothing was changed." in cell.traceback[0]
    assert canary not in json.dumps(cell.iopub, ensure_ascii=False)


def test_forbidden(connected, sandbox):
    """A 403 names the role to ask for."""
    sandbox.faults.forbidden = "text"
    cell = connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    assert cell.traceback == [
        "NotAllowed: tenant sandbox does not let you store docker secrets (403). Nothing was changed.",
        "Next: ask your administrator for aicore_admin_dockerregistrysecret_editor.",
    ]


def test_dead_host(kernel, sandbox, tmp_path):
    """A host that is not there is told with what to check, and nothing was sent."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    key = sandbox.service_key
    key["url"] = f"http://127.0.0.1:{port}"
    (tmp_path / "key.json").write_text(json.dumps(key))
    cell = kernel.run(f"%aicore_connect --service-key {tmp_path / 'key.json'}")
    assert cell.traceback == [
        f"Unreachable: 127.0.0.1:{port} does not accept the connection. Nothing was sent.",
        "Next: check network, VPN and proxy (HTTPS_PROXY is not set), then run the cell again.",
    ]


def test_a_token_that_ends_in_mid_session_is_renewed(connected, sandbox):
    """An expired token costs one more token, never a failed cell."""
    sandbox.revoke_tokens()
    assert connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}").ename == ""
    tokens = [asked for asked in sandbox.state.requests if asked.path.startswith("/oauth/token")]
    assert len(tokens) == 2


def test_a_write_needs_a_connection_in_this_kernel(kernel, sandbox, monkeypatch):
    """Looking may connect by itself; a write never does."""
    kernel.run(f"import os\nos.environ['AICORE_SERVICE_KEY'] = {sandbox.service_key_json()!r}")
    assert kernel.run("%aicore_docker_secret list").ename == ""
    cell = kernel.run("%aicore_docker_secret delete team-ghcr --yes")
    kernel.run("del os.environ['AICORE_SERVICE_KEY']")
    assert cell.traceback == [
        "NotConnected: this kernel is not connected. Nothing was sent.",
        "Next: connect first: %aicore_connect",
    ]


def test_no_credentials_names_every_place(kernel):
    """Nothing found says where it was looked for, and how to go on without an account."""
    cell = kernel.run("%aicore_connect")
    looked = "AICORE_SERVICE_KEY, AICORE_*, ~/.aicore/config.json, VCAP_SERVICES"
    assert cell.traceback == [
        f"CredentialsNotFound: no credentials in {looked}. Nothing was sent.",
        (
            "Next: to try without an account: %aicore_connect --sandbox, "
            "or with a service key: %aicore_connect --service-key FILE (FILE: the path of your service key)"
        ),
    ]


def test_connect_status_disconnect(kernel, key_file):
    """The notebook knows what it is connected to, and can forget it."""
    assert kernel.run("%aicore_connect --status").text.startswith("Not connected to any tenant.")
    assert kernel.run(f"%aicore_connect --service-key {key_file}").text.startswith(
        "Connected to tenant sandbox."
    )
    assert kernel.run("%aicore_connect --status").text.startswith("Connected to tenant sandbox.")
    assert kernel.run("%aicore_connect --disconnect").text.startswith("Not connected to any tenant.")
    assert kernel.run("%aicore_connect --status").text.startswith("Not connected to any tenant.")


def test_profile_serves_one_call(kernel, sandbox, key_file):
    """--profile uses that tenant for this one call, and leaves the notebook's connection alone."""
    key = sandbox.service_key
    config = {
        "AICORE_CLIENT_ID": key["clientid"],
        "AICORE_CLIENT_SECRET": key["clientsecret"],
        "AICORE_AUTH_URL": key["url"] + "/oauth/token/",
        "AICORE_BASE_URL": key["serviceurls"]["AI_API_URL"] + "/v2/",
    }
    kernel.run(
        "import pathlib\np = pathlib.Path('~/.aicore').expanduser(); p.mkdir(exist_ok=True)\n"
        f"(p / 'config_prod.json').write_text({json.dumps(config)!r}); (p / 'config_prod.json').chmod(0o600);"
    )
    assert kernel.run("%aicore_docker_secret list --profile prod").ename == ""
    assert kernel.run("%aicore_connect --status").text.startswith("Not connected")
    assert kernel.run("%aicore_docker_secret list --profile none").ename == "InvalidFile"


def test_ctrl_c_while_looking_says_that_nothing_was_changed(connected, sandbox):
    """An interrupt before a change is sent leaves two lines that say so, not a traceback."""
    sandbox.faults.slow = 5
    cell = connected.run(f"%aicore_docker_secret create team-ghcr {LOGIN}", interrupt_after=0.6)
    sandbox.faults.slow = 0
    assert cell.traceback == [
        "Stopped: nothing was changed.",
        "Next: run the cell again when you like.",
    ]


def test_the_sandbox_in_the_kernel(kernel):
    """--sandbox starts a pretend AI Core in the kernel, and a second time finds the same one."""
    kernel.run("import os; os.environ['GHCR_SECRET'] = 'x1'")
    assert "Nothing leaves this machine." in kernel.run("%aicore_connect --sandbox").text
    kernel.run(f"%aicore_docker_secret create team-ghcr {LOGIN}")
    kernel.run("%aicore_connect --sandbox")
    assert "team-ghcr" in kernel.run("%aicore_docker_secret list").text


def test_what_may_fail_in_serving(connected, sandbox, canary, tmp_path):
    """A check tells it for both kinds of template, or for serving; not for a workflow."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"auths": {"docker.io": {"username": "anna", "password": canary}}}))
    line = f"%aicore_docker_secret check --from-file {path} --all --image docker.io/acme/churn:1"
    for kind, told in (("", True), (" --for serving", True), (" --for workflow", False)):
        cell = connected.run(line + kind)
        assert ("serving may fail" in cell.text) is told
        assert ("Use the key https://index.docker.io" in cell.html) is told
        assert ("Inferred from Knative" in cell.html) is told
        assert canary not in cell.text + cell.html
    stored = connected.run(line.replace("check", "apply team-hub") + " --for serving")
    assert "may fail. docker.io/acme/churn:1: A workflow can use key docker.io." in stored.text
    assert "%aicore_template workflow" not in stored.text
    rehearsed = connected.run(line.replace("check", "apply team-hub") + " --dry-run")
    assert "Serving asks without a login" in rehearsed.text
    assert connected.run(f"{line} --for job").ename == "UsageError"
