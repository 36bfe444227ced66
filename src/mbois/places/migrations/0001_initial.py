"""Regions, areas, holidays and counters. Constraints, indexes and triggers stand with their table: it is made in one go."""

import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import mbois.new_tables
import mbois.places.owned
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
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
