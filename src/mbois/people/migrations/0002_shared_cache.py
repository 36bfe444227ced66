"""The table of the cache that all processes share (tries at signing in). Not logged: after a crash it is
empty, which only means that the counting begins anew."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE mbois_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX mbois_cache_expires ON mbois_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE mbois_cache")]
