"""Listings whose lists have yet to follow."""

from django.db import models
from django.utils import timezone


class DueWork(models.Model):
    """A changed listing whose lists are to be computed; written with the change, gone when the work is done.

    A message tells a worker at once; should it be lost, the row is found by the sweep.
    """

    kind = models.CharField(max_length=12)
    object_id = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="due_once")]

    def __str__(self):
        return f"{self.kind} {self.object_id}"
