"""Accounts, transfers, closings. Constraints, indexes and triggers stand with their table: it is made in one go."""

import django.db.models.deletion
import mbois.clock
import mbois.new_tables
import mbois.places.owned
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        mbois.new_tables.NewTables(
            tables=[migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', mbois.places.owned.OwningRegion(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
                    ('code', models.CharField(max_length=60)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(choices=[('asset', 'Asset'), ('liability', 'Liability'), ('equity', 'Equity'), ('income', 'Income'), ('expense', 'Expense')], max_length=10)),
                    ('normal_side', models.CharField(choices=[('debit', 'Debit'), ('credit', 'Credit')], max_length=6)),
                    ('currency', models.CharField(default='IDR', max_length=3)),
                    ('guarded_balance', models.BigIntegerField(blank=True, null=True)),
                    ('opened_at', models.DateTimeField(default=mbois.clock.now)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='ledger_account_region_id'), models.UniqueConstraint(fields=('region', 'code'), name='account_code_once_a_region'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['asset', 'expense']), ('normal_side', 'debit')), models.Q(('kind__in', ['liability', 'equity', 'income']), ('normal_side', 'credit')), _connector='OR'), name='account_normal_side_follows_kind'), models.CheckConstraint(condition=models.Q(('guarded_balance', None), ('guarded_balance__gte', 0), _connector='OR'), name='account_not_below_zero')],
                    'triggers': [pgtrigger.compiler.Trigger(name='accounts_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='604cb8bd715eeb67f7a66a9294fb4fe3f26dd657', operation='DELETE', pgid='pgtrigger_accounts_stay_31c80', table='ledger_account', when='BEFORE')), pgtrigger.compiler.Trigger(name='account_nature_is_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."normal_side" IS DISTINCT FROM (NEW."normal_side") OR OLD."currency" IS DISTINCT FROM (NEW."currency"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ac117438dba8edc6b5479964dbd59de7d52ddbe4', operation='UPDATE', pgid='pgtrigger_account_nature_is_fixed_28bbf', table='ledger_account', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Transfer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', mbois.places.owned.OwningRegion(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
                    ('reference', models.CharField(max_length=60)),
                    ('kind', models.CharField(choices=[('funding', 'Funding'), ('disbursement', 'Disbursement'), ('repayment', 'Repayment'), ('sweep', 'Collections paid in'), ('reversal', 'Reversal'), ('other', 'Other')], max_length=12)),
                    ('debit', mbois.places.owned.RegionForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debits', to='ledger.account')),
                    ('credit', mbois.places.owned.RegionForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='ledger.account')),
                    ('amount', models.BigIntegerField()),
                    ('currency', models.CharField(default='IDR', max_length=3)),
                    ('effective_date', models.DateField()),
                    ('posted_at', models.DateTimeField(default=mbois.clock.now)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reverses', mbois.places.owned.RegionForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='ledger.transfer')),
                    ('memo', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [models.Index(fields=['region', 'debit', 'effective_date'], include=('amount', 'kind'), name='transfer_by_debit'), models.Index(fields=['region', 'credit', 'effective_date'], include=('amount', 'kind'), name='transfer_by_credit')],
                    'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='ledger_transfer_region_id'), models.UniqueConstraint(fields=('region', 'reference'), name='transfer_reference_once'), models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('region', 'reverses'), name='transfer_reversed_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='transfer_amount_is_positive'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='transfer_between_two_accounts'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reversal'), ('reverses__isnull', False)), models.Q(models.Q(('kind', 'reversal'), _negated=True), ('reverses', None)), _connector='OR'), name='transfer_reversal_names_what_it_reverses'), mbois.places.owned.RegionReference(field='debit', name='ledger_transfer_debit_region'), mbois.places.owned.RegionReference(field='credit', name='ledger_transfer_credit_region'), mbois.places.owned.RegionReference(field='reverses', name='ledger_transfer_reverses_region')],
                    'triggers': [pgtrigger.compiler.Trigger(name='transfers_are_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0209f697f75f8cb79cc5ccfb3b696fd9b57fbec', operation='UPDATE OR DELETE', pgid='pgtrigger_transfers_are_for_ever_4c52a', table='ledger_transfer', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Closing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', mbois.places.owned.OwningRegion(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
                    ('through', models.DateField()),
                    ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('closed_at', models.DateTimeField(default=mbois.clock.now)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='ledger_closing_region_id'), models.UniqueConstraint(fields=('region', 'through'), name='closing_once_a_day')],
                    'triggers': [pgtrigger.compiler.Trigger(name='closings_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e133c8b7713f6ae73689464067ce6347db046d8a', operation='UPDATE OR DELETE', pgid='pgtrigger_closings_stay_431f2', table='ledger_closing', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Command',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', mbois.places.owned.OwningRegion(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
                    ('caller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('key', models.CharField(max_length=200)),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('answer', models.JSONField()),
                    ('made_at', models.DateTimeField(default=mbois.clock.now)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='ledger_command_region_id'), models.UniqueConstraint(fields=('region', 'caller', 'key'), name='command_key_once_a_caller')],
                    'triggers': [pgtrigger.compiler.Trigger(name='commands_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='01e4de2ac5f1c34329516ca026807680b9617fe6', operation='UPDATE OR DELETE', pgid='pgtrigger_commands_stay_fddf2', table='ledger_command', when='BEFORE'))],
                },
            )],
        ),
    ]
