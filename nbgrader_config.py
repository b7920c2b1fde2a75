"""nbgrader's configuration of this course: run nbgrader's commands and its formgrader in this folder."""

from traitlets.config import get_config

c = get_config()

c.CourseDirectory.course_id = "improving-deep-networks"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
