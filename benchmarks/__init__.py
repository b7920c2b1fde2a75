"""The project's measured comparisons; README.md says what each counts, and keeps what was found."""
