"""The course's autograder: authoring, judging, grading, and the student's own checks."""

__version__ = "0.1.0"
