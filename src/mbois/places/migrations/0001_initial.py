"""Regions, areas, holidays and counters. Constraints, indexes and triggers stand with their table: it is made in one go."""

import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import mbois.new_tables
import mbois.places.owned
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(
        ),
        django.contrib.postgres.operations.BtreeGinExtension(
        ),
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        mbois.new_tables.NewTables(
            tables=[migrations.CreateModel(
                name='Region',
                fields=[
                    ('code', models.CharField(max_length=5, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=80)),
                ],
                options={
                    'ordering': ['name'],
                },
            ), migrations.CreateModel(
                name='Area',
                fields=[
                    ('code', models.CharField(max_length=13, primary_key=True, serialize=False)),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='places.area')),
                    ('level', models.CharField(choices=[('province', 'Province'), ('regency', 'City or regency'), ('district', 'District'), ('village', 'Village')], max_length=8)),
                    ('name', models.CharField(max_length=120)),
                    ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='areas', to='places.region')),
                    ('latitude', models.FloatField(null=True)),
                    ('longitude', models.FloatField(null=True)),
                ],
                options={
                    'ordering': ['code'],
                    'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['name'], name='area_name_trgm', opclasses=['gin_trgm_ops'])],
                    'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['province', 'regency', 'district', 'village'])), name='area_level'), models.CheckConstraint(condition=models.Q(('level', 'province'), ('region__isnull', False), _connector='OR'), name='area_outside_a_region_is_a_province'), models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='area_point_is_whole')],
                },
            ), migrations.CreateModel(
                name='Holiday',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('date', models.DateField()),
                    ('name', models.CharField(max_length=120)),
                    ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holidays', to='places.region')),
                    ('declared_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'ordering': ['date'],
                    'constraints': [models.UniqueConstraint(fields=('date', 'region'), name='holiday_once_a_region', nulls_distinct=False)],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "places_holidayevent" ("date", "declared_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id") VALUES (NEW."date", NEW."declared_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id"); RETURN NULL;', hash='97c8a812362e462c8771a478bed8cb3670348ad7', operation='INSERT', pgid='pgtrigger_insert_insert_9e64d', table='places_holiday', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "places_holidayevent" ("date", "declared_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id") VALUES (NEW."date", NEW."declared_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id"); RETURN NULL;', hash='d9f2a7eb99b41ed81d0af39ee6a748f1adeee349', operation='UPDATE', pgid='pgtrigger_update_update_cb25c', table='places_holiday', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "places_holidayevent" ("date", "declared_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id") VALUES (OLD."date", OLD."declared_at", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region_id"); RETURN NULL;', hash='7176e8f62b71ac3c4b52f876c509df5c92c0b921', operation='DELETE', pgid='pgtrigger_delete_delete_88d00', table='places_holiday', when='AFTER'))],
                },
            ), migrations.CreateModel(
                name='HolidayEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='places.holiday')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('date', models.DateField()),
                    ('name', models.CharField(max_length=120)),
                    ('region', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='places.region')),
                    ('declared_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='trail_never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            RAISE EXCEPTION 'trail_never_emptied: %', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_never_emptied';\n        ", hash='b4abbfe1f92b4866ccdcbb1be45748a2a71db848', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_trail_never_emptied_f2800', table='places_holidayevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b439d48eec44caca43f72e0b19cb03dd6023a431', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1f8fc', table='places_holidayevent', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Counter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', mbois.places.owned.OwningRegion(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
                    ('series', models.CharField(max_length=20)),
                    ('last', models.BigIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='places_counter_region_id'), models.UniqueConstraint(fields=('region', 'series'), name='counter_once_a_series'), models.CheckConstraint(condition=models.Q(('last__gte', 0)), name='counter_counts_up')],
                },
            )],
        ),
    ]
