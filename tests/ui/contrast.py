# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what is written can be read: the contrast of each label on the screen, as WCAG 2.1 measures it, out of the pixels."""
import collections

import gi
gi.require_version("Atspi", "2.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import Atspi, GdkPixbuf  # noqa: E402

LEAST, LEAST_LARGE = 4.5, 3.0  # level AA
FRAME_PX = 5  # around a window in the corner of a screen without a compositor
LARGE_PX = 30  # height of a line of text that counts as large (18 pt)
BLACK = 0, 0, 0
# Glyphs of 9 pixels have no pixel that is all ink: a little less than the limit is the limit.
SLACK = 0.93


def luminance(pixel):
    parts = [value / 255 for value in pixel]
    r, g, b = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def extents(node):
    box = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
    return box.x + FRAME_PX, box.y + FRAME_PX, box.x + box.width + FRAME_PX, box.y + box.height + FRAME_PX


def within(box, other):
    return max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2]), min(box[3], other[3])


class Picture:
    def __init__(self, path):
        self.pixbuf = GdkPixbuf.Pixbuf.new_from_file(str(path))
        self.data, self.stride, self.step = self.pixbuf.get_pixels(), self.pixbuf.get_rowstride(), self.pixbuf.get_n_channels()
        self.box = 0, 0, self.pixbuf.get_width(), self.pixbuf.get_height()

    def contrast(self, box):
        """Between what most of the box is, and what is farthest from it; None where there is nothing else, and below the shadow of a
        popover, which is black without a compositor."""
        count = collections.Counter()
        for y in range(box[1], box[3]):
            row = self.data[y * self.stride + box[0] * self.step:y * self.stride + box[2] * self.step]
            count.update(zip(row[0::self.step], row[1::self.step], row[2::self.step]))
        ground, _ = count.most_common(1)[0]
        is_covered = count[BLACK] * 10 > count.total()
        return max(ratio(ground, pixel) for pixel in count) if len(count) > 1 and not is_covered else None


def labels(node, clip):
    """Every label that is on the screen and can be used, with its box."""
    states = node.get_state_set()
    if not states.contains(Atspi.StateType.VISIBLE) or not states.contains(Atspi.StateType.SENSITIVE):
        return
    try:
        clip = within(clip, extents(node))
    except Exception:  # no component
        pass
    if clip[2] - clip[0] < 2 or clip[3] - clip[1] < 2:
        return
    if node.get_role_name() == "label" and node.get_name():
        yield node, clip
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from labels(child, clip)


def is_on_top(window, node, box):
    """GTK 4.8 does not tell AT-SPI which page of a stack or a leaflet is the visible one; what is under a point it does tell."""
    x, y = (box[0] + box[2]) // 2 - FRAME_PX, (box[1] + box[3]) // 2 - FRAME_PX
    return window.get_component_iface().get_accessible_at_point(x, y, Atspi.CoordType.WINDOW) == node


def faults(window, path):
    """Sentences about labels of @window that are too faint in its picture @path."""
    picture = Picture(path)
    found = []
    for node, box in labels(window, picture.box):
        whole = extents(node)
        # A line that is cut by the edge of what scrolls is not measured.
        if whole[3] - whole[1] > 2 * (box[3] - box[1]) or box[3] - box[1] < 10 or not is_on_top(window, node, box):
            continue
        contrast = picture.contrast(box)
        least = LEAST_LARGE if whole[3] - whole[1] >= LARGE_PX and "\n" not in node.get_name() and len(node.get_name()) < 30 else LEAST
        if contrast is not None and contrast < least * SLACK:
            found.append(f"{contrast:.2f}: {node.get_name()[:60]!r}")
    return found
