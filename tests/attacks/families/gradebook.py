"""Attacks on the gradebook and on the files of marks."""

from ..registry import code

code(
    "every score in the gradebook is set to the maximum",
    "gradebook",
    """
import sqlite3

with sqlite3.connect('@DB@') as connection:
    connection.execute('update grade set auto_score = 100, manual_score = 100, extra_credit = 100')
""",
    needs="FILES",
)
code(
    "another student's marks are erased",
    "gradebook",
    """
import sqlite3

with sqlite3.connect('@DB@') as connection:
    connection.execute("update grade set auto_score = 0")
    connection.execute("delete from submitted_notebook where 0")
    try:
        connection.execute("update autograde_verdict set points = 0, status = 'failed'")
        connection.execute("update autograde_assignment set seed = '1'")
    except sqlite3.OperationalError:
        pass
""",
    needs="FILES",
)
code(
    "nbgrader's own interface is used to give oneself points",
    "gradebook",
    """
from nbgrader.api import Gradebook

with Gradebook('sqlite:///@DB@') as gradebook:
    for assignment in gradebook.assignments:
        for submission in assignment.submissions:
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.manual_score = 50
                    grade.extra_credit = 50
    gradebook.db.commit()
""",
    needs="FILES",
)
code(
    "a trigger in the database raises later scores",
    "gradebook",
    """
import sqlite3

with sqlite3.connect('@DB@') as connection:
    connection.execute('''create trigger raises after update on grade when new.extra_credit is null
        begin update grade set extra_credit = 50 where id = new.id; end''')
""",
    needs="FILES",
)
code("the gradebook is deleted", "gradebook", "import os\nos.remove('@DB@')", needs="FILES")
code(
    "the gradebook is locked for good by a process that stays",
    "gradebook",
    """
import os
import sqlite3
import time

connection = sqlite3.connect('@DB@', isolation_level=None)
connection.execute('begin exclusive')
if os.fork() == 0:
    os.setsid()
    time.sleep(20)
    os._exit(0)
""",
    needs="FILES PIDS",
)
code(
    "the graded notebook of another is rewritten",
    "gradebook",
    """
import pathlib

for path in pathlib.Path('@OTHERS@').parent.glob('autograded/*/*/*.ipynb'):
    path.write_text('{}')
for path in pathlib.Path('@OTHERS@').glob('[!m]*/*/*.ipynb'):
    path.write_text('{}')
""",
    needs="FILES",
)
