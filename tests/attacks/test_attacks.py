"""Every attack earns what honest wrong work earns, which is nothing, and changes nothing outside."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from . import families  # noqa: F401 - importing it fills the registry
from .registry import ATTACKS, Attack
from .stage import FULL, Stage, answered
from .watch import SECRET

pytestmark = pytest.mark.xdist_group("attacks")


@pytest.mark.parametrize("attack", [a for a in ATTACKS if not a.slow], ids=lambda a: f"{a.family}: {a.name}")
def test_an_attack_earns_nothing_and_hurts_nobody(attack: Attack, stage: Stage) -> None:
    missing = stage.missing_walls(attack)
    if missing:
        pytest.skip(f"not yet walled: this machine's sandbox has no {', '.join(missing)}")
    seen = stage.run(attack)
    assert seen.points == 0.0
    assert seen.harm == ()


def test_there_are_many_attacks_and_no_two_have_one_name() -> None:
    assert len(ATTACKS) >= 60
    assert max(Counter((a.family, a.name) for a in ATTACKS).values()) == 1


@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.sources], ids=lambda a: a.name)
def test_an_attack_is_python(attack: Attack) -> None:
    for source in attack.sources:
        filled = re.sub(r"@[A-Z0-9]+@", "1", source)
        compile(TransformerManager().transform_cell(filled), attack.name, "exec")


def test_the_watch_sees_points_and_harm(stage: Stage) -> None:
    """An attack that succeeds is noticed: the tests above can fail."""
    right = Attack("right answers", "control", lambda t: answered(t.release))
    assert stage.run(right).points == FULL
    vault = stage.watch.vault

    # What the session does is done by the test itself, so that this holds with and without walls.
    stage.watch.look("nobody")
    (vault / "new").write_text("x")
    assert stage.watch.harm("nobody") == ["file changed: new"]
    (vault / "new").unlink()
    source = f"print('SECRET-FOUND', {SECRET!r})"
    tells = stage.run(Attack("tells", "control", lambda t: answered(t.release, double=source)))
    assert tells.harm == ("a secret was told", "it found what it looked for")
