#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""answer-passphrase.py PASSPHRASE PROGRAM ARGUMENT...: runs a program on a terminal of its own and answers each prompt."""
import os
import pty
import sys

passphrase, arguments = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(arguments[0], arguments)
pending = b""
while True:
    try:
        shown = os.read(terminal, 4096)
    except OSError:  # the program has closed its end
        break
    if not shown:
        break
    pending += shown
    if b"assphrase" in pending and pending.rstrip().endswith(b":"):
        pending = b""
        os.write(terminal, passphrase.encode() + b"\n")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255)
