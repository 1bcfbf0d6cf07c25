"""Near-duplicates in the dress of a scikit-learn clusterer."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone, is_clusterer
from sklearn.exceptions import SkipTestWarning
from sklearn.model_selection import ParameterGrid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks
from sklearn.utils.validation import check_is_fitted

from dedup import InputError, near_duplicates
from dedup.contrib.sklearn import NearDuplicates
from seeds import TEXTS as SEED_TEXTS

NEWS = list(SEED_TEXTS.values())
TEXTS = [
    NEWS[3], NEWS[0], NEWS[1], NEWS[0].replace("Moscow", "Minsk", 1), NEWS[2], NEWS[1], "",
    NEWS[1].upper(), "",
]  # fmt: skip
LABELS = [-1, 0, 1, 0, -1, 1, -1, 1, -1]


def test_labels_are_those_of_near_duplicates() -> None:
    """Clusters by their first texts from 0 on; -1 for what is like no other, or has no words."""
    fitted = NearDuplicates().fit(TEXTS)
    found = near_duplicates(TEXTS)
    assert fitted.labels_.tolist() == LABELS
    assert fitted.labels_.dtype == np.int64
    assert fitted.n_clusters_ == 2
    assert np.array_equal(fitted.pairs_, found.pairs)
    assert np.array_equal(fitted.similarity_, found.similarity)


@pytest.mark.parametrize(
    "given", [list, tuple, iter, np.array, lambda texts: np.array(texts, object)]
)
def test_texts_may_come_in_any_wrapping(given: Callable[[list[str]], Iterable[str]]) -> None:
    """A list, a generator that is read once, an array of strings or of objects."""
    assert NearDuplicates().fit_predict(given(TEXTS)).tolist() == LABELS


def test_a_column_of_a_data_frame_is_texts() -> None:
    """Whatever its index is."""
    pandas = pytest.importorskip("pandas")
    column = pandas.Series(TEXTS, index=range(10, 19))
    assert NearDuplicates().fit_predict(column).tolist() == LABELS


@pytest.mark.parametrize("texts", [[], [""], ["…", "?"], ["One text of five words, alone."]])
def test_what_has_no_clusters_has_none(texts: list[str]) -> None:
    """Nothing, texts without words, a single text."""
    fitted = NearDuplicates().fit(texts)
    assert fitted.labels_.tolist() == [-1] * len(texts)
    assert fitted.n_clusters_ == 0


@given(st.permutations(range(len(TEXTS))))
def test_the_order_of_the_texts_does_not_matter(order: list[int]) -> None:
    """The same texts are together; clusters are numbered as they first appear."""
    labels = NearDuplicates().fit_predict([TEXTS[n] for n in order])
    for (i, m), (j, n) in pairwise(enumerate(order)):
        together = LABELS[m] == LABELS[n] != -1
        assert (labels[i] == labels[j] != -1) == together
    firsts = dict.fromkeys(label for label in labels.tolist() if label >= 0)
    assert list(firsts) == sorted(firsts)


def test_the_threshold_means_what_it_says() -> None:
    """All linked pairs reach it; texts below it are apart."""
    strict = NearDuplicates(threshold=1.0).fit(TEXTS)
    assert strict.labels_.tolist() == [-1, -1, 0, -1, -1, 0, -1, 0, -1]
    loose = NearDuplicates(threshold=0.6).fit(TEXTS)
    assert (loose.similarity_ >= 0.6).all()


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ("one text", "X is one text, 'one text'…; give a list of texts"),
        (["a", None], "X has 'None', which is of type NoneType"),
        (["a", 7], "of type int"),
        ([b"bytes"], "of type bytes"),
        (np.zeros((2, 2)), "of type ndarray"),
    ],
)
def test_what_is_no_text_is_refused(texts: Any, told: str) -> None:
    """With its value and its type."""
    with pytest.raises(InputError, match=told):
        NearDuplicates().fit(texts)


@pytest.mark.parametrize("threshold", [0, -1, 1.5, float("nan")])
def test_a_threshold_that_is_none_is_refused_by_fit(threshold: float) -> None:
    """Not by the constructor, which stores what it is given."""
    clusterer = NearDuplicates(threshold=threshold)
    with pytest.raises(InputError, match="threshold is"):
        clusterer.fit(TEXTS)


class TestEstimator:
    def test_parameters_are_got_and_set(self) -> None:
        """By name, as a grid search does it."""
        clusterer = NearDuplicates(0.8, threads=2)
        assert clusterer.get_params() == {"threshold": 0.8, "threads": 2}
        for parameters in ParameterGrid({"threshold": [0.6, 0.9]}):
            assert clone(clusterer).set_params(**parameters).threshold == parameters["threshold"]
        with pytest.raises(ValueError, match="Invalid parameter"):
            clusterer.set_params(eps=0.5)

    def test_a_clone_is_not_fitted(self) -> None:
        """It has the parameters and nothing else."""
        fitted = NearDuplicates(threshold=0.9).fit(TEXTS)
        copy = clone(fitted)
        assert copy.threshold == 0.9
        assert not hasattr(copy, "labels_")
        check_is_fitted(fitted)

    def test_it_is_a_clusterer_and_says_what_it_takes(self) -> None:
        """Strings in one dimension; it prints as it was made."""
        assert is_clusterer(NearDuplicates())
        tags = NearDuplicates().__sklearn_tags__().input_tags
        assert (tags.string, tags.one_d_array, tags.two_d_array) == (True, True, False)
        assert repr(NearDuplicates(threshold=0.9)) == "NearDuplicates(threshold=0.9)"

    def test_it_stands_at_the_end_of_a_pipeline(self) -> None:
        """What comes before it prepares the texts."""
        shout = FunctionTransformer(lambda texts: [text.upper() for text in texts])
        assert make_pipeline(shout, NearDuplicates()).fit_predict(TEXTS).tolist() == LABELS

    def test_it_survives_pickling(self) -> None:
        """Fitted as it is."""
        again = pickle.loads(pickle.dumps(NearDuplicates().fit(TEXTS)))
        assert again.labels_.tolist() == LABELS

    @pytest.mark.filterwarnings(f"ignore::{SkipTestWarning.__module__}.SkipTestWarning")
    def test_scikit_learn_checks_what_it_can(self) -> None:
        """The whole of its checks runs as far as these go for an estimator of texts."""
        estimator_checks.check_estimator(NearDuplicates())

    @pytest.mark.parametrize(
        "name",
        [
            "check_do_not_raise_errors_in_init_or_set_params",
            "check_estimator_cloneable",
            "check_estimator_repr",
            "check_estimator_tags_renamed",
            "check_get_params_invariance",
            "check_no_attributes_set_in_init",
            "check_parameters_default_constructible",
            "check_set_params",
            "check_valid_tag_types",
        ],
    )
    def test_the_checks_without_data_are_passed(self, name: str) -> None:
        """Those which `check_estimator` leaves out, for it makes only numbers to try."""
        check = getattr(estimator_checks, name, None)
        if check is None:
            pytest.skip(f"this version of scikit-learn has no {name}")
        check("NearDuplicates", NearDuplicates())


def test_the_package_does_not_load_it() -> None:
    """Who wants no estimator waits for none."""
    code = "import sys, dedup, dedup.contrib; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n"
