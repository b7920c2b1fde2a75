"""Points come from the cases alone: groups, hints, words, and nothing hidden told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.check.cases import Call, Case, Observation, Property, Raises, run_case
from autograde.check.judging import Finding
from autograde.check.render import to_html, to_text
from autograde.check.words import report_hidden
from autograde.judge.catalogue import Exercise
from autograde.judge.lesson import Lesson, LessonError, load_exercises, load_reference
from autograde.judge.preparing import prepare
from autograde.judge.verdict import Judge, Verdict, leans_on

SECRET = 0.123456789


def scale(z: np.ndarray, factor: float = 2.0) -> np.ndarray:
    if factor <= 0:
        raise ValueError(f"factor must be positive, got {factor}")
    return z * factor


def _exercise() -> Exercise:
    exercise = Exercise("scale", 3, ("a", "b", "c"), groups={"values": 2, "errors": 1})

    @exercise.visible
    def _(rng):
        yield Case("a row", (Call("scale", (np.array([1.0, 2.0]),)),))

    @exercise.hidden
    def _(rng):
        yield Case("a secret row", (Call("scale", (np.array([SECRET, rng.random()]), 3.0)),))
        yield Case("a bad factor", (Call("scale", (np.ones(2), -1.0)),), (Raises(),), "errors")

    @exercise.misconception(hint="You added the factor; multiply by it.")
    def adds_the_factor(z, factor=2.0):
        return z + factor

    return exercise


@pytest.fixture
def judge() -> Judge:
    exercise = _exercise()
    return Judge(Lesson("00-made-up", Path(), (exercise,), {"scale": scale, "np": np}), seed=5)


def _judge(judge: Judge, function: object) -> Verdict:
    return judge.judge(judge.lesson.exercises[0], lambda calls, seconds: run_case(calls, {"scale": function}))


def test_a_right_answer_earns_all(judge: Judge) -> None:
    verdict = _judge(judge, scale)
    assert (verdict.points, verdict.status) == (3.0, "passed")


def test_a_group_that_fails_costs_its_share(judge: Judge) -> None:
    verdict = _judge(judge, lambda z, factor=2.0: z * factor)
    assert (verdict.points, verdict.status) == (2.0, "partial")


def test_no_group_counts_without_the_core(judge: Judge) -> None:
    def only_raises(z, factor=2.0):
        raise ValueError("no")

    verdict = _judge(judge, only_raises)
    assert (verdict.points, verdict.status) == (0.0, "failed")


def test_a_known_mistake_earns_its_hint(judge: Judge) -> None:
    verdict = _judge(judge, lambda z, factor=2.0: factor + z)
    assert verdict.report.mistake == "adds the factor"
    assert "multiply by it" in to_text(verdict.report)


def test_another_mistake_earns_no_hint(judge: Judge) -> None:
    assert _judge(judge, lambda z, factor=2.0: z - factor).report.hint == ""


def test_hidden_numbers_are_told_nowhere(judge: Judge) -> None:
    def leaks(z, factor=2.0):
        if z[0] == 1.0:
            return z * factor
        raise KeyError(f"inputs were {z.tolist()}")

    for answer in (leaks, lambda z, factor=2.0: z * 2.0, lambda z, factor=2.0: z.tolist() if z[0] < 1 else z * 2):
        report = _judge(judge, answer).report
        assert not report.ok
        for text in (to_text(report, details=9), to_html(report, details=9)):
            assert "0.123" not in text
            assert "0.37" not in text  # three times the secret
    assert "it raised KeyError" in to_text(_judge(judge, leaks).report)


def test_an_untouched_stub_is_not_started(judge: Judge) -> None:
    def stub(z, factor=2.0):
        raise NotImplementedError()

    verdict = _judge(judge, stub)
    assert (verdict.points, verdict.status) == (0.0, "not_started")
    assert len(verdict.report.cases) == 1


def test_no_more_is_asked_after_a_time_out(judge: Judge) -> None:
    asked = []

    def probe(calls: tuple[Call, ...], seconds: float) -> Observation:
        asked.append(seconds)
        return Observation((), "too_slow")

    verdict = judge.judge(judge.lesson.exercises[0], probe)
    assert len(asked) == 1
    assert verdict.points == 0.0
    assert "time limit" in to_text(verdict.report)


def test_no_observation_is_no_pass(judge: Judge) -> None:
    for seen in (Observation(), Observation((), "garbled"), Observation((), "crashed")):
        verdict = judge.judge(judge.lesson.exercises[0], lambda calls, seconds, seen=seen: seen)
        assert verdict.points == 0.0


def test_the_seed_alone_decides_the_cases() -> None:
    def cases(seed: int) -> list[bytes]:
        lesson = Lesson("00-made-up", Path(), (_exercise(),), {"scale": scale, "np": np})
        return [p.case.calls[0].args[0].tobytes() for p in Judge(lesson, seed).prepared["scale"]]

    assert cases(5) == cases(5)
    assert cases(5) != cases(6)


def test_a_reference_that_fails_its_own_case_is_an_error() -> None:
    lesson = Lesson("00-made-up", Path(), (_exercise(),), {"scale": lambda z, f=2.0: z * f, "np": np})
    with pytest.raises(LessonError, match="the reference fails its own case 'a bad factor'"):
        Judge(lesson, 1)


def test_an_answer_leans_on_the_functions_it_names() -> None:
    assert leans_on("def f(z):\n    return g(h.x)", ["g", "h", "x"]) == ["g", "h"]
    assert leans_on("def f(z:", ["g"]) == []


def test_the_reference_is_the_one_in_the_lesson(tmp_path: Path) -> None:
    source = (
        "import numpy as np\n# %%\ndef f(z):\n    return np.abs(z)\n# %%\nraise RuntimeError('not run')\nx = f(1)\n"
    )
    (tmp_path / "lesson.py").write_text(source)
    reference = load_reference(tmp_path)
    assert reference["f"](-2) == 2
    assert "x" not in reference


def test_missing_and_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="exercises.py is missing"):
        load_exercises(tmp_path)
    (tmp_path / "exercises.py").write_text("EXERCISES = [1]\n")
    with pytest.raises(LessonError, match="a tuple of Exercise"):
        load_exercises(tmp_path)
    (tmp_path / "lesson.py").write_text("def f(:\n")
    with pytest.raises(LessonError, match="line 1"):
        load_reference(tmp_path)


# --- cases that take long ---------------------------------------------------------------------------------------------


def _training() -> Exercise:
    """An exercise whose hidden cases share one expensive call."""
    exercise = Exercise("scale", 3, ("a", "b", "c"), groups={"rules": 0, "low": 2, "high": 1})

    @exercise.visible
    def _(rng):
        yield Case("a row", (Call("scale", (np.array([1.0, 2.0]),)),), group="rules")

    @exercise.hidden
    def _(rng):
        calls = (Call("scale", (5.0, 2.0)),)
        for group, bar in (("low", 5), ("high", 9)):
            yield Case(f"above {bar}", calls, (Property("number_above", {"bound": bar}),), group, costly=True)

    @exercise.reduced
    def _(rng):
        yield Case("a small one", (Call("scale", (3.0, 2.0)),), group="low")

    @exercise.remarks
    def _(seen):
        return [f"It reached {seen['above 5'][1].outcomes[0].value:g}."] if "above 5" in seen else []

    @exercise.misconception(hint="No.")
    def adds_the_factor(z, factor=2.0):
        return z + factor

    return exercise


def _counting(answer: Callable[..., Any]) -> tuple[Verdict, list[object]]:
    """The verdict on an answer to ``_training``, and the arguments of all its calls."""
    asked: list[object] = []

    def counted(z, factor=2.0):
        asked.append(z)
        return answer(z, factor)

    lesson = Lesson("00-made-up", Path(), (_training(),), {"scale": scale, "np": np})
    verdict = _judge(Judge(lesson, 1), counted)
    return verdict, asked


def test_calls_that_cases_share_are_made_once_and_each_band_counts() -> None:
    verdict, asked = _counting(scale)
    assert (verdict.points, len(asked)) == (3.0, 2)
    verdict, _ = _counting(lambda z, factor: z * factor if np.ndim(z) else 7.0)
    assert (verdict.points, verdict.report.notes) == (2.0, ("It reached 7.",))


def test_nothing_is_remarked_of_cases_that_do_not_hold() -> None:
    verdict, _ = _counting(lambda z, factor: z * factor if np.ndim(z) else None)
    assert (verdict.points, verdict.report.notes) == (0.0, ())


def test_a_core_without_points_is_still_the_core() -> None:
    verdict, _ = _counting(lambda z, factor: 10.0)
    assert (verdict.points, verdict.status) == (0.0, "failed")


def test_neither_reference_nor_mistakes_run_on_costly_cases() -> None:
    def careful(z, factor=2.0):
        assert np.ndim(z), "a costly case"
        return z * factor

    lesson = Lesson("00-made-up", Path(), (_training(),), {"scale": careful, "np": np})
    costly = [p for p in prepare(lesson, lesson.exercises[0], 1) if p.case.costly]
    assert [(p.expected, list(p.known)) for p in costly] == [(None, []), (None, [])]


def test_a_costly_case_that_needs_the_reference_is_an_error() -> None:
    exercise = _training()
    exercise.hidden(lambda rng: [Case("a value", (Call("scale", (1.0,)),), group="low", costly=True)])
    with pytest.raises(LessonError, match="'a value' needs the reference"):
        Judge(Lesson("00-made-up", Path(), (exercise,), {"scale": scale, "np": np}), 1)


def test_reduced_cases_stand_in_for_hidden_ones() -> None:
    lesson = Lesson("00-made-up", Path(), (_training(),), {"scale": scale, "np": np})
    labels = [p.case.label for p in prepare(lesson, lesson.exercises[0], 1, reduced=True)]
    assert labels == ["a row", "a small one"]


def test_what_a_property_tells_of_a_hidden_case_is_said() -> None:
    case = Case("secret", (Call("scale", (5.0,)),), costly=True)
    finding = Finding("wrong_value", "0.71 is below 0.74", name="x", limit="0.71 is below 0.74")
    assert report_hidden(case, finding).message == "0.71 is below 0.74"


def test_a_case_has_its_own_time_and_the_others_go_on_after_it() -> None:
    given: list[float] = []

    def probe(calls: tuple[Call, ...], seconds: float) -> Observation:
        given.append(seconds)
        return (
            Observation((), "too_slow")
            if np.ndim(calls[0].args[0]) == 0 and calls[0].args[0] == 1
            else run_case(calls, {"scale": scale})
        )

    exercise = Exercise("scale", 2, ("a", "b", "c"), groups={"rules": 0, "slow": 1, "quick": 1}, time_limit=100.0)
    exercise.visible(lambda rng: [Case("a row", (Call("scale", (np.ones(2),)),), group="rules")])
    exercise.hidden(
        lambda rng: [
            Case("slow", (Call("scale", (1.0,)),), (Property("number_above", {"bound": 1}),), "slow", True, 60.0),
            Case("quick", (Call("scale", (2.0,)),), (Property("number_above", {"bound": 1}),), "quick", True, 60.0),
        ]
    )
    judge = Judge(Lesson("00-made-up", Path(), (exercise,), {"scale": scale, "np": np}), 1)
    verdict = judge.judge(exercise, probe)
    assert given[0] > 99
    assert given[1:] == [60.0, 60.0]
    assert verdict.points == 1.0
    assert "it was stopped after 60 seconds" in to_text(verdict.report)
    judge.judge(exercise, probe, seconds=200.0)  # a course that gives twice the time
    assert given[4:] == [120.0, 120.0]
