"""Runs the text repository's own convert.py on many files: a list of {csv} in, a list of {db} or {error} out."""

import contextlib
import io
import json
import os
import sys
import tempfile

work = json.load(sys.stdin)
program = compile(work["script"], "convert.py", "exec")


def convert(csv_text):
    with open("models.csv", "w", newline="") as file:
        file.write(csv_text)
    if os.path.exists("db.json"):
        os.remove("db.json")
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(program, {"__name__": "__main__"})
    except SystemExit:
        return {"error": said.getvalue()[-300:]}
    except BaseException as fault:
        return {"error": f"{type(fault).__name__}: {fault}"[:300]}
    with open("db.json", newline="") as file:
        return {"db": file.read()}


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for name in ("defaults.json", "generation_params.json"):
        with open(name, "w", newline="") as file:
            file.write(work[name])
    results = [convert(csv_text) for csv_text in work["files"]]
    os.chdir("/")
json.dump(results, sys.stdout)
