#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the answers in tests/data/rollout/lint.jsonl anew, from the real plugin (./dev oracles rollouts).

usage: record_lint.py KUBECTL-ARGO-ROLLOUTS [DOCUMENTS ...]

A line is a case: its documents, the lines that `lint` prints and the error that it ends with. Further files with one
JSON list of documents a line are new cases. Cases that the plugin ends with a panic are left out.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

DATA = pathlib.Path(__file__).resolve().parents[2] / "data" / "rollout" / "lint.jsonl"


def answer(plugin, documents):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write("".join("---\n" + json.dumps(document) + "\n" for document in documents))
        file.flush()
        done = subprocess.run([plugin, "lint", "-f", file.name], capture_output=True, text=True, timeout=60)
    if done.returncode not in (0, 1):
        return None
    error = done.stderr.strip().removeprefix("Error: ")
    return {"documents": documents, "lines": done.stdout.splitlines(), "error": error}


def main(plugin, new_files):
    cases = [json.loads(line)["documents"] for line in DATA.read_text().splitlines()] if DATA.exists() else []
    for name in new_files:
        cases += [json.loads(line) for line in pathlib.Path(name).read_text().splitlines()]
    answers = [found for found in (answer(plugin, documents) for documents in cases) if found]
    DATA.write_text("".join(json.dumps(found, ensure_ascii=False) + "\n" for found in answers))
    print(len(answers), "cases")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
