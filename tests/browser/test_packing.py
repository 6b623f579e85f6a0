"""The one file that shoppers load."""

import gzip
import json
import re
from pathlib import Path

import pytest

from bot.web.packing import ENTRY, pack
from tests.browser.host_pages import WEB

BUDGET_BYTES = 15_000


def test_the_widget_stays_within_its_budget() -> None:
    size = len(gzip.compress(pack(WEB / "widget").encode(), 9))
    assert size <= BUDGET_BYTES, f"{size} bytes"


def test_the_packed_file_needs_no_other() -> None:
    packed = pack(WEB / "widget")
    assert re.search(r"^\s*(import|export)\b|\bimport\(", packed, re.MULTILINE) is None


def test_every_module_is_packed_once() -> None:
    packed = pack(WEB / "widget")
    for module in (WEB / "widget").glob("*.js"):
        for name in re.findall(r"^export (?:class|const|function) (\w+)", module.read_text(), re.M):
            assert len(re.findall(rf"^(?:class|const|function) {name}\b", packed, re.M)) == 1


def test_a_module_comes_before_the_ones_that_need_it(tmp_path: Path) -> None:
    (tmp_path / ENTRY).write_text('import { b } from "./b.js";\nb();\n')
    (tmp_path / "b.js").write_text(
        'import {\n  a,\n} from "./a.js";\n\n/** Does b. */\nexport const b = () => a;\n'
    )
    (tmp_path / "a.js").write_text("// @ts-check\nexport const a = /** @type {any} */ (1);\n")
    assert pack(tmp_path) == "const a =  (1);\nconst b = () => a;\nb();\n"


def test_what_stands_in_text_is_left_alone(tmp_path: Path) -> None:
    source = 'const url = "https://example.com/a"; // not a line of its own\n'
    (tmp_path / ENTRY).write_text(source)
    assert pack(tmp_path) == source


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_the_chat_depends_on_nothing_at_run_time(name: str) -> None:
    package = json.loads((WEB / name).read_text())
    root = package.get("packages", {}).get("", package)
    assert "dependencies" not in root
    assert "resolved" not in (WEB / name).read_text()
