"""What the lessons import: the shared network, a plain trainer, the data sets, the figures' style, the explorations."""
