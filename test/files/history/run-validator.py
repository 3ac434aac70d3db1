"""Runs the image repository's validator on many files: a list of texts in, a list of {passes, says} out."""

import enum
import json
import os
import sys
import tempfile
import types

work = json.load(sys.stdin)


class StrEnum(str, enum.Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


class Logger:
    def __init__(self):
        self.said = []

    def __getattr__(self, level):
        return lambda message: self.said.append(f"{level}: {message}")


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made


logger = Logger()
module("strenum", StrEnum=StrEnum)
module("loguru", logger=logger)
for package in ("", ".legacy", ".legacy.classes"):
    module(f"horde_model_reference{package}").__path__ = []
for name in ("legacy.classes.raw_legacy_model_database_records", "legacy.validate_sd"):
    made = module(f"horde_model_reference.{name}")
    exec(compile(work[name], name, "exec"), made.__dict__)
validate = sys.modules["horde_model_reference.legacy.validate_sd"].validate_legacy_stable_diffusion_db


def check(text, path):
    with open(path, "w", newline="") as file:
        file.write(text)
    logger.said.clear()
    try:
        sys.stdout = sys.stderr
        return {"passes": validate(__import__("pathlib").Path(path), fail_on_extra=True), "says": logger.said[-1][:300]}
    except Exception as fault:
        return {"passes": False, "says": f"{type(fault).__name__}: {fault}"[:300]}
    finally:
        sys.stdout = sys.__stdout__


with tempfile.TemporaryDirectory() as folder:
    results = [check(text, os.path.join(folder, "sd.json")) for text in work["files"]]
json.dump(results, sys.stdout)
