#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be done by when, and what belongs together: by keyboard, as a screen reader has it."""
import datetime

import driver
from driver import Screen
from scenario import PASSPHRASE, Person, expect, same


def moment(**ahead):
    """As satchelctl takes it: so far from now, in UTC."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%MZ")


def opened(scratch, reporter, section):
    screen = Screen(scratch, reporter.vault, TZ="UTC")
    screen.unlock(PASSPHRASE)
    screen.press(section, "list item")
    return screen


driver.main(globals())
