"""The fonts that PDFs hold."""

from pathlib import Path
from unittest.mock import patch

from pytest_django import Settings

from fundraisers import sheets


def test_the_font_is_the_same_file_whenever_it_is_cut(tmp_path: Path, settings: Settings) -> None:
    """A statement of days that are over is the same file for good, also after the fonts were cut anew."""
    cut = []
    for seconds in (0, 5_000):
        settings.VAR_DIR = tmp_path / str(seconds)
        with patch("fontTools.ttLib.tables._h_e_a_d.timestampNow", return_value=3_800_000_000 + seconds):
            cut.append(sheets.font_file.__wrapped__(500).read_bytes())
    assert cut[0] == cut[1]
