"""Addresses of rules and parameters, below those of the runs."""

from django.urls import path

from mingcha_web.runs import parameters_views, rules_views

urlpatterns = [
    path("rules/", rules_views.rule_list, name="rule_list"),
    path("rules/<str:rule_id>/", rules_views.rule_detail, name="rule_detail"),
    path("parameters/", parameters_views.parameter_list, name="parameter_list"),
    path("parameters/changes/<int:proposal_id>/", parameters_views.parameter_proposal, name="parameter_proposal"),
    path(
        "parameters/changes/<int:proposal_id>/withdraw/", parameters_views.parameter_withdraw, name="parameter_withdraw"
    ),
    path("parameters/<str:key>/", parameters_views.parameter_one, name="parameter_one"),
]
