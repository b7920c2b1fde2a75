"""An independent examination: answers written from the curriculum alone, right and wrong."""
