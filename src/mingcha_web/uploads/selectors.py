"""The only doors to batches and deliveries. Who reads uploads at all sees those of the whole county."""

from __future__ import annotations

from functools import cache

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.access.policy import Reach
from mingcha_web.uploads.models import Batch, Delivery, DeliveryState, Obligation


def batch_list_for(user: User) -> QuerySet[Batch]:
    """Batches the person may see, the newest first, with counts of their files and rows."""
    if user.reach != Reach.COUNTY:
        return Batch.objects.none()
    rows = Batch.objects.select_related("by", "corrects").order_by("-id")
    return rows.annotate(
        files=Count("deliveries"),
        unread=Count("deliveries", filter=Q(deliveries__key="")),
        rows=Sum("deliveries__read"),
        wrong=Sum("deliveries__rejected"),
    )


def batch_get_for(user: User, batch_id: int) -> Batch:
    """A batch. Raises Http404."""
    batch = batch_list_for(user).filter(pk=batch_id).first()
    if batch is None:
        raise Http404
    return batch


def delivery_list_for(user: User) -> QuerySet[Delivery]:
    """Deliveries the person may see, the newest first."""
    if user.reach != Reach.COUNTY:
        return Delivery.objects.none()
    return Delivery.objects.select_related("batch")


def delivery_get_for(user: User, delivery_id: int) -> Delivery:
    """A delivery. Raises Http404."""
    delivery = delivery_list_for(user).filter(pk=delivery_id).first()
    if delivery is None:
        raise Http404
    return delivery


def active_keys() -> list[str]:
    """Delivery keys that take part in comparison, the oldest first, each once."""
    rows = Delivery.objects.filter(state=DeliveryState.ACTIVE).exclude(key="").order_by("id")
    return list(dict.fromkeys(rows.values_list("key", flat=True)))


def offices() -> list[str]:
    """Names of offices that delivered or owe something."""
    known = {*Batch.objects.values_list("office", flat=True).distinct()}
    return sorted(known | {*Obligation.objects.values_list("office", flat=True).distinct()})


@cache
def dataset_titles() -> dict[str, str]:
    """Dataset id → its Chinese title."""
    return api.datasets()
