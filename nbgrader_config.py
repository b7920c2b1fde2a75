"""nbgrader's configuration of this course: run nbgrader's commands and its formgrader in this folder."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader hands this name to its configuration files

c.CourseDirectory.course_id = "improving-deep-networks"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# Links, pipes and devices are taken out of a submission before nbgrader reads it.
c.Autograde.pre_convert_hook = "autograde.grading.handed_in.make_plain"

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
c.HTMLExporter.preprocessors = ["autograde.grading.pages.TamePage"]

# What one submission may use; these are the defaults. A limit that is hit is named in the feedback, with its number.
# What the clock stopped although it had used little processor time was held up and is tried once more. So a submission
# takes at most twice notebook_seconds, and twice the time limits of its exercises together; and all that once more when
# an answer turns out to need a cell of the lesson that was left out.
MIB = 2**20
c.JudgeSubmission.limits = {
    # Seconds of wall time of one cell.
    "cell_seconds": 30.0,
    # Seconds of wall time of all cells of the notebook. What has to be run again may take as long once more.
    "notebook_seconds": 120.0,
    # Times the time limit of each exercise, which exercises.py gives (time_limit, 10 s unless it says otherwise).
    # On a machine of half the speed of the one that the lesson was written on: 2.0, and larger seconds above.
    "exercise_time_factor": 1.0,
    # Seconds of processor time, of all the submission's processes and threads together.
    "cpu_seconds": 600,
    # Memory, on top of what Python, NumPy and matplotlib take.
    "memory_bytes": 2048 * MIB,
    # Processes and threads at a time.
    "processes": 256,
    # Open files at a time.
    "open_files": 256,
    # The largest file.
    "file_bytes": 64 * MIB,
    # All files together, and how many files and folders there may be.
    "folder_bytes": 256 * MIB,
    "folder_files": 5000,
    # What one cell may print and show, in bytes and in outputs; the rest is cut and costs no points.
    "cell_output_bytes": 2 * MIB,
    "cell_outputs": 200,
    # What all cells together may print and show.
    "session_output_bytes": 16 * MIB,
    # What the calls of one test case may return.
    "reply_bytes": 16 * MIB,
    # The longest source of a cell.
    "source_bytes": 1 * MIB,
}

# Other limits for single lessons; what is not named here is as above. For example, where a lesson trains networks:
# c.JudgeSubmission.lesson_limits = {"01-initialization": {"cell_seconds": 60.0, "exercise_time_factor": 2.0}}
c.JudgeSubmission.lesson_limits = {}

# Whether to grade where student code cannot be locked in; `autograde doctor` shows which promises then do not hold.
c.JudgeSubmission.allow_unsafe = False
