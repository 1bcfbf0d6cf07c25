"""Pictures: a family's tree and its timeline, as SVG that needs nothing else, or as PNG.

Comes in: a `Cluster` and its articles by id. Goes out: `tree_svg`, `timeline_svg`: strings that
stand alone or inside a page, in light, dark or print; `png` paints one. Everything is laid out
here, so that a reader's browser only paints and equal input gives equal bytes. It decides
nothing.
"""

from typing import Literal

from dedup.errors import InputError
from dedup.pipeline import Result
from dedup.report.pictures.raster import painter, png
from dedup.report.pictures.timeline import timeline_svg
from dedup.report.pictures.tree import tree_svg

__all__ = ["Picture", "draw", "painter", "png", "timeline_svg", "tree_svg"]

Picture = Literal["tree", "timeline"]


def draw(result: Result, picture: Picture = "tree", family: str | None = None) -> str:
    """The SVG of one family of a result: the one called `family` ("c2"), else the first.

    Raises `InputError` if there is no such family.
    """
    clusters = {cluster.id: cluster for cluster in result.clusters}
    if not clusters:
        raise InputError("no two of the articles tell one report, so there is no family to draw")
    chosen = family or next(iter(clusters))
    if chosen not in clusters:
        known = ", ".join(list(clusters)[:5]) + (", …" if len(clusters) > 5 else "")
        raise InputError(f"there is no family {chosen!r}; give one of {known}")
    cluster = clusters[chosen]
    articles = result.find(set(cluster.members))
    return (tree_svg if picture == "tree" else timeline_svg)(cluster, articles)
