"""Properties of augmented images: which were mirrored, how far each was moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .chance import LOG_ODDS, Z, improbability, is_likely
from .evidence import Evidence, Failed, Floats, argument, register
from .general import has_shape


@register
def mirrors_some(evidence: Evidence, p: float, images: int = 0) -> Failed | None:
    """Each image comes back as it was or mirrored left to right, the latter with probability ``p``, 0 < p < 1.

    Each image by itself: not all of a call together, and not a fixed number of them. ``images`` is the position of
    the images ``(m, h, w)`` among the arguments: all calls have the same m, the pixels of an image differ.
    """
    pairs = _images(evidence, images)
    if isinstance(pairs, Failed):
        return pairs
    draws: list[NDArray[np.bool_]] = []
    for given, got in pairs:
        draws.append(_equal_images(given[:, :, ::-1], got))
        strange: NDArray[np.bool_] = np.logical_not(draws[-1] | _equal_images(given, got))
        if strange.any():
            return _strange_mirror(given, got, strange)
    counts, m = np.array([int(d.sum()) for d in draws]), len(draws[0])
    share, usual = float(counts.mean()) / m, round(m * p)
    if set(counts.tolist()) == {0, m} and not is_likely(len(draws), len(draws), p**m + (1 - p) ** m):
        return Failed("in each call all images are mirrored or none; draw for each image by itself", 1.0)
    log_ways = math.lgamma(m + 1) - math.lgamma(usual + 1) - math.lgamma(m - usual + 1)
    likely = math.exp(log_ways + usual * math.log(p) + (m - usual) * math.log(1 - p))
    if (counts == usual).all() and not is_likely(len(draws), len(draws), likely):
        return Failed("the same number of images is mirrored in every call; draw for each image by itself", 2.0)
    if not is_likely(int(counts.sum()), counts.size * m, p):
        spread = Z * math.sqrt(share * (1 - share) / (counts.size * m))
        return Failed(f"{share:.2f} of the images are mirrored, expected about {p:g}", 3 + share, spread)
    return _neighbours_go_together(draws, p**2 + (1 - p) ** 2)


def _strange_mirror(given: Floats, got: Floats, strange: NDArray[np.bool_]) -> Failed:
    """Why images are neither as they were nor mirrored."""
    which, odd = given[strange], got[strange]
    if _equal_images(which[:, ::-1], odd).any():
        return Failed("some images stand on their heads; a horizontal flip swaps left and right", 10.0)
    if _equal_images(which[:, ::-1, ::-1], odd).any():
        return Failed("some images are turned by half a circle; a horizontal flip swaps left and right", 11.0)
    if _equal_images(given, odd[0]).any() or _equal_images(given[:, :, ::-1], odd[0]).any():
        return Failed("images have changed places; each keeps its place, mirrored or not", 12.0)
    if np.allclose(np.sort(odd, axis=2), np.sort(which, axis=2), rtol=1e-3):
        return Failed("within one image some rows are mirrored and some are not; draw once for each image", 13.0)
    return Failed("some images are neither as they were nor mirrored", 14.0)


@register
def shifts_each(evidence: Evidence, max_shift: int, images: int = 0) -> Failed | None:
    """Each image is moved along both axes by whole pixels, from -max_shift to max_shift, zeros where nothing moved in.

    All these moves are equally likely, the axes and the images independent. ``images`` is the position of the images
    ``(m, h, w)`` among the arguments: an image's pixels are positive and differ, max_shift is 1 or more and both sides
    are longer.
    """
    pairs = _images(evidence, images)
    if isinstance(pairs, Failed):
        return pairs
    moves: list[NDArray[np.intp]] = []
    for given, got in pairs:
        found = _moves(given, got, max_shift)
        if isinstance(found, Failed):
            return found
        moves.append(found)
    values = 2 * max_shift + 1
    return (
        _moved_alike(moves, values)
        or _uneven(np.concatenate(moves), max_shift)
        or _neighbours_go_together([v[:, 0] for v in moves], 1 / values)
        or _neighbours_go_together([v[:, 1] for v in moves], 1 / values)
    )


def _shifted(images: Floats, dy: int, dx: int) -> Floats:
    """The images moved down by ``dy`` and right by ``dx``, zeros moving in; both are smaller than the image."""
    h, w = images.shape[1:]
    moved = np.zeros_like(images)
    moved[:, max(dy, 0) : h + min(dy, 0), max(dx, 0) : w + min(dx, 0)] = images[
        :, max(-dy, 0) : h + min(-dy, 0), max(-dx, 0) : w + min(-dx, 0)
    ]
    return moved


def _moves(given: Floats, got: Floats, max_shift: int) -> NDArray[np.intp] | Failed:
    """How far each image was moved, (m, 2); or in what way one was not."""
    ways = [(dy, dx) for dy in range(-max_shift, max_shift + 1) for dx in range(-max_shift, max_shift + 1)]
    moves, known = np.zeros((len(given), 2), dtype=np.intp), np.zeros(len(given), dtype=bool)
    for way in ways:
        same = _equal_images(_shifted(given, *way), got)
        moves[same], known = way, known | same
    if known.all():
        return moves
    given, got = given[~known], got[~known]
    if any(_equal_images(np.roll(given, way, axis=(1, 2)), got).any() for way in ways):
        return Failed("what leaves an image on one side comes back on the other; fill with zeros", 20.0)
    inside = [_equal_images(_shifted(given, *way), got * _shifted(np.ones_like(given), *way)) for way in ways]
    if np.any(inside, axis=0).mean() > 0.5:
        return Failed("some images are moved, but the room that was left is not filled with zeros", 21.0)
    h, w = given.shape[1:]
    far = [(dy, dx) for dy in range(1 - h, h) for dx in range(1 - w, w)]
    if any(_equal_images(_shifted(given, *way), got).any() for way in far):
        return Failed("some images are moved by more than max_shift pixels", 22.0)
    return Failed("some images are not the given ones moved by whole pixels, with zeros moving in", 23.0)


def _moved_alike(moves: Sequence[NDArray[np.intp]], values: int) -> Failed | None:
    """Whether all images of a call were moved alike, or not at all, or along one axis only, and not by chance."""
    every = np.concatenate(moves)
    free = len(every) - len(moves)
    if is_likely(free, free, 1 / values):
        return None
    if not every.any():
        return Failed("no image was moved", 30.0)
    for axis, way in enumerate(("up or down", "to the left or right")):
        if not every[:, axis].any():
            return Failed(f"no image was moved {way}; draw for both axes", 31.0 + axis)
    if all((call == call[0]).all() for call in moves):
        return Failed("all images are moved alike; draw for each image by itself", 33.0)
    return None


def _uneven(moves: NDArray[np.intp], max_shift: int) -> Failed | None:
    """Whether some moves are more likely than others, along one axis or of both together."""
    values, count = np.arange(-max_shift, max_shift + 1), len(moves)
    hits = np.array([[(moves[:, axis] == v).sum() for v in values] for axis in (0, 1)])
    if (improbability(hits, count, 1 / len(values)) > LOG_ODDS).any():
        shares = hits / count
        missing = [int(v) for i, v in enumerate(values) if not shares[:, i].any()]
        if missing:
            words = ", ".join(f"{v:+d}" for v in missing)
            return Failed(f"no image was ever moved by {words}; every whole number has its turn", 40.0 + len(missing))
        ends = float(shares[:, [0, -1]].mean()) * len(values)
        return Failed("some shifts come up more often than others", 35 + ends / (1 + ends), 0.1)
    if (moves[:, 0] == moves[:, 1]).all() or (moves[:, 0] == -moves[:, 1]).all():
        return Failed("the shifts along the two axes are tied to each other; draw one for each axis", 36.0)
    for way in [(dy, dx) for dy in values for dx in values]:
        if not is_likely(int((moves == way).all(axis=1).sum()), count, len(values) ** -2.0):
            return Failed("the shifts along the two axes hang together; draw one for each axis", 37.0)
    return None


def _images(evidence: Evidence, position: int) -> list[tuple[Floats, Floats]] | Failed:
    """The images (m, h, w) that each call was given and those it returned, or what is wrong with their form."""
    pairs = []
    for call, made in enumerate(evidence.calls):
        given = np.asarray(argument(made, position, "images"))
        found = has_shape(evidence, given.shape, call)
        if found:
            return found
        pairs.append((given.astype(np.float64), np.asarray(evidence.value(call), dtype=np.float64)))
    return pairs


def _equal_images(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Which images are the same in both, to single precision."""
    return np.asarray((np.abs(one - other) <= 1e-5 + 1e-3 * np.abs(one)).all(axis=(-2, -1)), dtype=np.bool_)


def _neighbours_go_together(draws: Sequence[NDArray[Any]], wanted: float) -> Failed | None:
    """Whether the draws of neighbours (first and second image, third and fourth, …) agree as often as by chance."""
    pairs = np.concatenate([d[: len(d) // 2 * 2].reshape(-1, 2) for d in draws])
    alike = int((pairs[:, 0] == pairs[:, 1]).sum())
    if is_likely(alike, len(pairs), wanted):
        return None
    share = alike / len(pairs)
    return Failed("neighbouring images go together; draw for each image by itself", 5 + share / 2, 0.05)
