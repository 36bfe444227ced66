"""The tables are made by migrations, and these follow the models."""

from django.core.management import call_command


def test_no_change_of_a_model_lacks_its_migration(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
