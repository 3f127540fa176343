# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sanitizer finds in any program that a test starts, whatever became of that program's exit code and standard error."""
import contextlib
import os
import pathlib
import sys
import tempfile

# Set by tests/meson.build where a sanitizer is built in.
IS_ON = "ASAN_OPTIONS" in os.environ
VARIABLES = ("ASAN_OPTIONS", "UBSAN_OPTIONS")


@contextlib.contextmanager
def watched():
    """Around one test: fails it where there is a report, and shows that. Copies of the environment are to be made within."""
    if not IS_ON:
        yield
        return
    usual = {name: os.environ.get(name, "") for name in VARIABLES}
    with tempfile.TemporaryDirectory(prefix="satchel-reports-") as folder:
        for name, options in usual.items():
            os.environ[name] = f"{options}:log_path={folder}/report"
        try:
            yield
        finally:
            os.environ.update(usual)
            found = [path.read_text(errors="replace") for path in sorted(pathlib.Path(folder).iterdir())]
            for report in found:
                print(report, file=sys.stderr, flush=True)
        if found:
            raise AssertionError(f"{len(found)} programs have a sanitizer's report")
