"""Train Roost (aviary) on the rows of ``neural_peer.py export`` and predict the others.

Run in an environment of its own, so that ssbml depends on no neural network::

    pip install torch aviary-models
    python training/roost_peer.py FOLDER

FOLDER holds ``train.csv`` and ``test.csv``; ``roost_bound.csv`` and ``roost_floor.csv`` are written
beside them, one for each convention of the bounds, to be scored by ``neural_peer.py score``.
Settings are the defaults of aviary: matscholar embedding, L1 loss, AdamW at 3e-4, 128 rows a batch,
100 epochs; the prediction is the mean of three seeds. Nothing is chosen by the test rows.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEEDS = 3
EPOCHS = 100
BATCH = 128
LEARNING_RATE = 3e-4


def predict(train: pd.DataFrame, test: pd.DataFrame, target: str, seed: int) -> np.ndarray:
    import torch
    from aviary.roost.data import CompositionData, collate_batch
    from aviary.roost.model import Roost
    from torch.utils.data import DataLoader

    torch.manual_seed(seed)
    mean, spread = train[target].mean(), train[target].std()
    task = {target: "regression"}
    rows = CompositionData(train.assign(**{target: (train[target] - mean) / spread}), task)
    wanted = CompositionData(test.assign(**{target: 0.0}), task)
    batches = DataLoader(rows, batch_size=BATCH, shuffle=True, collate_fn=collate_batch)
    model = Roost(robust=False, n_targets=rows.n_targets, task_dict=task)
    optimiser = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
    model.train()
    for epoch in range(EPOCHS):
        for inputs, targets, *_ in batches:
            (output,) = model(*inputs)
            loss = torch.nn.functional.l1_loss(output, targets[0])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        print(f"\r{target} seed {seed}: epoch {epoch + 1} of {EPOCHS}", end="", flush=True)
    print()
    model.eval()
    with torch.no_grad():
        parts = [
            model(*inputs)[0].numpy().ravel()
            for inputs, *_ in DataLoader(wanted, batch_size=BATCH, collate_fn=collate_batch)
        ]
    return np.concatenate(parts) * spread + mean


def main(arguments: list[str]) -> None:
    if len(arguments) != 1:
        sys.exit(__doc__)
    if importlib.util.find_spec("aviary") is None:
        sys.exit("skipped: aviary is not installed here; 'pip install torch aviary-models' first")
    folder = Path(arguments[0])
    train, test = (pd.read_csv(folder / f"{name}.csv") for name in ("train", "test"))
    for convention in ("bound", "floor"):
        target = f"target_{convention}"
        runs = [predict(train, test, target, seed) for seed in range(SEEDS)]
        test[["material_id"]].assign(prediction=np.mean(runs, axis=0)).to_csv(
            folder / f"roost_{convention}.csv", index=False
        )


if __name__ == "__main__":
    main(sys.argv[1:])
