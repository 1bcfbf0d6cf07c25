"""Pictures of one cluster: its derivation tree or its timeline, as SVG or PNG.

An SVG stands alone or inside a page, in light, dark or print: it has no style sheet, no script
and no ids. Everything is placed here, so a browser only paints, and equal input gives equal
bytes. Nothing is decided here that `derive` has not decided.
"""

from typing import Literal

from dedup.pipeline import Result
from dedup.report.pictures.raster import painter, png
from dedup.report.pictures.timeline import timeline_svg
from dedup.report.pictures.tree import tree_svg

__all__ = ["Picture", "draw", "painter", "png", "timeline_svg", "tree_svg"]

Picture = Literal["tree", "timeline"]


def draw(result: Result, picture: Picture = "tree", cluster_id: str | None = None) -> str:
    """The SVG of one cluster of a result: the one called `cluster_id` ("c2"), else the first.

    Raises `InputError` if there is no such cluster.
    """
    cluster = result.find_cluster(cluster_id or "c1")
    articles = result.find(set(cluster.members))
    return (tree_svg if picture == "tree" else timeline_svg)(cluster, articles)
