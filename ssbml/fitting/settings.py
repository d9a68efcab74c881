"""Settings of a training run, read from TOML."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ssbml.errors import SettingsError
from ssbml.vocabulary import closest


@dataclass(frozen=True, slots=True)
class ForestSettings:
    """Extra-trees part of a blend; no trees leave it out."""

    trees: int = 200
    min_samples_leaf: int = 2
    max_features: float = 0.4


@dataclass(frozen=True, slots=True)
class BoostingSettings:
    """Gradient boosting (LightGBM) part of a blend; weight 0 leaves it out.

    `fair_width` is the residual (model units) from which on the loss ``fair`` grows like the
    residual instead of its square.
    """

    loss: str = "squared_error"
    fair_width: float = 1.0
    max_bins: int = 64
    weight: float = 0.5
    iterations: int = 200
    learning_rate: float = 0.06
    max_leaf_nodes: int = 12
    min_samples_leaf: int = 8
    l2_regularization: float = 5.0
    max_features: float = 0.3
    row_share: float = 0.7


@dataclass(frozen=True, slots=True)
class PropertySettings:
    """How one property is fitted.

    Attributes
    ----------
    forest, boosting : settings of the two parts
    placeholder_weight : float
        Weight of samples whose formula is a placeholder.
    fired_weight : float
        Weight of samples whose firing temperature is known, of which there are few beside the many
        known by composition only.
    paper_weight : float
        How much samples of one paper share one vote: a sample counts 1 / (1 + paper_weight (n - 1))
        in a paper of n.
    features : tuple of str
        Features to choose from; empty for all.
    tendencies : dict of str to float
        Terms of the linear part and their expected slopes (`ssbml.estimators.tendencies`).
    monotone : dict of str to int
        Features in which the boosting part must not fall (1) or not rise (-1).
    """

    forest: ForestSettings = field(default_factory=ForestSettings)
    boosting: BoostingSettings = field(default_factory=BoostingSettings)
    placeholder_weight: float = 0.5
    fired_weight: float = 1.0
    paper_weight: float = 0.0
    features: tuple[str, ...] = ()
    tendencies: dict[str, float] = field(default_factory=dict)
    monotone: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a training run depends on besides the data.

    Attributes
    ----------
    data : str
        Data set name, see `ssbml.load_dataset`.
    seed : int
        Seed of folds, forests and bootstraps.
    folds : int
        Folds of papers for out-of-fold predictions.
    min_papers : int
        Fewest papers for interval quantiles of a family's own.
    bound_rounds : int
        Rounds of fitting with bounded conductivities.
    conductivity, density, purity, phase : PropertySettings
    """

    data: str = "literature"
    seed: int = 20261122
    folds: int = 10
    min_papers: int = 30
    bound_rounds: int = 2
    conductivity: PropertySettings = field(default_factory=PropertySettings)
    density: PropertySettings = field(default_factory=PropertySettings)
    purity: PropertySettings = field(default_factory=PropertySettings)
    phase: PropertySettings = field(default_factory=PropertySettings)

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain nested dicts."""
        return asdict(self)


def load_settings(path: str | Path) -> Settings:
    """Return settings read from a TOML file; keys left out keep their defaults.

    Raises
    ------
    SettingsError
        The file cannot be read, a key is unknown, or a value has the wrong type.
    """
    path = Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}") from None
    return settings_from_dict(data, path.name)


def settings_from_dict(data: dict[str, Any], name: str = "settings") -> Settings:
    """Return settings from nested dicts.

    Raises
    ------
    SettingsError
        A key is unknown or a value has the wrong type.
    """
    settings: Settings = _build(Settings, data, name)
    return settings


def _build(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise SettingsError(f"{where}: a table of settings is expected, got {data!r}")
    defaults = kind()
    known = {f.name: getattr(defaults, f.name) for f in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            like = closest(key, known)
            hint = f"; did you mean {like}?" if like else f"; known are {', '.join(known)}"
            raise SettingsError(f"{where}: unknown setting '{key}'{hint}")
        default = known[key]
        if hasattr(default, "__dataclass_fields__"):
            values[key] = _build(type(default), value, f"{where}.{key}")
        else:
            values[key] = _scalar(default, value, f"{where}.{key}")
    return kind(**values)


def _scalar(default: Any, value: Any, where: str) -> Any:
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(default, tuple) and isinstance(value, list):
        return tuple(str(item) for item in value)
    if type(value) is not type(default):
        raise SettingsError(f"{where} = {value!r}: a value like {default!r} is expected")
    return value
