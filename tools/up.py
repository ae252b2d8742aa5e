"""`./dev up` and `./dev down`: the whole portal in one terminal, and its end."""

import argparse
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from types import FrameType

from tools import debian, environment, locks, place, portal, prepare, processes, virtualenv
from tools.output import Readable
from tools.say import Stop, say

MARK = "STREET_CORNER_UP"  # carried by everything that `up` starts: `down` finds it even when its parent died
STATE = place.VAR / "up.json"
EVERYWHERE = {"0.0.0.0", "[::]", "::"}  # only where --host asks for it
RESTARTS = 5  # within ten minutes; then it isn't bad luck


class Ended(Exception):
    """Somebody pressed Ctrl-C, or `./dev down` was said."""


def up(arguments: list[str]) -> int:
    wish = _parse(arguments)
    with locks.claimed("up") as ours:
        if not ours:
            say(f"Already running: {_state().get('address', 'another ./dev up is just starting')}")
            return 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _end)
        STATE.write_text(json.dumps({"pid": os.getpid()}))
        try:
            _run(wish)
        except Ended:
            say("\nStopping ...")
        finally:
            _ignore_signals()
            processes.end(_ours)
            _stop_services()
            STATE.unlink(missing_ok=True)
    say("Stopped.")
    return 0


def down(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./dev down", description="Stop everything that this checkout started."
    )
    parser.add_argument(
        "--forget", action="store_true", help="remove the database, Redis's data and uploads too"
    )
    forget = parser.parse_args(arguments).forget
    if (pid := _state().get("pid")) and pid in processes.living_in(place.ROOT):
        processes.send([pid], signal.SIGTERM)
        if not processes.wait_until(lambda: pid not in processes.living_in(place.ROOT), seconds=60):
            raise Stop(f"./dev up (process {pid}) does not end.")
    processes.end(_ours)
    _stop_services(forget=forget)
    say("Stopped." if not forget else "Stopped, and everything forgotten.")
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev up", description="Install what is missing, then run the portal."
    )
    parser.add_argument("--empty", action="store_true", help="without the demo town")
    parser.add_argument("--port", type=int, help="the port of the web (8000, or the next free one)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on; 0.0.0.0 lets your network in"
    )
    return parser.parse_args(arguments)


def _run(wish: argparse.Namespace) -> None:
    prepare.machine()
    processes.end(_ours)  # what an `up` that was killed left behind
    port = _free_port(wish.host, wish.port)
    services = prepare.services()
    setting = _setting(services, wish.host, port)
    portal.collect_static(setting)
    if not wish.empty:
        portal.seed(services, setting)
    address = setting["SITE_URL"]
    STATE.write_text(json.dumps({"pid": os.getpid(), "address": address}))
    threading.Thread(target=_greet, args=(setting, not wish.empty), daemon=True).start()
    _supervise(setting)


def _setting(services: environment.Services, host: str, port: int) -> dict[str, str]:
    setting = environment.serving(services, kind="production")
    hosts = [setting["ALLOWED_HOSTS"], socket.gethostname(), host]
    if host in EVERYWHERE and (lan := environment.lan_address()):
        hosts.append(lan)
    return setting | {
        MARK: str(place.VAR),
        "BIND": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": ",".join(hosts),
        "PYTHONUNBUFFERED": "1",
    }


def _supervise(setting: dict[str, str]) -> None:
    """Run web, worker and beat until somebody ends it. One that dies is started again, with the others."""
    deaths: list[float] = []
    # -e: Honcho would otherwise read a .env that is meant for docker-compose.yml.
    command = [str(virtualenv.PYTHON), "-m", "honcho", "-e", os.devnull, "start"]
    while True:
        honcho = subprocess.Popen(
            command,
            cwd=place.ROOT,
            env=setting,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C is ours to hear; we tell them
        )
        try:
            Readable(place.LOGS).follow(honcho)
        finally:
            _close(honcho)
        deaths = [at for at in deaths if at > time.monotonic() - 600] + [time.monotonic()]
        if len(deaths) > RESTARTS:
            raise Stop(f"It keeps ending by itself; the reasons are in {place.LOGS}.")
        say("! A process ended by itself; starting all three again.")
        processes.end(_ours)
        time.sleep(1)


def _close(honcho: "subprocess.Popen[str]") -> None:
    """Let it end its children; it gives them five seconds."""
    honcho.terminate()
    try:
        honcho.communicate(timeout=20)  # reads on, for a full pipe would hold it
    except subprocess.TimeoutExpired:
        honcho.kill()


def _greet(setting: dict[str, str], demo: bool) -> None:
    """Once the web answers: where it is, and who can sign in."""
    host, _, port = setting["BIND"].rpartition(":")
    everywhere = host in EVERYWHERE
    near = f"http://{'127.0.0.1' if everywhere else host}:{port}"
    if not processes.wait_until(lambda: _healthy(near), seconds=120, pause=0.3):
        say(f"! The web does not answer at {near} yet; see {place.LOGS / 'web.log'}.")
        return
    lines = ["", f"  Street Corner runs at {setting['SITE_URL']}"]
    if everywhere and (lan := environment.lan_address()):
        lines.append(f"  and in your network at http://{lan}:{port}")
    if demo:
        command = [str(virtualenv.PYTHON), "manage.py", "seed_demo", "--logins"]
        done = subprocess.run(command, cwd=place.ROOT, env=setting, capture_output=True, text=True)
        lines += ["", *(f"  {line}" for line in done.stdout.splitlines())]
    say("\n".join([*lines, "", "  Ctrl-C stops it. Logs: var/log/", ""]))


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:  # not yet listening, or an error page
        return False


def _free_port(host: str, wanted: int | None) -> int:
    """The port asked for, or the first free one from 8000."""
    for port in [wanted] if wanted else range(8000, 8020):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError:
                continue
            return port
    raise Stop(f"Port {wanted or '8000 and the next 19'} on {host} can't be had; choose another with --port.")


def _ours() -> list[int]:
    return processes.marked(MARK, str(place.VAR))


def _state() -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads(STATE.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


def _stop_services(*, forget: bool = False) -> None:
    if debian.missing(debian.RUNTIME):
        return  # nothing can have been started
    running = environment.Services.of_checkout()
    running.stop()
    if forget:
        running.destroy()
    with locks.claimed("test") as idle:
        if idle:
            environment.Services.for_tests().stop()


def _end(number: int, frame: FrameType | None) -> None:
    raise Ended


def _ignore_signals() -> None:
    """A second Ctrl-C must not leave half of it running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
