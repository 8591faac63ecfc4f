"""Immutable Parquet snapshots and the workspace that keeps them between runs."""

from mingcha.snapshots.workspace import Change, SnapshotRef, Workspace, is_workspace, temporary_workspace

__all__ = ["Change", "SnapshotRef", "Workspace", "is_workspace", "temporary_workspace"]
