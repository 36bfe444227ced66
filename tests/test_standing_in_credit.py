"""Who decides about credit sees whether the owner comes to the mentoring."""

import pytest
from django.test import Client

from mbois.financing.tests.factories import Bank
from mbois.mentoring.tests.factories import make_mentorship, make_report, make_session
from mbois.people.models import Role
from mbois.people.tests.factories import make_person


@pytest.mark.django_db
def test_assessor_and_approver_see_the_attendance_with_its_reason() -> None:
    bank = Bank()
    application = bank.visited()
    mentorship = make_mentorship(application.enterprise)
    make_report(make_session(mentorship, days=-10))
    make_report(make_session(mentorship, days=-3), attended=False)
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_person(role=Role.ASSESSOR))
    assert "Came to 1 of the last 2" in client.get(f"/pengajuan/{application.number}/nilai/").content.decode()
    assessed = bank.assessed()
    make_report(make_session(make_mentorship(assessed.enterprise), days=-3))
    client.force_login(make_person(role=Role.APPROVER))
    assert "Came to 1 of the last 1" in client.get(f"/pengajuan/{assessed.number}/putuskan/").content.decode()
