"""The app's registration."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Files that offices hand in, read in the background (数据报送)."""

    name = "mingcha_web.uploads"
    label = "uploads"
    verbose_name = "数据报送"
