"""Forests and support vectors of the peers, and the splits that their protocols name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray


def obelix_forest(X: FloatArray, y: FloatArray, asked: FloatArray, seed: int) -> FloatArray:
    """Predict with the random forest of OBELiX.

    Hyper-parameters: winner of the authors' own search, F. Therrien et al., arXiv 2502.14234,
    ``benchmark/RF.py`` of the repository NRC-Mila/OBELiX at commit 4eaac889.

    Parameters
    ----------
    X : array, shape (n, d)
        Features to learn from.
    y : array, shape (n,)
        log10 S/cm.
    asked : array, shape (m, d)
        Features to predict for.
    seed : int
        Random state.

    Returns
    -------
    array, shape (m,)
    """
    return _forest(
        X, y, asked, n_estimators=50, max_depth=36, max_features="sqrt", random_state=seed
    )


def forest(X: FloatArray, y: FloatArray, asked: FloatArray, seed: int) -> FloatArray:
    """Predict with a random forest as scikit-learn ships it: 100 trees that see every feature.

    Blank cells are allowed. Parameters as for `obelix_forest`.
    """
    return _forest(X, y, asked, random_state=seed)


def garnet_forest(X: FloatArray, good: FloatArray, asked: FloatArray, seed: int) -> FloatArray:
    """Classify with the tuned forest of Adhyatma et al. for doped garnets.

    Hyper-parameters: the notebook of the repository abd-adhyatma/llzo-improvement at commit
    e65ac023. Parameters as for `obelix_forest`, with 0 and 1 as targets and answers.
    """
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(
        n_estimators=214,
        criterion="entropy",
        min_samples_leaf=9,
        min_samples_split=9,
        random_state=seed,
        n_jobs=1,
    )
    answer: FloatArray = model.fit(X, good).predict(asked).astype(float)
    return answer


def classes_forest(X: FloatArray, good: FloatArray, asked: FloatArray, seed: int) -> FloatArray:
    """Classify with a random forest as scikit-learn ships it. Parameters as for `garnet_forest`."""
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(random_state=seed, n_jobs=1)
    answer: FloatArray = model.fit(X, good).predict(asked).astype(float)
    return answer


def support_vectors(X: FloatArray, good: FloatArray, asked: FloatArray) -> FloatArray:
    """Classify with the nu support vectors of Adhyatma et al., as scikit-learn ships them.

    The authors' notebook does not scale the columns. Parameters as for `garnet_forest`.
    """
    from sklearn.svm import NuSVC

    answer: FloatArray = NuSVC().fit(X, good).predict(asked).astype(float)
    return answer


def stratified_folds(classes: FloatArray, n_folds: int, seed: int) -> NDArray[np.intp]:
    """Return folds with the same share of each class: ``StratifiedKFold`` with shuffling."""
    from sklearn.model_selection import StratifiedKFold

    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    return _folds(splitter.split(np.zeros((len(classes), 1)), classes), len(classes))


def paper_folds(groups: NDArray[np.object_], n_folds: int) -> NDArray[np.intp]:
    """Return folds that keep papers together: ``GroupKFold``."""
    from sklearn.model_selection import GroupKFold

    rows = np.zeros((len(groups), 1))
    return _folds(GroupKFold(n_folds).split(rows, groups=groups.astype(str)), len(groups))


def _folds(splits: Iterator[Any], n: int) -> NDArray[np.intp]:
    folds = np.full(n, -1, dtype=np.intp)
    for fold, (_, test) in enumerate(splits):
        folds[test] = fold
    return folds


def _forest(X: FloatArray, y: FloatArray, asked: FloatArray, **options: Any) -> FloatArray:
    from sklearn.ensemble import RandomForestRegressor

    answer: FloatArray = RandomForestRegressor(n_jobs=1, **options).fit(X, y).predict(asked)
    return answer
