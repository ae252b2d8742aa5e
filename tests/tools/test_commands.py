"""./dev itself: what it lists, what it shows, and that one failing check hides no other."""

import subprocess

import pytest

from tools import __main__, checks, output, place
from tools.checks import Check
from tools.say import Stop


def dev(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(place.ROOT / "dev"), *arguments], capture_output=True, text=True, cwd="/")


def test_alone_it_lists_every_command_with_a_line():
    told = dev()

    assert told.returncode == 0
    listed = [line.split()[0] for line in told.stderr.splitlines()[2:]]
    assert listed == list(__main__.COMMANDS)


def test_an_unknown_command_gets_the_list_and_a_failure():
    told = dev("dance")

    assert told.returncode == 2
    assert "./dev COMMAND" in told.stderr


def test_what_the_person_has_to_mend_is_said_without_a_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def stop(arguments: list[str]) -> int:
        raise Stop("Do this.")

    monkeypatch.setitem(__main__.COMMANDS, "up", (stop, ""))

    assert __main__.main(["up"]) == 1
    assert capsys.readouterr().err.strip() == "Do this."


def test_a_failing_check_fails_the_whole_and_the_others_still_run(capsys: pytest.CaptureFixture[str]):
    looked_at = [
        Check("first", "sh -c 'echo the reason; exit 3'"),
        Check("second", "true"),
    ]

    code = checks._report(checks._look(looked_at, {"PATH": "/usr/bin:/bin"}))

    told = capsys.readouterr().err
    assert code == 1
    assert "the reason" in told
    assert "ok     second" in told
    assert "FAILED: first" in told


def test_a_check_runs_in_the_environment_it_names():
    finding = Check("which", "sh -c 'echo $PORTAL_ENV $SITE_URL'", "production", checks.PUBLIC).run(
        {"PATH": "/usr/bin:/bin", "SITE_URL": "http://localhost"}
    )

    assert finding.output.split() == ["production", "https://portal.example"]


def test_a_structured_line_is_shown_as_a_person_would_write_it():
    name, text = output.split(
        '09:00:01 web.1    | {"at": "x", "level": "INFO", "said": "served", "ms": 12}\n'
    )

    assert name == "web"
    assert output.readable(text) == "INFO served ms=12"


@pytest.mark.parametrize("text", ["plain words", "{not json", '{"other": 1}', ""])
def test_any_other_line_is_shown_as_it_is(text: str):
    assert output.readable(text) == text


def test_a_trace_is_shown_on_lines_of_its_own():
    assert output.readable('{"said": "broke", "trace": "a\\nb"}') == "broke\na\nb"
