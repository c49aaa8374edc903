"""Measure how runs of a workload spread: `python benchmarks/spread.py a` prints "bias" and "standard_deviation"."""

import json
import sys

import numpy as np
import workload as workloads
from engines import limit

RUNS, FIRST_SEED = 400, 1_000_000


def main(name: str) -> None:
    """Print mean minus expected, and the standard deviation, of every figure over independent runs at full size."""
    workload = workloads.load(name)
    tasks = (limit.prepare(workload, workload.patients, FIRST_SEED + number) for number in range(RUNS))
    runs = [task.read(task.run()) for task in tasks]
    columns = [np.array(column) for column in zip(*(workloads.figures(workload, run) for run in runs), strict=True)]
    bias, deviation = {}, {}
    for figure, values, expected in zip(workloads.Figures._fields, columns, workload.expected, strict=True):
        if not np.isnan(expected).any():
            bias[figure] = np.round(values.mean(axis=0) - expected, 5).tolist()
            deviation[figure] = np.round(values.std(axis=0), 5).tolist()
    print(json.dumps({"bias": bias, "standard_deviation": deviation}))


if __name__ == "__main__":
    main(*sys.argv[1:])
