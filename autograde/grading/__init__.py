"""From submissions to nbgrader's gradebook, feedback, reports and exports."""
