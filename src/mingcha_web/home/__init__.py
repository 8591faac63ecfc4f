"""Start pages by role (首页)."""
