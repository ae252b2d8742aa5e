"""What every command needs before it can begin, and what a second run finds already done."""

from tools import debian, environment, frontend, locks, place, portal, virtualenv


def machine(*, development: bool = False, browser: bool = False) -> None:
    """Debian packages, Python packages, keys, front-end files, compiled translations."""
    place.make_folders()
    with locks.alone("prepare", otherwise="Another ./dev is preparing this checkout; waiting for it ..."):
        debian.install([*debian.RUNTIME, *(debian.BROWSER if browser else [])])
        virtualenv.prepare(development=development)
        environment.kept_secrets()
        frontend.prepare()
        portal.compile_translations()


def services(*, database: str = "portal") -> environment.Services:
    """The checkout's own servers, running, with this database migrated."""
    found = environment.Services.of_checkout()
    with locks.alone("prepare", otherwise="Another ./dev is preparing this checkout; waiting for it ..."):
        found.start()
        portal.prepare_database(found, database)
    return found
