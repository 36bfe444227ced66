"""What an enterprise does: the national classification and the creative subsectors."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kbli(models.Model):
    """One code of one edition of the business classification ("2020", "10391")."""

    edition = models.CharField(max_length=4)
    code = models.CharField(max_length=5)
    section = models.CharField(max_length=1)
    title = models.CharField(max_length=300)

    class Meta:
        ordering = ["edition", "code"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="kbli_code_once_an_edition")]
        indexes = [GinIndex(name="kbli_title_trgm", fields=["title"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class KbliCrosswalk(models.Model):
    """A code of one edition and what became of it in another."""

    old = models.ForeignKey(Kbli, on_delete=models.CASCADE, related_name="became")
    new = models.ForeignKey(Kbli, on_delete=models.CASCADE, related_name="came_from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="kbli_crosswalk_once")]

    def __str__(self) -> str:
        return f"{self.old.code} → {self.new.code}"


class KbliWord(models.Model):
    """An everyday word for what one makes ("bakso", "jahit") and the code it means."""

    word = models.CharField(max_length=80)
    kbli = models.ForeignKey(Kbli, on_delete=models.CASCADE, related_name="words")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "kbli"], name="kbli_word_once")]
        indexes = [GinIndex(name="kbli_word_trgm", fields=["word"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class Subsector(models.TextChoices):
    """The 17 creative subsectors; an enterprise of none of them leaves it empty."""

    GAMES = "games", _("Game development")
    ARCHITECTURE = "architecture", _("Architecture")
    INTERIOR = "interior", _("Interior design")
    MUSIC = "music", _("Music")
    FINE_ART = "fine_art", _("Fine art")
    PRODUCT = "product", _("Product design")
    FASHION = "fashion", _("Fashion")
    CULINARY = "culinary", _("Culinary")
    FILM = "film", _("Film, animation and video")
    PHOTOGRAPHY = "photography", _("Photography")
    VISUAL = "visual", _("Visual communication design")
    BROADCAST = "broadcast", _("Television and radio")
    CRAFT = "craft", _("Craft")
    ADVERTISING = "advertising", _("Advertising")
    PERFORMING = "performing", _("Performing arts")
    PUBLISHING = "publishing", _("Publishing")
    APPS = "apps", _("Applications")
