"""nbgrader's configuration of this course: run nbgrader's commands and its formgrader in this folder."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader hands this name to its configuration files

c.CourseDirectory.course_id = "improving-deep-networks"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# Submissions are rebuilt from the release, their cells run in the sandbox, and the judge alone gives points.
c.Autograde.sanitize_preprocessors = [
    "autograde.grading.nbgrader_plugin.RebuildSubmission",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograde.grading.nbgrader_plugin.JudgeSubmission",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What students wrote is cut down to harmless HTML, in the feedback and in the formgrader.
c.HTMLExporter.filters = {"markdown2html": "autograde.grading.pages.markdown2html"}

# Wall time in seconds: of one of the student's cells, and of all of them together.
c.JudgeSubmission.cell_seconds = 30.0
c.JudgeSubmission.notebook_seconds = 120.0

# Whether to grade where student code cannot be locked in; `autograde doctor` shows which promises then do not hold.
c.JudgeSubmission.allow_unsafe = False
