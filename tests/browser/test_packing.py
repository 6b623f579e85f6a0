"""The files that shoppers load, and how large they are."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.web.packing import ENTRY, LANGUAGES, added_bytes, pack, packed_files
from tests.browser.host_pages import WEB

WIDGET = WEB / "widget"
BUDGET_BYTES = 15_000
LANGUAGE_BUDGET_BYTES = 1_500


@pytest.mark.parametrize("name", packed_files(WIDGET))
def test_each_file_stays_within_its_budget(name: str) -> None:
    size = len(packed_files(WIDGET)[name].compressed)
    assert size <= (BUDGET_BYTES if name == ENTRY else LANGUAGE_BUDGET_BYTES), f"{size} bytes"


@pytest.mark.parametrize("name", packed_files(WIDGET))
def test_what_is_compressed_is_the_packed_file(name: str) -> None:
    packed = packed_files(WIDGET)[name]
    assert gzip.decompress(packed.compressed) == packed.content == pack(WIDGET, name).encode()


def test_the_entry_holds_all_modules_and_every_language_is_a_file_of_its_own() -> None:
    languages = {path.name for path in WIDGET.glob(LANGUAGES)}
    assert set(packed_files(WIDGET)) == {ENTRY, *languages}
    assert set(added_bytes(WIDGET)) == {path.name for path in WIDGET.glob("*.js")} - languages


def test_the_entry_needs_no_file_but_a_language() -> None:
    packed = pack(WIDGET)
    assert re.search(r"\b(import|export)\b(?!\.meta|\()", packed) is None
    fetched = re.findall(r"\bimport\((.*?)\)", packed)
    assert len(fetched) == 1
    assert re.fullmatch(r"`\./texts\.\$\{\w\}\.js`", fetched[0])


def test_style_sheets_are_minified_too() -> None:
    sheets = re.findall(r"`([^`]*:host[^`]*)`", pack(WIDGET))
    assert len(sheets) == 1
    assert "\n" not in sheets[0]


def test_the_sizes_of_the_modules_are_printed_and_add_up() -> None:
    command = [sys.executable, "-m", "bot.web.packing"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    sizes = {
        name: int(size.replace(",", "")) for size, name in re.findall(r"([\d,]+)  (.+)", printed)
    }
    total = len(packed_files(WIDGET)[ENTRY].compressed)
    assert sizes["in all, as a shopper loads it"] == total
    assert sum(sizes[path] for path in added_bytes(WIDGET)) == total


def test_a_module_comes_once_and_before_the_ones_that_need_it(tmp_path: Path) -> None:
    (tmp_path / ENTRY).write_text(
        'import { b } from "./b.js";\nimport { a } from "./a.js";\nself.sum = b() + a;\n'
    )
    (tmp_path / "b.js").write_text(
        'import {\n  a,\n} from "./a.js";\n\n/** Does b. */\nexport const b = () => a;\n'
    )
    (tmp_path / "a.js").write_text(
        '// @ts-check\nimport { b } from "./b.js";\nexport const a = /** @type {any} */ (1);'
    )
    assert pack(tmp_path) == "(()=>{const e=1,t=()=>e;self.sum=t()+e})()"


def test_a_language_is_left_to_be_fetched_and_keeps_its_export(tmp_path: Path) -> None:
    (tmp_path / ENTRY).write_text(
        "const load = async (language) =>\n"
        "  (await import(`./texts.${language}.js`)).default;\n"
        'import("./texts.de.js");\n'
        'load("de");\n'
    )
    (tmp_path / "texts.de.js").write_text(
        '// @ts-check\nexport default {\n  label: "Hilfe",\n  left: (n) => `noch ${n}`,\n};\n'
    )
    assert list(packed_files(tmp_path)) == [ENTRY, "texts.de.js"]
    assert "import(`./texts.${e}.js`)" in pack(tmp_path)
    language = 'export default{label:"Hilfe",left:e=>`noch ${e}`}'
    assert packed_files(tmp_path)["texts.de.js"].content.decode() == language


def test_what_stands_in_text_is_left_alone(tmp_path: Path) -> None:
    texts = '"https://example.com/a // b", `/* c */  d`, /\\/\\*  \\u202e/'
    (tmp_path / ENTRY).write_text(f"f({texts}); // not a line of its own")
    assert pack(tmp_path) == f"(()=>{{f({texts.replace(', ', ',')})}})()"


def test_without_the_minifier_the_modules_are_joined_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ENTRY).write_text('import { a } from "./a.js";\nself.sum = a;\n')
    (tmp_path / "a.js").write_text("export const a = 1;\n")
    monkeypatch.setitem(sys.modules, "minify", None)
    assert pack(tmp_path) == "(()=>{const a = 1;\nself.sum = a;\n\n})()\n"


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_the_chat_depends_on_nothing_at_run_time(name: str) -> None:
    package = json.loads((WEB / name).read_text())
    root = package.get("packages", {}).get("", package)
    assert "dependencies" not in root
    assert "resolved" not in (WEB / name).read_text()


@pytest.mark.parametrize(
    "module", sorted((WEB / "widget").glob("*.js")), ids=lambda path: path.name
)
def test_nothing_is_taken_apart_right_after_another_declaration(module: Path) -> None:
    """The minifier moves `const { a } = …` before the `const`s that it stands behind.

    It does so even where they are needed for it, or have to be done first.
    """
    lines = module.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if not re.match(r" *const [\[{]", line):
            continue
        indentation = re.escape(line[: line.index("c")])
        before = (one for one in reversed(lines[:number]) if re.match(rf"{indentation}\w", one))
        assert not re.match(r" *const \w", next(before, "")), f"{module.name}: {line}"
