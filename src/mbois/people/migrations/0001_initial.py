"""Accounts, organisations, consent, messages, files. Constraints, indexes and triggers stand with their table: it is made in one go."""

import django.db.models.deletion
import django.db.models.functions.text
import mbois.clock
import mbois.new_tables
import mbois.people.models.documents
import mbois.places.owned
import pgtrigger.compiler
import phonenumber_field.modelfields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('places', '0001_initial'),
    ]

    operations = [
        mbois.new_tables.NewTables(
            tables=[migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, null=True, region=None, unique=True, verbose_name='phone')),
                    ('phone_verified', models.BooleanField(default=False, verbose_name='phone confirmed')),
                    ('email', models.EmailField(blank=True, max_length=254, null=True, verbose_name='e-mail')),
                    ('contact_phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, null=True, region=None, verbose_name='phone to be reached at')),
                    ('language', models.CharField(choices=[('id', 'Indonesia'), ('en', 'English')], default='id', max_length=2, verbose_name='language')),
                    ('is_active', models.BooleanField(default=True, verbose_name='account open')),
                    ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registered_people', to=settings.AUTH_USER_MODEL, verbose_name='registered by')),
                    ('claimed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='taken over')),
                    ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claimed_people', to=settings.AUTH_USER_MODEL, verbose_name='taken over by')),
                    ('joined_at', models.DateTimeField(default=mbois.clock.now, editable=False, verbose_name='joined')),
                    ('is_service', models.BooleanField(default=False, verbose_name='a program')),
                    ('is_invented', models.BooleanField(default=False, verbose_name='invented')),
                ],
                options={
                    'verbose_name': 'person',
                    'constraints': [models.CheckConstraint(condition=models.Q(('name__regex', '[^0-9[:space:][:punct:]]')), name='person_has_a_name'), models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='person_email_once'), models.CheckConstraint(condition=models.Q(('email', ''), _negated=True), name='person_email_or_nothing'), models.CheckConstraint(condition=models.Q(('language__in', ['id', 'en'])), name='person_language')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_personevent" ("claimed_at", "claimed_by_id", "contact_phone", "email", "id", "is_active", "is_invented", "is_service", "joined_at", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_verified", "registered_by_id") VALUES (NEW."claimed_at", NEW."claimed_by_id", NEW."contact_phone", NEW."email", NEW."id", NEW."is_active", NEW."is_invented", NEW."is_service", NEW."joined_at", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."phone_verified", NEW."registered_by_id"); RETURN NULL;', hash='79dbc1510a6f8fbc37fc708baa009bb9cd04f180', operation='INSERT', pgid='pgtrigger_insert_insert_65688', table='people_person', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."claimed_at" IS DISTINCT FROM (NEW."claimed_at") OR OLD."claimed_by_id" IS DISTINCT FROM (NEW."claimed_by_id") OR OLD."contact_phone" IS DISTINCT FROM (NEW."contact_phone") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_invented" IS DISTINCT FROM (NEW."is_invented") OR OLD."is_service" IS DISTINCT FROM (NEW."is_service") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."phone_verified" IS DISTINCT FROM (NEW."phone_verified") OR OLD."registered_by_id" IS DISTINCT FROM (NEW."registered_by_id"))', func='INSERT INTO "people_personevent" ("claimed_at", "claimed_by_id", "contact_phone", "email", "id", "is_active", "is_invented", "is_service", "joined_at", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_verified", "registered_by_id") VALUES (NEW."claimed_at", NEW."claimed_by_id", NEW."contact_phone", NEW."email", NEW."id", NEW."is_active", NEW."is_invented", NEW."is_service", NEW."joined_at", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."phone_verified", NEW."registered_by_id"); RETURN NULL;', hash='85227f9a27b368f6b6f64342ebdd6ad9bd243dbe', operation='UPDATE', pgid='pgtrigger_update_update_de829', table='people_person', when='AFTER'))],
                },
            ), migrations.CreateModel(
                name='PersonEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, null=True, region=None, verbose_name='phone')),
                    ('phone_verified', models.BooleanField(default=False, verbose_name='phone confirmed')),
                    ('email', models.EmailField(blank=True, max_length=254, null=True, verbose_name='e-mail')),
                    ('contact_phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, null=True, region=None, verbose_name='phone to be reached at')),
                    ('language', models.CharField(choices=[('id', 'Indonesia'), ('en', 'English')], default='id', max_length=2, verbose_name='language')),
                    ('is_active', models.BooleanField(default=True, verbose_name='account open')),
                    ('registered_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registered by')),
                    ('claimed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='taken over')),
                    ('claimed_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken over by')),
                    ('joined_at', models.DateTimeField(default=mbois.clock.now, editable=False, verbose_name='joined')),
                    ('is_service', models.BooleanField(default=False, verbose_name='a program')),
                    ('is_invented', models.BooleanField(default=False, verbose_name='invented')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='trail_never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            RAISE EXCEPTION 'trail_never_emptied: %', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_never_emptied';\n        ", hash='9698ff3f8e290603aac319d431a9e32c1db75151', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_trail_never_emptied_def57', table='people_personevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='35abda29df77c17d89d5efdc2f5d2acf63e59c13', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d49f', table='people_personevent', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Organisation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('kind', models.CharField(choices=[('agency', 'Agency'), ('village', 'Village office'), ('bank', 'Bank'), ('baznas', 'Baznas'), ('campus', 'Campus'), ('community', 'Community'), ('company', 'Company'), ('other', 'Other')], max_length=10, verbose_name='kind')),
                    ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='places.region')),
                ],
                options={
                    'verbose_name': 'organisation',
                    'constraints': [models.UniqueConstraint(fields=('region', 'name'), name='organisation_name_once_a_region'), models.CheckConstraint(condition=models.Q(('kind__in', ['agency', 'village', 'bank', 'baznas', 'campus', 'community', 'company', 'other'])), name='organisation_kind')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_organisationevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id"); RETURN NULL;', hash='811ad12087ad44cf38f848c68bd3cee2133be880', operation='INSERT', pgid='pgtrigger_insert_insert_d087f', table='people_organisation', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_organisationevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id"); RETURN NULL;', hash='67a0103de5212562a25e6f9da09538e668c5911d', operation='UPDATE', pgid='pgtrigger_update_update_c3fee', table='people_organisation', when='AFTER'))],
                },
            ), migrations.CreateModel(
                name='OrganisationEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.organisation')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('kind', models.CharField(choices=[('agency', 'Agency'), ('village', 'Village office'), ('bank', 'Bank'), ('baznas', 'Baznas'), ('campus', 'Campus'), ('community', 'Community'), ('company', 'Company'), ('other', 'Other')], max_length=10, verbose_name='kind')),
                    ('region', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='places.region')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='trail_never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            RAISE EXCEPTION 'trail_never_emptied: %', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_never_emptied';\n        ", hash='42f50f340eae8d445c4d546a51ac1287e85bb24c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_trail_never_emptied_2cf7f', table='people_organisationevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8da11a354c83f15e5ef964fde62ec1d848564852', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2ea3f', table='people_organisationevent', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.organisation', verbose_name='organisation')),
                    ('role', models.CharField(choices=[('village_officer', 'Village officer'), ('agency_officer', 'Agency officer'), ('field_officer', 'Bank field officer'), ('assessor', 'Baznas assessor'), ('approver', 'Approver'), ('teller', 'Teller'), ('auditor', 'Auditor'), ('region_admin', 'Region admin'), ('executive', 'Executive'), ('mentor', 'Mentor'), ('coordinator', 'Mentoring coordinator'), ('creator', 'Creator'), ('keeper', 'Keeper of the creative centre'), ('organiser', 'Organiser of activities'), ('curator', 'Curator of activities'), ('incubator', 'Startup programme manager'), ('reviewer', 'Startup reviewer')], max_length=20, verbose_name='role')),
                    ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='places.region')),
                    ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area', verbose_name='area')),
                    ('since', models.DateField(default=mbois.clock.today, verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ],
                options={
                    'verbose_name': 'role',
                    'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['village_officer', 'agency_officer', 'field_officer', 'assessor', 'approver', 'teller', 'auditor', 'region_admin', 'executive', 'mentor', 'coordinator', 'creator', 'keeper', 'organiser', 'curator', 'incubator', 'reviewer'])), name='membership_role'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='membership_ends_after_it_begins'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('person', 'organisation', 'role', 'region', 'area'), name='membership_once', nulls_distinct=False)],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_membershipevent" ("area_id", "id", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "role", "since", "until") VALUES (NEW."area_id", NEW."id", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id", NEW."role", NEW."since", NEW."until"); RETURN NULL;', hash='12c4a67487b440b814ba9ae00b4ed820c080a0bc', operation='INSERT', pgid='pgtrigger_insert_insert_6bbf7', table='people_membership', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_membershipevent" ("area_id", "id", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "role", "since", "until") VALUES (NEW."area_id", NEW."id", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id", NEW."role", NEW."since", NEW."until"); RETURN NULL;', hash='3f93f80d3d7d031c178cd4b0171d0bc4763bed43', operation='UPDATE', pgid='pgtrigger_update_update_c12bb', table='people_membership', when='AFTER'))],
                },
            ), migrations.CreateModel(
                name='MembershipEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.membership')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('organisation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.organisation', verbose_name='organisation')),
                    ('role', models.CharField(choices=[('village_officer', 'Village officer'), ('agency_officer', 'Agency officer'), ('field_officer', 'Bank field officer'), ('assessor', 'Baznas assessor'), ('approver', 'Approver'), ('teller', 'Teller'), ('auditor', 'Auditor'), ('region_admin', 'Region admin'), ('executive', 'Executive'), ('mentor', 'Mentor'), ('coordinator', 'Mentoring coordinator'), ('creator', 'Creator'), ('keeper', 'Keeper of the creative centre'), ('organiser', 'Organiser of activities'), ('curator', 'Curator of activities'), ('incubator', 'Startup programme manager'), ('reviewer', 'Startup reviewer')], max_length=20, verbose_name='role')),
                    ('region', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='places.region')),
                    ('area', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='places.area', verbose_name='area')),
                    ('since', models.DateField(default=mbois.clock.today, verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='trail_never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            RAISE EXCEPTION 'trail_never_emptied: %', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_never_emptied';\n        ", hash='81053dac58b6892b22a7bdd1ff306211e3a55def', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_trail_never_emptied_e2f80', table='people_membershipevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f22365c09e76ac49145de3ef9be99f0c2407bd7b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3b09f', table='people_membershipevent', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(blank=True, max_length=80)),
                    ('hint', models.CharField(blank=True, max_length=4)),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('made_at', models.DateTimeField(default=mbois.clock.now)),
                    ('expires_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('used_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['-made_at', '-pk'],
                },
            ), migrations.CreateModel(
                name='Claim',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to=settings.AUTH_USER_MODEL)),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField(default=mbois.clock.now)),
                    ('expires_at', models.DateTimeField()),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('used_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('used_at', None)), fields=('person',), name='claim_one_open_a_person')],
                },
            ), migrations.CreateModel(
                name='Document',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', mbois.places.owned.OwningRegion(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False)),
                    ('file', models.FileField(max_length=200, upload_to=mbois.people.models.documents._path)),
                    ('thumbnail', models.FileField(blank=True, max_length=200, upload_to=mbois.people.models.documents._thumbnail_path)),
                    ('name', models.CharField(max_length=200)),
                    ('kind', models.CharField(choices=[('application/pdf', 'PDF'), ('image/jpeg', 'JPEG'), ('image/png', 'PNG')], max_length=80)),
                    ('purpose', models.CharField(choices=[('paper', 'Paper of an application'), ('visit', 'Photo of a visit'), ('enterprise', 'Photo or licence of an enterprise'), ('consent', 'Recorded consent'), ('contract', 'Contract'), ('mentoring', 'Photo or proof of a mentorship'), ('creative', 'Design made for an enterprise'), ('hub', 'Photo of a space or of its equipment'), ('agenda', 'Picture or certificate of an activity'), ('startup', 'Paper or proof of a startup')], max_length=12)),
                    ('size', models.BigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents_about', to=settings.AUTH_USER_MODEL)),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents_uploaded', to=settings.AUTH_USER_MODEL)),
                    ('uploaded_at', models.DateTimeField(default=mbois.clock.now)),
                ],
                options={
                    'verbose_name': 'document',
                    'indexes': [models.Index(fields=['uuid'], name='document_by_uuid')],
                    'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='people_document_region_id'), models.UniqueConstraint(fields=('region', 'uuid'), name='document_uuid'), models.CheckConstraint(condition=models.Q(('size__gt', 0), ('size__lte', 20971520)), name='document_size'), models.CheckConstraint(condition=models.Q(('purpose__in', ['paper', 'visit', 'enterprise', 'consent', 'contract', 'mentoring', 'creative', 'hub', 'agenda', 'startup'])), name='document_purpose')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_documentevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "region_id", "sha256", "size", "subject_id", "uploaded_at", "uploaded_by_id", "uuid") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."region_id", NEW."sha256", NEW."size", NEW."subject_id", NEW."uploaded_at", NEW."uploaded_by_id", NEW."uuid"); RETURN NULL;', hash='281df8000d242aaa9f6323bdfcb7e42f7e644ef8', operation='INSERT', pgid='pgtrigger_insert_insert_4aaf3', table='people_document', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."subject_id" IS DISTINCT FROM (NEW."subject_id") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))', func='INSERT INTO "people_documentevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "region_id", "sha256", "size", "subject_id", "uploaded_at", "uploaded_by_id", "uuid") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."region_id", NEW."sha256", NEW."size", NEW."subject_id", NEW."uploaded_at", NEW."uploaded_by_id", NEW."uuid"); RETURN NULL;', hash='5d2dda9a93cf67cf36a50a62475a4745924cf4a8', operation='UPDATE', pgid='pgtrigger_update_update_f0fc4', table='people_document', when='AFTER'))],
                },
            ), migrations.CreateModel(
                name='DocumentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.document')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('region', mbois.places.owned.OwningRegion(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='places.region')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False)),
                    ('name', models.CharField(max_length=200)),
                    ('kind', models.CharField(choices=[('application/pdf', 'PDF'), ('image/jpeg', 'JPEG'), ('image/png', 'PNG')], max_length=80)),
                    ('purpose', models.CharField(choices=[('paper', 'Paper of an application'), ('visit', 'Photo of a visit'), ('enterprise', 'Photo or licence of an enterprise'), ('consent', 'Recorded consent'), ('contract', 'Contract'), ('mentoring', 'Photo or proof of a mentorship'), ('creative', 'Design made for an enterprise'), ('hub', 'Photo of a space or of its equipment'), ('agenda', 'Picture or certificate of an activity'), ('startup', 'Paper or proof of a startup')], max_length=12)),
                    ('size', models.BigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('subject', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('uploaded_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('uploaded_at', models.DateTimeField(default=mbois.clock.now)),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='trail_never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            RAISE EXCEPTION 'trail_never_emptied: %', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_never_emptied';\n        ", hash='10d51fced8ab52c59d0c012ee0f96f77907ef747', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_trail_never_emptied_0cc01', table='people_documentevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8194d601e635477daf1b20d59fdeefd7f1089ee6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8821b', table='people_documentevent', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='HeldUpload',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_uploads', to=settings.AUTH_USER_MODEL)),
                    ('file', models.FileField(max_length=200, upload_to=mbois.people.models.documents._held_path)),
                    ('name', models.CharField(max_length=200)),
                    ('kind', models.CharField(choices=[('application/pdf', 'PDF'), ('image/jpeg', 'JPEG'), ('image/png', 'PNG')], max_length=80)),
                    ('size', models.BigIntegerField()),
                    ('made_at', models.DateTimeField(default=mbois.clock.now)),
                ],
                options={
                    'indexes': [models.Index(fields=['made_at'], name='held_upload_age')],
                },
            ), migrations.CreateModel(
                name='ConsentText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=40)),
                    ('version', models.PositiveSmallIntegerField()),
                    ('title_id', models.CharField(max_length=200)),
                    ('title_en', models.CharField(max_length=200)),
                    ('body_id', models.TextField()),
                    ('body_en', models.TextField()),
                    ('valid_from', models.DateField(default=mbois.clock.today)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('key', 'version'), name='consent_text_version')],
                    'triggers': [pgtrigger.compiler.Trigger(name='consent_text_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."body_en" IS DISTINCT FROM (NEW."body_en") OR OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en") OR OLD."title_id" IS DISTINCT FROM (NEW."title_id") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func="\n                    IF EXISTS (SELECT 1 FROM people_consent WHERE text_id = OLD.id)\n                        OR EXISTS (SELECT 1 FROM people_accountconsent WHERE text_id = OLD.id) THEN\n                        RAISE EXCEPTION 'consent_text_stays: people agreed to % version %', OLD.key, OLD.version\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_text_stays';\n                    END IF;\n                    RETURN NEW;\n                ", hash='bffa0f8f4a15170be0906d761daaced01308d62a', operation='UPDATE', pgid='pgtrigger_consent_text_stays_47409', table='people_consenttext', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', mbois.places.owned.OwningRegion(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
                    ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.consenttext')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to=settings.AUTH_USER_MODEL)),
                    ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents_recorded', to=settings.AUTH_USER_MODEL)),
                    ('method', models.CharField(choices=[('self', 'Ticked it themselves'), ('signature', 'Signed on the screen'), ('thumb', 'Photo of the signature or thumb print')], max_length=10)),
                    ('evidence', mbois.places.owned.RegionForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.document')),
                    ('language', models.CharField(default='id', max_length=2)),
                    ('given_at', models.DateTimeField(default=mbois.clock.now)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'consent',
                    'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='people_consent_region_id'), models.CheckConstraint(condition=models.Q(('method__in', ['self', 'signature', 'thumb'])), name='consent_method'), models.CheckConstraint(condition=models.Q(models.Q(('method', 'self'), ('recorded_by', models.F('person'))), ('evidence__isnull', False), _connector='OR'), name='consent_is_ones_own_or_has_evidence'), mbois.places.owned.RegionReference(field='evidence', name='people_consent_evidence_region')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_consentevent" ("evidence_id", "given_at", "id", "language", "method", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_id", "region_id", "text_id", "withdrawn_at") VALUES (NEW."evidence_id", NEW."given_at", NEW."id", NEW."language", NEW."method", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_by_id", NEW."region_id", NEW."text_id", NEW."withdrawn_at"); RETURN NULL;', hash='8dc99eb31b58781a8edbc7109949708f495af167', operation='INSERT', pgid='pgtrigger_insert_insert_91c75', table='people_consent', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_consentevent" ("evidence_id", "given_at", "id", "language", "method", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_id", "region_id", "text_id", "withdrawn_at") VALUES (NEW."evidence_id", NEW."given_at", NEW."id", NEW."language", NEW."method", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_by_id", NEW."region_id", NEW."text_id", NEW."withdrawn_at"); RETURN NULL;', hash='6b7686df79c7345c96085b4fee1a67223bee51cd', operation='UPDATE', pgid='pgtrigger_update_update_8387f', table='people_consent', when='AFTER'))],
                },
            ), migrations.CreateModel(
                name='ConsentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.consent')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('region', mbois.places.owned.OwningRegion(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='places.region')),
                    ('text', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.consenttext')),
                    ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recorded_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('method', models.CharField(choices=[('self', 'Ticked it themselves'), ('signature', 'Signed on the screen'), ('thumb', 'Photo of the signature or thumb print')], max_length=10)),
                    ('evidence', mbois.places.owned.RegionForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.document')),
                    ('language', models.CharField(default='id', max_length=2)),
                    ('given_at', models.DateTimeField(default=mbois.clock.now)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='trail_never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            RAISE EXCEPTION 'trail_never_emptied: %', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_never_emptied';\n        ", hash='1c09258dfa8eb6a6195adf5b994584138473f11b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_trail_never_emptied_a246f', table='people_consentevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bdc9faf295805134d4eb8e91f64cb67de798a38b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_20ef5', table='people_consentevent', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='AccountConsent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_consents', to='people.consenttext')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='account_consents', to=settings.AUTH_USER_MODEL)),
                    ('language', models.CharField(default='id', max_length=2)),
                    ('given_at', models.DateTimeField(default=mbois.clock.now)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_accountconsentevent" ("given_at", "id", "language", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text_id", "withdrawn_at") VALUES (NEW."given_at", NEW."id", NEW."language", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text_id", NEW."withdrawn_at"); RETURN NULL;', hash='db65831f06df271c23fe6828b41b0ebedd432cdc', operation='INSERT', pgid='pgtrigger_insert_insert_a5a54', table='people_accountconsent', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_accountconsentevent" ("given_at", "id", "language", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text_id", "withdrawn_at") VALUES (NEW."given_at", NEW."id", NEW."language", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text_id", NEW."withdrawn_at"); RETURN NULL;', hash='ef2516e83f63f5c0e260fd0a12bb00607db51b78', operation='UPDATE', pgid='pgtrigger_update_update_673e7', table='people_accountconsent', when='AFTER'))],
                },
            ), migrations.CreateModel(
                name='AccountConsentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.accountconsent')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('text', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.consenttext')),
                    ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('language', models.CharField(default='id', max_length=2)),
                    ('given_at', models.DateTimeField(default=mbois.clock.now)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='trail_never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            RAISE EXCEPTION 'trail_never_emptied: %', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_never_emptied';\n        ", hash='50b7de39fa9b242761cff6f54f1e50331643dab3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_trail_never_emptied_de596', table='people_accountconsentevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0f22cb51468d4a2d9f98231504b8e5634d659304', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_070a3', table='people_accountconsentevent', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Unmasking',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', mbois.places.owned.OwningRegion(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unmasked_numbers', to=settings.AUTH_USER_MODEL)),
                    ('kind', models.CharField(max_length=10)),
                    ('record', models.CharField(max_length=120)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unmaskings', to=settings.AUTH_USER_MODEL)),
                    ('reason', models.CharField(max_length=300)),
                    ('at', models.DateTimeField(default=mbois.clock.now)),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                    'constraints': [models.UniqueConstraint(fields=('region', 'id'), name='people_unmasking_region_id'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='unmasking_has_a_reason')],
                    'triggers': [pgtrigger.compiler.Trigger(name='unmasking_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5ddc75343755516b20bb06585b21e29b65249ff9', operation='UPDATE OR DELETE', pgid='pgtrigger_unmasking_stays_2b0cd', table='people_unmasking', when='BEFORE'))],
                },
            ), migrations.CreateModel(
                name='Notification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                    ('key', models.CharField(max_length=60)),
                    ('context', models.JSONField(default=dict)),
                    ('url', models.CharField(blank=True, max_length=300)),
                    ('made_at', models.DateTimeField(default=mbois.clock.now)),
                    ('read_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['-made_at', '-pk'],
                    'indexes': [models.Index(fields=['person', '-made_at'], name='notification_inbox'), models.Index(condition=models.Q(('read_at', None)), fields=['person'], name='notification_unread')],
                },
            ), migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('notification', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='people.notification')),
                    ('channel', models.CharField(max_length=30)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('started_at', models.DateTimeField(blank=True, null=True)),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('error', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('notification', 'channel'), name='delivery_once_a_channel')],
                },
            ), migrations.CreateModel(
                name='Preference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to=settings.AUTH_USER_MODEL)),
                    ('channel', models.CharField(max_length=30)),
                    ('wanted', models.BooleanField(default=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('person', 'channel'), name='preference_once_a_channel')],
                },
            ), migrations.CreateModel(
                name='DemoMessage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(max_length=30)),
                    ('recipient', models.CharField(max_length=254)),
                    ('subject', models.CharField(blank=True, max_length=300)),
                    ('body', models.TextField()),
                    ('made_at', models.DateTimeField(default=mbois.clock.now)),
                ],
                options={
                    'ordering': ['-pk'],
                },
            )],
        ),
    ]
