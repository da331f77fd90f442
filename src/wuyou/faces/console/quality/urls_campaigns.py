"""Addresses of campaigns and draws."""

from django.urls import URLPattern, path

from . import campaign, campaign_new, campaigns, draw_new, draws, levels, lots, targets

urlpatterns: list[URLPattern] = [
    path("campaigns/", campaigns.CampaignBoard.as_view(), name="campaigns"),
    path("campaigns/new/", campaign_new.NewCampaign.as_view(), name="campaign-new"),
    path("campaigns/<int:pk>/", campaign.campaign_page, name="campaign"),
    path("campaigns/<int:pk>/change/", campaign_new.ChangeCampaign.as_view(), name="campaign-change"),
    path("campaigns/<int:pk>/projects/", campaign.AddProjects.as_view(), name="campaign-projects"),
    path("campaigns/<int:pk>/draw/", draw_new.DrawProjects.as_view(), name="campaign-draw"),
    path("campaigns/<int:pk>/cancel/", campaign.CancelCampaign.as_view(), name="campaign-cancel"),
    path("campaigns/<int:pk>/recheck/", campaign.campaign_recheck, name="campaign-recheck"),
    path("campaigns/<int:pk>/step/<slug:step>/", campaign.campaign_step, name="campaign-step"),
    path("targets/<int:pk>/", targets.target_page, name="target"),
    path("targets/<int:pk>/inspector/", targets.Inspector.as_view(), name="target-inspector"),
    path("targets/<int:pk>/waive/", targets.WaiveTarget.as_view(), name="target-waive"),
    path("targets/<int:pk>/restore/", targets.restore_target, name="target-restore"),
    path("targets/<int:pk>/guest/", targets.InviteGuest.as_view(), name="target-guest"),
    path("targets/<int:pk>/guest/<int:row>/dismiss/", targets.dismiss_guest, name="target-guest-dismiss"),
    path("targets/<int:pk>/draw/", draw_new.DrawAtSite.as_view(), name="target-draw"),
    path("draws/", draws.DrawList.as_view(), name="draws"),
    path("draws/<int:pk>/", draws.draw_page, name="draw"),
    path("draws/<int:pk>/word/", draws.GiveWord.as_view(), name="draw-word"),
    path("draws/<int:pk>/step/<slug:step>/", draws.draw_step, name="draw-step"),
    path("draws/<int:pk>/abandon/", draws.AbandonDraw.as_view(), name="draw-abandon"),
    path("draws/<int:pk>/record.json", draws.draw_record, name="draw-record"),
    path("levels/", levels.levels_page, name="levels"),
    path("levels/<slug:level>/", levels.SetLevel.as_view(), name="level"),
    path("lots/", lots.SeriesList.as_view(), name="lots"),
    path("lots/new/", lots.NewSeries.as_view(), name="lot-series-new"),
    path("lots/<int:pk>/", lots.series_page, name="lot-series"),
    path("lots/<int:pk>/open/", lots.NewLot.as_view(), name="lot-new"),
    path("lots/<int:pk>/switch/<slug:step>/", lots.SwitchSeries.as_view(), name="lot-series-switch"),
    path("lot/<int:pk>/judge/", lots.JudgeLot.as_view(), name="lot-judge"),
]
