from __future__ import annotations

import json

from aicore_magics.cli.formats import in_format
from aicore_magics.leaks.files.gitignore import IgnoreLine
from aicore_magics.leaks.scan_result import LeaksFound
from tests.leaks.samples import LEAK


def test_data():
    """The data are ready for JSON, in both formats for programs."""
    found = LeaksFound((LEAK,), 1, ignore_lines=(IgnoreLine("f", "/k"),))
    data = json.loads(in_format(found, "json"))
    assert data == json.loads(json.dumps(found.to_dict()))
    assert data["leaks"][0]["excerpt"] == 'x = "***"'
    assert data["ignore_lines"] == [{"folder": "f", "line": "/k"}]
    assert in_format(found, "text") == str(found)
    assert json.loads(in_format(found, "sarif"))["version"] == "2.1.0"
    assert len(found) == 1
