"""Keeping web, worker and beat running, in front of the person's eyes."""

import os
import socket
import subprocess
import time
import urllib.request

from tools import environment, place, processes, virtualenv
from tools.output import Readable
from tools.say import Stop, say

MARK = "STREET_CORNER_UP"  # carried by everything that runs for `up`: it is found even when its parent died
EVERYWHERE = {"0.0.0.0", "::", "[::]"}  # only where --host asks for it
RESTARTS = 5  # within ten minutes; then it isn't bad luck


def setting(services: environment.Services, host: str, port: int) -> dict[str, str]:
    """The environment of the running portal: as in production, on this address."""
    made = environment.serving(services, kind="production")
    lan = environment.lan_address() if host in EVERYWHERE else None
    addresses = [f"http://{name}:{port}" for name in (lan, "localhost", "127.0.0.1") if name]
    hosts = [made["ALLOWED_HOSTS"], socket.gethostname(), host, *([lan] if lan else [])]
    return made | {
        MARK: str(place.VAR),
        "BIND": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "SITE_URL": addresses[0],  # what QR codes say: a phone in the network must find it
        "ALLOW_PLAIN_HTTP": "1",
        "CSRF_TRUSTED_ORIGINS": ",".join(addresses),
        "ALLOWED_HOSTS": ",".join(hosts),
        "PYTHONUNBUFFERED": "1",
    }


def run(setting: dict[str, str]) -> None:
    """Run until an exception ends it. When a process dies by itself, all three are started again."""
    deaths: list[float] = []
    while True:
        _once(setting)
        deaths = [at for at in deaths if at > time.monotonic() - 600] + [time.monotonic()]
        if len(deaths) > RESTARTS:
            raise Stop(f"It keeps ending by itself; the reasons are in {place.LOGS}.")
        say("! A process ended by itself; starting all three again.")
        end_all()
        time.sleep(1)


def end_all() -> None:
    processes.end(lambda: processes.marked(MARK, str(place.VAR)))


def greet(setting: dict[str, str], *, demo: bool) -> bool:
    """Once the web answers: say where it is and who can sign in. Whether it did answer."""
    host, _, port = setting["BIND"].rpartition(":")
    near = f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}"
    if not processes.wait_until(lambda: _healthy(near), seconds=120, pause=0.3):
        say(f"! The web does not answer at {near}; see {place.LOGS / 'web.log'}.")
        return False
    lines = ["", f"  Street Corner runs at {setting['SITE_URL']}"]
    if host in EVERYWHERE:
        lines.append(f"  and here at http://localhost:{port}")
    if demo:
        command = [str(virtualenv.PYTHON), "manage.py", "seed_demo", "--logins"]
        done = subprocess.run(command, cwd=place.ROOT, env=setting, capture_output=True, text=True)
        lines += ["", *(f"  {line}" for line in (done.stdout or done.stderr).splitlines())]
    say("\n".join([*lines, "", "  Ctrl-C stops it. Logs: var/log/", ""]))
    return True


def _once(setting: dict[str, str]) -> None:
    # --env: Honcho would otherwise read a .env that is meant for docker-compose.yml.
    command = [str(virtualenv.PYTHON), "-m", "honcho", "--env", os.devnull, "start"]
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
        honcho.terminate()  # it gives its children five seconds
        try:
            honcho.communicate(timeout=20)  # reads on, for a full pipe would hold it
        except subprocess.TimeoutExpired:
            honcho.kill()


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:  # not yet listening, or an error page
        return False
