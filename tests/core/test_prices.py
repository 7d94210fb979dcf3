"""What X bills is known before it does."""

from decimal import Decimal

from somos_social.core.model.post import Variant
from somos_social.core.prices import bill_of_x
from tests.samples import FACEBOOK, X, a_comment, a_delivery


def test_a_post_with_a_url_costs_more_than_ten_times_one_without() -> None:
    plain = a_delivery("uno", channel=X, variant=Variant(text="Hola"))
    linked = a_delivery("dos", channel=X, variant=Variant(text="Hola: acnur.org"))
    bill = bill_of_x([plain, linked])
    assert (bill.posts, bill.with_url, bill.usd) == (2, 1, Decimal("0.215"))
    assert bill_of_x([plain]).usd == Decimal("0.015")
    assert bill_of_x([linked]).usd == Decimal("0.200")


def test_replies_are_billed_and_other_networks_are_not() -> None:
    post = a_delivery("uno", channel=X, variant=Variant(text="Hola"))
    elsewhere = a_delivery("uno", channel=FACEBOOK, variant=Variant(text="acnur.org"))
    bill = bill_of_x([post, a_comment(post), elsewhere])
    assert (bill.posts, bill.with_url, bill.usd) == (2, 1, Decimal("0.215"))
    assert bill_of_x([elsewhere]).posts == 0
