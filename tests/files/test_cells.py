"""What is disarmed for a spreadsheet comes back to the letter."""

from hypothesis import example, given
from hypothesis import strategies as st

from somos_social.files.cells import as_it_was, disarmed

SIGNS = st.text(st.sampled_from("'=+-@＝;\t\n\r a"), max_size=12)


@example(" \t=")
@given(SIGNS | st.text(max_size=20))
def test_whatever_it_is_it_comes_back_as_it_was(text: str) -> None:
    assert as_it_was(disarmed(text)) == text


@given(SIGNS)
def test_nothing_that_acts_stands_first(text: str) -> None:
    assert disarmed(text)[:1] not in tuple("=+-@＝\t\r\n")


def test_a_list_in_a_post_reads_as_before() -> None:
    assert as_it_was(disarmed("Hoy:\n- pan\n- café")) == "Hoy:\n- pan\n- café"
    assert as_it_was("'Lo nuestro'") == "'Lo nuestro'"
