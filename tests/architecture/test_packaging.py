"""What people install holds everything: the page's files, cells, lessons and catalogues."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

BUILT_FROM = (
    "pyproject.toml",
    "hatch_build.py",
    "constraints.txt",
    "LICENSE",
    "README.md",
    ".gitignore",
)
NOT_DELIVERED = {".mo", ".pyc"}
REPORT = """
import json
from unrolled import assets
print(json.dumps({
    name: {str(p.relative_to(folder).as_posix()): p.stat().st_size
           for p in folder.rglob("*") if p.is_file()}
    for name, folder in {
        "static": assets.static(),
        "templates": assets.templates(),
        "package": assets.Path(assets.__file__).parent,
    }.items()
}))
print(assets.static().parent)
"""


def files(folder: Path) -> dict[str, int]:
    """Names and sizes of the files in a folder that an installation must carry."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in NOT_DELIVERED
    }


def run(command: Iterable[str | Path], cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(source: Path, out: Path, *kinds: str) -> None:
    """Build from a source tree with the backend that is already installed."""
    run([sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", out, source])


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built, so that somebody may go on editing meanwhile."""
    copy = tmp_path_factory.mktemp("tree")
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, copy)
    for folder in ("server", "static", "templates"):
        shutil.copytree(ROOT / folder, copy / folder)
    return copy


@pytest.fixture(scope="module")
def built(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A wheel of the tree, its sdist, and a wheel of that sdist."""
    out = tmp_path_factory.mktemp("dist")
    build(tree, out, "--sdist", "--wheel")
    (sdist,) = out.glob("*.tar.gz")
    unpacked = tmp_path_factory.mktemp("sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    build(source, out / "from-sdist", "--wheel")
    (wheel,) = out.glob("*.whl")
    (second,) = (out / "from-sdist").glob("*.whl")
    return {"wheel": wheel, "sdist": sdist, "wheel of the sdist": second}


def install(wheel: Path, home: Path) -> Path:
    """Install a wheel alone into a fresh environment; its dependencies are borrowed from ours.

    A .pth file puts our site-packages behind the fresh one. Files such as our editable install's
    own .pth are not read from there, so `unrolled` can only be the wheel's.
    """
    venv.create(home, with_pip=False)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel])
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run([python, "-c", code]).strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


@pytest.fixture(scope="module", params=["wheel", "wheel of the sdist"])
def installed(
    request: pytest.FixtureRequest,
    built: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The Python of a fresh environment that holds the wheel."""
    return install(built[request.param], tmp_path_factory.mktemp("installed") / "env")


def test_an_installed_wheel_finds_every_file_of_the_page(
    installed: Path, tree: Path, tmp_path: Path
) -> None:
    said, home = run([installed, "-c", REPORT], cwd=tmp_path).splitlines()
    found = json.loads(said)
    assert str(installed.parent.parent) in home
    assert found["static"] == files(tree / "static")
    assert found["templates"] == files(tree / "templates")
    assert found["static"]
    assert found["templates"]


def test_an_installed_wheel_holds_every_file_of_the_package(
    installed: Path, tree: Path, tmp_path: Path
) -> None:
    found = json.loads(run([installed, "-c", REPORT], cwd=tmp_path).splitlines()[0])["package"]
    wanted = files(tree / "server" / "unrolled")
    assert any(name.startswith("engine/cells/") for name in wanted)
    assert {name: size for name, size in wanted.items() if found.get(name) != size} == {}


def test_an_installed_wheel_lists_the_lessons(installed: Path, tmp_path: Path) -> None:
    said = run([installed.parent / "unrolled", "lessons"], cwd=tmp_path)
    assert "lecture-lstm" in said


def test_the_editable_install_reads_the_live_folders(tmp_path: Path) -> None:
    home = run([sys.executable, "-c", REPORT], cwd=tmp_path).splitlines()[1]
    assert Path(home) == ROOT


def test_an_editable_wheel_carries_no_copies_of_the_page(tmp_path: Path) -> None:
    code = f"import hatchling.build; print(hatchling.build.build_editable({str(tmp_path)!r}))"
    name = run([sys.executable, "-c", code]).splitlines()[-1]
    with zipfile.ZipFile(tmp_path / name) as wheel:
        inside = wheel.namelist()
    assert [entry for entry in inside if "static/" in entry or "templates/" in entry] == []


def test_the_sdist_carries_what_a_wheel_is_built_from(built: dict[str, Path], tree: Path) -> None:
    with tarfile.open(built["sdist"]) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    page = {f"{top}/{name}" for top in ("static", "templates") for name in files(tree / top)}
    assert {*page, "LICENSE", "hatch_build.py", "pyproject.toml"} <= inside
