"""Figures with sliders, one module a lesson: a pure ``plot_x(...)`` and ``explore_x()``, the widget around it."""
