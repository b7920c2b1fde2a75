"""What ``nbgrader_config.py`` says of judging, under ``c.JudgeSubmission``: limits, and whether any machine will do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from traitlets import Bool, Dict, TraitError
from traitlets.config import Config, Configurable

from autograde.judge.course import CourseError
from autograde.sandbox.limits import Limits

FILE, SECTION = "nbgrader_config.py", "JudgeSubmission"


class JudgeSettings(Configurable):
    """The settings that ``autograde`` and nbgrader's preprocessor ``JudgeSubmission`` have in common."""

    limits = Dict(help="What a submission may use, by the names of autograde.sandbox.limits.Limits.").tag(config=True)
    lesson_limits = Dict(help="The same for some lessons, by name: they go before c.JudgeSubmission.limits.").tag(
        config=True
    )
    allow_unsafe = Bool(
        False, help="Grade even on a machine that cannot lock student code in (autograde doctor shows why not)."
    ).tag(config=True)

    def limits_for(self, lesson: str, lessons: Iterable[str]) -> Limits:
        """What a submission of ``lesson`` may use. ``CourseError`` when something in the configuration is wrong."""
        known = self.class_trait_names(config=True)
        for name in self.config.get(SECTION, {}):
            if name not in known:
                raise CourseError(f"{FILE}: there is no c.{SECTION}.{name}; known: {', '.join(sorted(known))}.")
        limits = _override(Limits(), self.limits, "limits")
        of_lesson = limits
        for name, overrides in self.lesson_limits.items():
            if name not in lessons:
                words = f"there is no lesson {name!r}; known: {', '.join(sorted(lessons))}."
                raise CourseError(f"{FILE}, c.{SECTION}.lesson_limits: {words}")
            changed = _override(limits, overrides, f"lesson_limits[{name!r}]")
            of_lesson = changed if name == lesson else of_lesson
        return of_lesson


def settings_of(config: Config) -> JudgeSettings:
    """What ``c.JudgeSubmission`` says, without nbgrader. ``CourseError`` when it cannot be so."""
    section = config.get(SECTION, Config())
    ours = {name: value for name, value in section.items() if name in JudgeSettings.class_trait_names(config=True)}
    try:
        return JudgeSettings(config=Config({SECTION: section, JudgeSettings.__name__: ours}))
    except TraitError as error:
        raise CourseError(f"{FILE}: {error} (c.{SECTION})") from None


def _override(limits: Limits, overrides: object, where: str) -> Limits:
    try:
        if not isinstance(overrides, Mapping):
            raise ValueError(f"expected a dict of limits, got {overrides!r}")
        return limits.with_overrides(overrides)
    except ValueError as error:
        raise CourseError(f"{FILE}, c.{SECTION}.{where}: {error}.") from None
