"""The addresses of mentoring."""

from django.urls import path

from mbois.mentoring.views import diagnoses, overview

urlpatterns = [
    path("pendampingan/saya/", overview.mine, name="my_mentoring"),
    path("pendampingan/usaha/<str:enterprise>/", overview.enterprise, name="enterprise_mentoring"),
    path("pendampingan/usaha/<str:enterprise>/diagnosis/", diagnoses.take, name="diagnosis_take"),
    path("pendampingan/diagnosis/<uuid:diagnosis>/", diagnoses.result, name="diagnosis"),
]
