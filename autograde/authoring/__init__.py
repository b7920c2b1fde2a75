"""From lessons to solutions, notebooks and checks; adopt, lint, audit, release."""
