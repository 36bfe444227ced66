"""The addresses of the creative desk and of campaigns."""

from django.urls import URLPattern, URLResolver, path

from mbois.market.views import campaigns, campaigns_files, campaigns_public, desk

_OF = "usaha/<number:enterprise>/"
_RUN = "kelola/kampanye/<str:campaign>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("kreasi/", desk.creative_desk, name="creative_desk"),
    path("kreasi/<str:job>/", desk.job, name="creative_job"),
    path("kreasi/<str:job>/langkah/", desk.job_step, name="creative_job_step"),
    path("kreasi/<str:job>/berkas/<uuid:job_document>/", desk.job_file, name="creative_job_file"),
    path("kreator/<int:creator>/", desk.creator, name="creator"),
    path(f"{_OF}kreasi/", desk.jobs, name="creative_jobs"),
    path(f"{_OF}kreasi/baru/", desk.job_new, name="creative_job_new"),
    # campaigns: everybody
    path("kampanye/", campaigns_public.campaigns_public, name="campaigns_public"),
    path("kampanye/<str:promotion>/", campaigns_public.campaign, name="campaign"),
    path("kampanye/<str:promotion>/gambar/", campaigns_public.campaign_banner, name="campaign_banner"),
    path("k/<str:link>/", campaigns_public.tracked, name="tracked"),
    # who runs them, who takes part
    path("kelola/kampanye/", campaigns.campaigns_run, name="campaigns_run"),
    path("kelola/kampanye/baru/", campaigns.campaign_new_shared, name="campaign_new_shared"),
    path(_RUN, campaigns.campaign_run, name="campaign_run"),
    path(f"{_RUN}ubah/", campaigns.campaign_edit, name="campaign_edit"),
    path(f"{_RUN}langkah/", campaigns.campaign_step, name="campaign_step"),
    path(f"{_RUN}hasil.csv", campaigns_files.campaign_csv, name="campaign_csv"),
    path(f"{_RUN}tautan/<str:link>/qr.svg", campaigns_files.link_qr, {"kind": "svg"}, name="link_qr"),
    path(f"{_RUN}tautan/<str:link>/qr.png", campaigns_files.link_qr, {"kind": "png"}, name="link_qr_png"),
    path(f"{_OF}kampanye/", campaigns.campaigns, name="campaigns"),
    path(f"{_OF}kampanye/baru/", campaigns.campaign_new, name="campaign_new"),
    path(f"{_OF}kampanye/<str:campaign>/", campaigns.campaign_part, name="campaign_part"),
]
