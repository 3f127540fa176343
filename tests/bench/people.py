# SPDX-License-Identifier: GPL-3.0-or-later
"""Vaults for the rows, by the same helpers as the scenarios of tests/programs."""
import os
import pathlib
import shutil
import subprocess
import sys


def scenario(bench):
    """tests/programs/scenario.py, told which programs to run."""
    os.environ["SATCHELCTL"] = bench.tools["satchelctl"]
    os.environ["SATCHEL_INTAKE"] = bench.tools["satchel-intake"]
    os.environ["SATCHEL_INTAKE_PAPERS"] = bench.tools["intake-papers"]
    os.environ["SATCHEL_VECTORS"] = str(bench.source / "tests/vectors")
    programs = str(bench.source / "tests/programs")
    if programs not in sys.path:
        sys.path.insert(0, programs)
    import scenario as module
    return module


class Scratch:
    """What scenario.Person and Newsroom ask of a scratch folder."""

    def __init__(self, bench, folder):
        self.folder, self.env, self.closing = pathlib.Path(folder), dict(bench.env), []

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class Desk:
    """An editor who knows a reporter, as vaults that each round starts from anew."""

    def __init__(self, bench, folder):
        self.bench, self.folder = bench, folder
        self.room = scenario(bench).Newsroom(Scratch(bench, folder), lawyer=False)
        stick = folder / "stick"
        stick.mkdir()
        self.room.reporter("send", stick)
        self.room.editor("fetch", stick)
        self.template = {}
        self.keep(self.room.reporter)
        self.keep(self.room.editor)

    def keep(self, person):
        """From here on fresh() goes back to this state."""
        copy = self.folder / f"{person.name}.template"
        shutil.rmtree(copy, ignore_errors=True)
        subprocess.run(["cp", "-a", person.vault, copy], check=True)
        self.template[person.name] = copy

    def fresh(self, person):
        shutil.rmtree(person.vault)
        subprocess.run(["cp", "-a", self.template[person.name], person.vault], check=True)

    def argv(self, person, *argv):
        return person.argv("--quiet", *argv)


def age_key(folder):
    """An identity file and its recipient, of age itself."""
    path = folder / "age.key"
    path.unlink(missing_ok=True)
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    return path, subprocess.run(["age-keygen", "-y", path], check=True, capture_output=True, text=True).stdout.strip()
