"""Immutable Parquet snapshots and the workspace that keeps them between runs."""

from mingcha.snapshots.workspace import Change, SnapshotRef, Workspace, temporary_workspace

__all__ = ["Change", "SnapshotRef", "Workspace", "temporary_workspace"]
