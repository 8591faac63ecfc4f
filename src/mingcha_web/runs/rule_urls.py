"""Addresses of rules and parameters, below those of the runs."""

from django.urls import path

from mingcha_web.runs import own_rules_views, parameters_views, rules_views

urlpatterns = [
    path("rules/", rules_views.rule_list, name="rule_list"),
    path("rules/data/", rules_views.data_sharing, name="data_sharing"),
    path("rules/own/", own_rules_views.own_rule_list, name="own_rule_list"),
    path("rules/own/new/", own_rules_views.own_rule_new, name="own_rule_new"),
    path("rules/own/<int:rule_id>/", own_rules_views.own_rule_one, name="own_rule_one"),
    path("rules/own/<int:rule_id>/edit/", own_rules_views.own_rule_edit, name="own_rule_edit"),
    path("rules/own/<int:rule_id>/try/", own_rules_views.own_rule_try, name="own_rule_try"),
    path("rules/own/<int:rule_id>/progress/", own_rules_views.own_rule_progress, name="own_rule_progress"),
    path("rules/own/<int:rule_id>/stop/", own_rules_views.own_rule_stop, name="own_rule_stop"),
    path("rules/own/<int:rule_id>/submit/", own_rules_views.own_rule_submit, name="own_rule_submit"),
    path("rules/own/<int:rule_id>/decide/", own_rules_views.own_rule_decision, name="own_rule_decide"),
    path("rules/own/<int:rule_id>/retire/", own_rules_views.own_rule_end, name="own_rule_retire"),
    path("rules/<str:rule_id>/standing/", rules_views.rule_standing, name="rule_standing"),
    path("rules/<str:rule_id>/", rules_views.rule_detail, name="rule_detail"),
    path("parameters/", parameters_views.parameter_list, name="parameter_list"),
    path("parameters/changes/<int:proposal_id>/", parameters_views.parameter_proposal, name="parameter_proposal"),
    path(
        "parameters/changes/<int:proposal_id>/withdraw/", parameters_views.parameter_withdraw, name="parameter_withdraw"
    ),
    path("parameters/<str:key>/", parameters_views.parameter_one, name="parameter_one"),
]
