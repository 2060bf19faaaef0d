"""The house rules that a machine can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.static

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["marketplace", "cms", "matching", "search", "catalog", "notices", "accounts"]
HAN = re.compile("[\u4e00-\u9fff]")
LONGEST_FILE = 400
# Where Chinese is data or a word of the language itself, not a text of the interface.
CHINESE_DATA = {
    "catalog/importers/",
    "matching/engine/",
    "search/text.py",
    "search/negation.py",
    "search/amounts.py",
    "search/numerals.py",
    "search/units.py",
    "migrations/",
    "management/commands/",
    "marketplace/settings.py",
    "marketplace/sample.py",
}


def tracked(*patterns):
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    return [ROOT / name for name in names if name and (ROOT / name).exists()]


def sources():
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in ROOMS]


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_imports_point_down():
    result = run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=["lint", "format"])
def test_source_is_clean(arguments):
    result = run(sys.executable, "-m", "ruff", *arguments, ".")
    assert result.returncode == 0, result.stdout


def test_files_stay_short():
    paths = [path for path in tracked("*.py", "*.html", "*.css", "*.js") if "migrations" not in path.parts]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in paths
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_public_functions_and_modules_say_what_they_do():
    silent = []
    for path in sources():
        if {"migrations", "tests"} & set(path.parts) or path.name in {"__init__.py", "apps.py"}:
            continue
        if ast.get_docstring(ast.parse(path.read_text())) is None:
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def test_templates_hold_no_inline_script_or_style():
    bad = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\sstyle=|\son[a-z]+=|javascript:"
    )
    guilty = [str(path.relative_to(ROOT)) for path in tracked("*.html") if bad.search(path.read_text())]
    assert guilty == []


def test_nothing_is_loaded_from_a_foreign_host():
    foreign = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//|@import|url\(\s*[\"']?(?:https?:)?//")
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked("*.html", "*.css", "*.js")
        if foreign.search(path.read_text())
    ]
    assert guilty == []


def test_forms_that_post_carry_the_token():
    guilty = []
    for path in tracked("*.html"):
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.S | re.I):
            if "csrf_token" not in form:
                guilty.append(str(path.relative_to(ROOT)))
    assert guilty == []


_MARKED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%.*?%}|{{.*?}}|{#.*?#}"
    r"|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|<!--.*?-->",
    re.S,
)


def test_chinese_in_templates_is_marked_for_translation():
    guilty = []
    for path in tracked("*.html", "*.txt"):
        if path.relative_to(ROOT).parts[0] not in ROOMS or "templates" not in path.parts:
            continue
        for line in _MARKED.sub("", path.read_text()).splitlines():
            if HAN.search(line):
                guilty.append(f"{path.relative_to(ROOT)}: {line.strip()[:60]}")
                break
    assert guilty == []


_TRANSLATORS = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "gettext_noop",
}


def _unmarked_chinese(path):
    """Lines with Chinese outside a translation call; a comment `data:` says why a word is stored, not shown."""
    source = path.read_text()
    tree, lines = ast.parse(source), source.splitlines()
    marked = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) in _TRANSLATORS
        ):
            marked.update(id(part) for argument in node.args for part in ast.walk(argument))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            marked.add(id(node.body[0].value))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            marked.add(id(node.value))
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and HAN.search(node.value)
        and id(node) not in marked
        and "# data:" not in lines[node.lineno - 1]
    ]


def test_chinese_in_code_is_marked_for_translation():
    guilty = {}
    for path in sources():
        name = str(path.relative_to(ROOT))
        if any(part in name for part in CHINESE_DATA):
            continue
        if lines := _unmarked_chinese(path):
            guilty[name] = lines
    assert guilty == {}
