from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.pipeline import make_pipeline

from ssbml import RecipeError
from ssbml.features import (
    CompositionFeaturizer,
    HostFeaturizer,
    ProcessFeaturizer,
    RecipeFeaturizer,
)

FEATURIZERS = [CompositionFeaturizer(), HostFeaturizer(), ProcessFeaturizer(), RecipeFeaturizer()]
FRAME = pd.DataFrame(
    {
        "formula": ["Li7La3Zr2O12", "Li1.3Al0.3Ti1.7(PO4)3", "Li6.4La3Zr1.4Ta0.6O12"],
        "sintering_temp_c": [1200, None, 1150],
    },
    index=[7, 3, 5],
)


@pytest.mark.parametrize("featurizer", FEATURIZERS, ids=lambda f: type(f).__name__)
def test_featurizer_keeps_order_names_and_index(featurizer):
    fitted = clone(featurizer).set_output(transform="pandas").fit(FRAME)
    out = fitted.transform(FRAME)
    assert list(out.columns) == list(fitted.get_feature_names_out())
    assert list(out.index) == [7, 3, 5]
    backwards = fitted.transform(FRAME.iloc[::-1])
    pd.testing.assert_frame_equal(backwards.iloc[::-1], out)


@pytest.mark.parametrize("featurizer", FEATURIZERS, ids=lambda f: type(f).__name__)
def test_featurizer_names_the_bad_row(featurizer):
    with pytest.raises(RecipeError, match="LLZO"):
        clone(featurizer).fit(pd.DataFrame({"formula": ["Li7La3Zr2O12", "LLZO"]}))


def test_backends_agree():
    ours = CompositionFeaturizer(fractions=False).fit_transform(FRAME)
    reference = CompositionFeaturizer(backend="matminer", fractions=False).fit_transform(FRAME)
    np.testing.assert_allclose(ours, reference, rtol=0, atol=1e-9)


def test_unknown_backend_lists_the_choices():
    with pytest.raises(ValueError, match="'arrays' and 'matminer'"):
        CompositionFeaturizer(backend="magic").fit(FRAME)


def test_works_in_a_pipeline():
    pipeline = make_pipeline(RecipeFeaturizer(), ExtraTreesRegressor(5, random_state=0))
    predicted = pipeline.fit(FRAME, [1.0, 2.0, 3.0]).predict(FRAME)
    np.testing.assert_allclose(predicted, [1.0, 2.0, 3.0])
