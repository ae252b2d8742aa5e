"""`./dev up` and `./dev down`: the whole portal in one terminal, and its end."""

import argparse
import json
import os
import shutil
import signal
import socket
import threading
from types import FrameType

from tools import debian, environment, locks, place, portal, prepare, processes, supervise
from tools.say import Stop, say

STATE = place.VAR / "up.json"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ATTEMPTS = 20  # ports after 8000 that are tried


class Ended(Exception):
    """Somebody pressed Ctrl-C, or `./dev down` was said."""


def up(arguments: list[str]) -> int:
    wish = _wish(arguments)
    with locks.claimed("up") as ours:
        if not ours:
            say(f"Already running: {_state().get('address', 'another ./dev up is just starting')}")
            return 0
        for number in SIGNALS:
            signal.signal(number, _end)
        _note(pid=os.getpid())
        answered = threading.Event()
        try:
            _run(wish, answered)
        except Ended:
            say("\nStopping ...")
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
            supervise.end_all()
            _stop_services()
            STATE.unlink(missing_ok=True)
    say("Stopped.")
    return 1 if wish.check and not answered.is_set() else 0


def down(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev down", description="Stop everything this checkout started.")
    parser.add_argument("--forget", action="store_true", help="remove its data and uploads too")
    forget = parser.parse_args(arguments).forget
    with locks.claimed("up") as idle:
        if not idle:
            processes.send([_state()["pid"]], signal.SIGTERM)
    with locks.alone("up", otherwise="Stopping ./dev up ..."):
        supervise.end_all()
        _stop_services(forget=forget)
    say("Stopped, and everything forgotten." if forget else "Stopped.")
    return 0


def _wish(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev up", description="Install what is missing, run the portal.")
    parser.add_argument("--empty", action="store_true", help="without the demo town")
    parser.add_argument("--check", action="store_true", help="stop as soon as the web answers")
    parser.add_argument("--port", type=int, help="the port of the web (8000, or the next free one)")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; 0.0.0.0 lets your network in")
    return parser.parse_args(arguments)


def _run(wish: argparse.Namespace, answered: threading.Event) -> None:
    prepare.machine()
    supervise.end_all()  # what an `up` that was killed left behind
    port = _free_port(wish.host, wish.port)
    services = prepare.services()
    setting = supervise.setting(services, wish.host, port)
    portal.collect_static(setting)
    if not wish.empty:
        portal.seed(services, setting)
    _note(pid=os.getpid(), address=setting["SITE_URL"])

    def greet() -> None:
        if supervise.greet(setting, demo=not wish.empty):
            answered.set()
        if wish.check:
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=greet, daemon=True).start()
    supervise.run(setting)


def _free_port(host: str, wanted: int | None) -> int:
    """The port asked for, or the first free one from 8000."""
    for port in [wanted] if wanted else range(8000, 8000 + ATTEMPTS):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError:
                continue
            return port
    raise Stop(f"Port {wanted or 'from 8000'} on {host} can't be had; choose another with --port.")


def _stop_services(*, forget: bool = False) -> None:
    if debian.missing(debian.RUNTIME):
        return  # nothing can have been started
    running = environment.Services.of_checkout()
    running.stop()
    if forget:
        running.destroy()
        shutil.rmtree(place.VAR / "media", ignore_errors=True)
    with locks.claimed("test") as idle:
        if idle:
            environment.Services.for_tests().stop()


def _note(**facts: object) -> None:
    STATE.write_text(json.dumps(facts))


def _state() -> dict[str, int]:
    """What the running `up` noted about itself."""
    try:
        found: dict[str, int] = json.loads(STATE.read_text())
    except FileNotFoundError:
        return {}
    return found


def _end(number: int, frame: FrameType | None) -> None:
    raise Ended
