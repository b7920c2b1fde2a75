"""Style, alternative texts, decision boundaries and widgets."""

import base64
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import plots, widgets

mpl.use("Agg")


@pytest.fixture(autouse=True)
def course_style():
    with mpl.rc_context():
        plots.use_course_style()
        yield
        plt.close("all")


def test_no_two_lines_of_the_cycle_share_a_colour_or_a_line_style():
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    assert len({c.upper() for c in cycle["color"]}) == len(cycle["color"]) == len(plots.COLOURS)
    assert len(set(map(str, cycle["linestyle"]))) == len(cycle["linestyle"])
    assert cycle["color"] == list(plots.COLOURS)


def test_helpers_repeat_only_after_a_whole_cycle():
    styles = [str(plots.line(i)) for i in range(7)]
    assert len(set(styles)) == 7
    assert plots.line(7) == plots.line(0)
    assert len({plots.points(i)["marker"] for i in range(7)}) == 7


def test_figure_html_holds_a_png_and_the_escaped_text():
    fig, ax = plt.subplots()
    ax.plot([0, 1])
    page = plots.figure_html(fig, 'curve "A" <rises> & falls')
    assert 'alt="curve &quot;A&quot; &lt;rises&gt; &amp; falls"' in page
    found = re.search(r"base64,([^\"]+)", page)
    assert base64.b64decode(found[1]).startswith(b"\x89PNG")
    assert page == plots.figure_html(fig, 'curve "A" <rises> & falls')


def test_show_closes_the_figure_and_prints_the_text_outside_a_notebook(capsys):
    fig, _ = plt.subplots()
    plots.show(fig, alt="an empty figure")
    assert capsys.readouterr().out == "an empty figure\n"
    assert not plt.fignum_exists(fig.number)


def test_show_needs_a_text():
    fig, _ = plt.subplots()
    with pytest.raises(ValueError, match="alt must say"):
        plots.show(fig, alt=" ")


def test_show_displays_html_in_a_notebook(monkeypatch, capsys):
    seen = []
    monkeypatch.setattr(plots, "_in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: seen.append((data, raw)))
    plots.show(plt.figure(), alt="two lines")
    (data, raw), *others = seen
    assert not others
    assert raw
    assert data["text/html"].startswith("<img ")
    assert data["text/plain"] == "two lines"
    assert capsys.readouterr().out == ""


def test_decision_boundary_shows_every_class_and_the_regions():
    _, ax = plt.subplots()
    X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [3.0, 1.0]])
    y = np.array([0, 0, 1, 1])
    plots.plot_decision_boundary(ax, lambda P: (P[:, 0] > 1.5).astype(int), X, y, classes=("left", "right"))
    assert [t for _, t in zip(*ax.get_legend_handles_labels(), strict=True)] == ["left", "right"]
    low, high = ax.get_xlim()
    assert low == pytest.approx(-0.3)
    assert high == pytest.approx(3.3)


def test_decision_boundary_copes_with_a_single_region_and_a_constant_feature():
    _, ax = plt.subplots()
    X = np.array([[0.0, 5.0], [1.0, 5.0]])
    plots.plot_decision_boundary(ax, lambda P: np.zeros(len(P), dtype=int), X, np.array([0, 1]))
    assert ax.get_ylim()[0] < 5 < ax.get_ylim()[1]


def test_decision_boundary_needs_two_features():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match=r"X must have the shape \(m, 2\)"):
        plots.plot_decision_boundary(ax, lambda P: P[:, 0], np.zeros((4, 3)), np.zeros(4, dtype=int))


def test_explore_draws_anew_when_a_slider_moves():
    drawn = []

    def plot(size):
        drawn.append(size)
        return plt.figure()

    control = widgets.slider("size", 2, 1, 5, 1)
    box = widgets.explore(plot, lambda size: f"size {size}", size=control)
    assert not control.continuous_update
    control.value = 4
    assert drawn == [2, 4]
    assert len(box.children) == 2


def test_sliders_and_menus():
    assert type(widgets.slider("n", 2, 1, 5, 1)).__name__ == "IntSlider"
    assert type(widgets.slider("rate", 0.5, 0, 1, 0.1)).__name__ == "FloatSlider"
    assert widgets.slider("beta", 0.9, 0.5, 0.999, 0.001).readout_format == ".3f"
    assert widgets.slider("log", -2.0, -5.0, 1.0, 1.0).readout_format == ".0f"
    chosen = widgets.menu("scheme", ["He", "Xavier"], "Xavier")
    assert chosen.value == "Xavier"


def bowl(x, y):
    return x**2 + y**2


def test_contours_fill_the_window_and_cope_with_a_flat_function():
    _, (ax, flat) = plt.subplots(1, 2)
    plots.draw_contours(ax, bowl, ((-2.0, 1.0), (0.0, 3.0)))
    assert ax.get_xlim() == (-2.0, 1.0)
    assert ax.get_ylim() == (0.0, 3.0)
    assert ax.collections
    plots.draw_contours(flat, lambda x, y: np.zeros_like(x), ((-1.0, 1.0), (-1.0, 1.0)))
    assert not flat.collections


def test_a_path_can_be_cut_at_a_step_and_stands_at_its_end_when_it_is_shorter():
    path = np.column_stack([np.arange(5.0), np.zeros(5)])
    for upto, last in ((None, 4.0), (2, 2.0), (0, 0.0), (99, 4.0)):
        _, ax = plt.subplots()
        plots.draw_path(ax, path, upto=upto)
        assert ax.lines[0].get_xdata()[-1] == ax.lines[1].get_xdata()[0] == last


@pytest.mark.parametrize("upto", [None, 0, 3, 50])
def test_walks_show_every_path_its_height_and_the_minima(upto):
    paths = {"one": np.linspace([2.0, 2.0], [0.0, 0.0], 9), "two": np.array([[2.0, 2.0]])}
    fig = plots.plot_walks(paths, bowl, ((-1.0, 3.0), (-1.0, 3.0)), minima=[(0.0, 0.0)], title="a title", upto=upto)
    left, right = fig.axes
    assert left.get_legend_handles_labels()[1] == ["one", "two"]
    assert right.get_yscale() == "log"
    fig.canvas.draw()
