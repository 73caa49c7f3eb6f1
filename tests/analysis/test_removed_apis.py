"""The table of retired API versions is in order with itself."""

from casemate.analysis.removed_apis import RETIRED


def test_releases_are_in_order() -> None:
    for kinds in RETIRED.values():
        for retirement in kinds.values():
            assert retirement.removed is None or retirement.deprecated < retirement.removed
            assert bool(retirement.replacement) == bool(retirement.available)
            assert retirement.replacement or not retirement.same


def test_a_replacement_outlives_what_it_replaces() -> None:
    for kinds in RETIRED.values():
        for kind, retirement in kinds.items():
            after = RETIRED.get(retirement.replacement, {}).get(kind)
            assert after is None or (after.removed or 999) > (retirement.removed or 0)


def test_known_releases() -> None:
    assert RETIRED["extensions/v1beta1"]["Deployment"].removed == 16
    assert RETIRED["policy/v1beta1"]["PodSecurityPolicy"].removed == 25
    assert RETIRED["batch/v1beta1"]["CronJob"].same
    assert not RETIRED["policy/v1beta1"][
        "PodDisruptionBudget"
    ].same  # an empty selector selects all only in v1
