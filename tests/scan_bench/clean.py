"""Notebooks of data scientists without a credential, and with much that looks like one."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from typing import TYPE_CHECKING

from nbformat import v4

from tests.leaks.samples import PLACEHOLDERS, notebook

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = 300
SEED = 83
_WORDS = ("loss", "accuracy", "batch", "token", "tokens", "secret", "password", "key", "layer", "customer")


class _Maker:
    """Makes cells, the same ones each time for one *seed*."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def cell(self):
        make = self._random.choice((self._training, self._picture, self._table, self._login, self._hashes))
        return make()

    def _hex(self, length: int) -> str:
        return f"{self._random.getrandbits(4 * length):0{length}x}"

    def _training(self):
        lines = [
            f"Epoch {number}: {' '.join(self._random.choices(_WORDS, k=4))}={self._random.random():.6f}\n"
            for number in range(self._random.randrange(20, 200))
        ]
        source = f"model.fit(X, y, batch_size={self._random.randrange(512)}, password_column='pwd_hash')"
        return v4.new_code_cell(source, outputs=[v4.new_output("stream", text="".join(lines))])

    def _picture(self):
        image = base64.b64encode(self._random.randbytes(self._random.randrange(4_000, 30_000))).decode()
        shown = v4.new_output("display_data", {"image/png": image, "text/plain": "<Figure size 640x480>"})
        return v4.new_code_cell("plt.plot(tokens_per_second)", outputs=[shown])

    def _table(self):
        rows = "".join(
            f"<tr><td>{self._hex(32)}</td><td>{self._random.random():.6f}</td></tr>\n"
            for _ in range(self._random.randrange(5, 60))
        )
        shown = v4.new_output("execute_result", {"text/html": f"<table>{rows}</table>"}, execution_count=1)
        return v4.new_code_cell("df[['token_id', 'key', 'secret_santa']].head()", outputs=[shown])

    def _login(self):
        placeholder = self._random.choice(PLACEHOLDERS)
        source = self._random.choice(
            (
                "password = getpass('Docker token: ')\ndocker_password = os.environ['DOCKER_PASSWORD']",
                f"docker_password = {json.dumps(placeholder)}",
                "!echo $GHCR_TOKEN | docker login ghcr.io -u anna --password-stdin",
                "%aicore_docker_secret create team --image ghcr.io/acme/churn:1.4 --password-env GHCR_TOKEN",
                "spec:\n  imagePullSecrets:\n    - name: team-docker-registry-secret",
                "token = tokenizer.convert_ids_to_tokens(ids)[0]\npassword_field = 'password'",
            )
        )
        return v4.new_code_cell(source)

    def _hashes(self):
        digest = hashlib.sha256(self._hex(64).encode()).hexdigest()
        lines = (
            f"ghcr.io/acme/churn@sha256:{digest}\n"
            f"commit {self._hex(40)}\nrun_id: {self._hex(32)}\n"
            f'ETag: "{self._hex(32)}", build {self._hex(8)}-{self._hex(4)}-{self._hex(4)}\n'
        )
        return v4.new_code_cell(
            "!git log -1 && docker images --digests", outputs=[v4.new_output("stream", text=lines)]
        )


def write_clean(folder: Path, count: int = CLEAN) -> None:
    """Write *count* notebooks below *folder*, about 100 kB each."""
    for number in range(count):
        maker = _Maker(SEED + number)
        cells = [maker.cell() for _ in range(8)]
        book = notebook(*cells)
        for place, cell in enumerate(book.cells):
            cell.id = f"cell-{place}"
        text = json.dumps(book, indent=1, ensure_ascii=False)
        (folder / f"clean-{number:03}.ipynb").write_text(text, "utf-8")
