"""Workloads A and B on one engine a file: each has `prepare(workload, patients, seed)`, which returns a Task."""
