#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and state as a picture, in each look: shots.py FOLDER [LOOK...] [walk...]

What is photographed is where the walks of walks.py come to. Labels that are too faint to be read, and windows wider than the screen,
are named in LOOK/contrast.txt, and make it fail."""
import os
import pathlib
import shutil
import subprocess
import sys
import time

import contrast
import driver
from driver import Screen
from scenario import Scratch, Skip
from walks import WALKS, Stage, prepared
from words import Words

# A window of 360 x 700 pixels, and the frame around it.
NARROW = "370x710"

# look: size of the screen, environment of the app
LOOKS = {
    "light": ("1100x720", {}),
    "dark": ("1100x720", {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}),
    "contrast": ("1100x720", {"ADW_DEBUG_HIGH_CONTRAST": "1"}),
    "narrow": (NARROW, {}),
    "narrow-dark": (NARROW, {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}),
}
# Each is a look, as wide and as narrow: "ru", "ru-narrow". Persian is written from the right.
LANGUAGES = {"be": "be_BY", "fa": "fa_IR", "ru": "ru_RU", "uk": "uk_UA"}
for language, place in LANGUAGES.items():
    LOOKS[language] = ("1100x720", {"LC_ALL": f"{place}.UTF-8"})
    LOOKS[f"{language}-narrow"] = (NARROW, {"LC_ALL": f"{place}.UTF-8"})
PAUSE = 0.6  # seconds, until what moves stands still


class Photographed(Stage):
    def __init__(self, world, person, look, folder):
        size, environment = LOOKS[look]
        self.folder, self.faint = folder, []
        self.width = int(size.split("x")[0])
        self.is_narrow = self.width < 600
        if language_of(look):
            self.readings = Words(language_of(look)).english
        super().__init__(world, person, **environment)

    def pause(self, seconds=PAUSE):
        time.sleep(seconds)

    def shot(self, name, is_wider=False):
        path = self.folder / f"{name}.png"
        faults = []
        # What still scrolled while it was photographed is not faint: a second picture tells.
        for _ in range(3):
            self.pause()
            Screen.shot(self, path)
            application = self.application()
            windows = [application.get_child_at_index(i) for i in range(application.get_child_count())]
            faults = [f"{name}: {fault}" for window in windows[-1:] for fault in contrast.faults(window, path)]
            if not faults:
                break
        self.faint += faults + ([] if is_wider else self.too_wide(name))

    def glimpse(self, name):
        Screen.shot(self, self.folder / f"{name}.png")

    def further(self, name, tabs=0, to=None):
        self.key(*["Tab"] * tabs)
        if to:
            self.tab_to(to, limit=200, part=True)
            self.pause(2)  # thumbnails
        self.shot(name)

    def too_wide(self, name):
        widths = [window.get_component_iface().get_extents(self.atspi.CoordType.WINDOW).width for window in self.windows()]
        return [f"{name}: {width} pixels wide, the screen has {self.width}" for width in widths if width > self.width]


def language_of(look):
    return look.split("-")[0] if look.split("-")[0] in LANGUAGES else None


def make_locale(scratch, place):
    """False where the system cannot."""
    locales = scratch.folder / "locales"
    if not shutil.which("localedef"):
        return False
    locales.mkdir()
    subprocess.run(["localedef", "-i", place, "-f", "UTF-8", locales / f"{place}.UTF-8"], capture_output=True)
    scratch.env["LOCPATH"] = str(locales)
    return (locales / f"{place}.UTF-8").is_dir()


def shoot(look, folder, walks):
    """In a display of its own: all walks in one look."""
    scratch = Scratch()
    failed, faint = [], []
    try:
        place = LANGUAGES.get(language_of(look))
        if place and not make_locale(scratch, place):
            print(f"{look}: this system cannot make the locale {place}: skipped", flush=True)
            return True
        folder.mkdir(parents=True, exist_ok=True)
        world = prepared(scratch)
        for name in walks:
            person, walk = WALKS[name]
            world.put_back(person)
            stage = Photographed(world, person, look, folder)
            try:
                walk(stage)
                print(f"{look}: {name}", flush=True)
            except Skip as reason:
                print(f"{look}: {name} skipped: {reason}", flush=True)
            except Exception as fault:
                failed.append(name)
                stage.shot(f"failed-{name}")
                print(f"{look}: {name} failed: {str(fault)[:600]}", flush=True)
            stage.end()
            faint += stage.faint
    finally:
        scratch.close()
    (folder / "contrast.txt").write_text("".join(f"{line}\n" for line in faint))
    print(f"{look}: {len(faint)} labels with too little contrast or windows too wide, see contrast.txt", flush=True)
    return not failed and not faint


def main(folder, *names):
    looks = [name for name in names if name in LOOKS] or list(LOOKS)
    walks = [name for name in names if name in WALKS] or list(WALKS)
    if os.environ.get("SATCHEL_UI_INSIDE"):
        os.dup2(int(os.environ["SATCHEL_UI_OUTPUT"]), 1)
        sys.exit(0 if shoot(looks[0], pathlib.Path(folder) / looks[0], walks) else 1)
    failed = False
    for look in looks:
        environment = {**os.environ, "SATCHEL_SHOTS_LOOK": look, "SATCHEL_UI_SIZE": LOOKS[look][0]}
        done = subprocess.run([sys.executable, __file__, folder, look, *walks], env=environment)
        failed = failed or done.returncode != 0
    print(f"Pictures: {pathlib.Path(folder).resolve()}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: shots.py FOLDER [LOOK...] [WALK...]")
    if os.environ.get("SATCHEL_SHOTS_LOOK"):
        driver.restart_on_own_bus()
    main(*sys.argv[1:])
