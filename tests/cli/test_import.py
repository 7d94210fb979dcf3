"""A spreadsheet becomes posts of a campaign file: all of its rows, or none of them."""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image

from tests.cli.stage import FACEBOOK, SLUG, Answer, Stage, X

HEAD = f"""\
# Lo nuestro.
name = "Una prueba"
timezone = "America/Panama"
hashtag = "#SomosLoMismo"
channels = ["{FACEBOOK}", "{X}"]
"""
WHEN = datetime(2061, 1, 5, 18)  # noqa: DTZ001 - as it stands in a cell


@pytest.fixture
def desk(stage: Stage) -> Stage:
    stage.write(f"campaigns/{SLUG}.toml", HEAD)
    (stage.folder / "media").mkdir()
    Image.new("RGB", (400, 400), "teal").save(stage.folder / "media" / "a.jpg")
    return stage


def file(desk: Stage) -> str:
    return (desk.folder / "campaigns" / f"{SLUG}.toml").read_text(encoding="utf-8")


def imported(desk: Stage, text: str | bytes, *words: str) -> Answer:
    data = text if isinstance(text, bytes) else text.encode()
    (desk.folder / "plan.csv").write_bytes(data)
    return desk.somos("import", "plan.csv", *words)


def problems(answer: Answer) -> list[tuple[str, str]]:
    assert answer.code == 3
    return [(it["key"], it["problem"]) for it in answer.json["problems"]]


def test_each_row_is_a_post_and_all_else_in_the_file_stays(desk: Stage) -> None:
    sheet = (
        "Fecha;Hora;Texto;Redes;Texto X;Objetivo;Imagen\n"
        '05/01/2061;18:00;"Hola,\nvecina.";FB y X;Corto.;empatía;a.jpg\n'
        "25/01/2061;9:30 p. m.;Adiós.;twitter;;;\n"
    )
    answer = imported(desk, sheet)
    assert answer.code == 0
    assert file(desk) == (
        f'{HEAD}\n[[post]]\nkey = "hola-vecina"\ndue = 2061-01-05T18:00:00\ngoal = "empatía"\n'
        'text = """\nHola,\nvecina."""\nassets = ["a.jpg"]\n[post.variant.x]\ntext = "Corto."\n'
        f'\n[[post]]\nkey = "adios"\ndue = 2061-01-25T21:30:00\nchannels = ["{X}"]\n'
        'text = "Adiós."\n'
    )
    assert "'25/01/2061' shows it" in answer.err
    assert "Texto X = text@x" in answer.err
    assert "2 new." in answer.out
    assert desk.somos("check", SLUG).code == 0


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("cp1252", "\t"), ("utf-16", "\t")],
)
def test_whatever_way_a_program_saves_it_the_letters_are_the_same(
    desk: Stage, encoding: str, separator: str
) -> None:
    rows = [["Día", "Hora", "Texto"], ["2061-01-05", "18:00", "¿Qué dirá la niña?"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    assert imported(desk, text.encode(encoding)).code == 0
    assert 'text = "¿Qué dirá la niña?"' in file(desk)


def test_the_same_sheet_twice_adds_nothing_twice(desk: Stage) -> None:
    sheet = "date,time,text\n2061-01-05,18:00,Hola.\n2061-01-06,18:00,Hola.\n"
    imported(desk, sheet)
    once = file(desk)
    again = imported(desk, sheet, "--json").json
    assert file(desk) == once
    assert [(it["post"], it["change"]) for it in again["posts"]] == [
        ("hola", "untouched"),
        ("hola-2061-01-06", "untouched"),
    ]
    assert again["written"] is False


def test_a_row_that_says_the_same_in_other_words_of_the_file_is_left_alone(desk: Stage) -> None:
    imported(desk, "key,date,time,text\na,2061-01-05,18:00,Hola.\n")
    once = file(desk)
    composed = (
        'key,date,time,to,text\na,2061-01-05,18:00,fb,"Hola.\n\n#SomosLoMismo"\n'
        'a,2061-01-05,18:00,x,"Hola.\n#SomosLoMismo"\n'
    )
    assert imported(desk, composed).code == 0
    assert file(desk) == once


def test_another_text_for_a_key_is_a_problem_and_with_update_a_change(desk: Stage) -> None:
    imported(desk, "key,date,time,text,goal\na,2061-01-05,18:00,Hola.,g\n")
    once = file(desk)
    other = "key,date,time,text,goal\na,2061-01-06,19:00,Adiós.,\n"
    assert problems(imported(desk, other, "--json")) == [
        ("row 2", "says otherwise than the post `a` that is there.")
    ]
    assert file(desk) == once
    assert imported(desk, other, "--update").code == 0
    assert file(desk) == once.replace("Hola.", "Adiós.").replace("05T18", "06T19")


def test_a_changed_text_of_several_lines_and_a_new_variant_stand_in_the_file(desk: Stage) -> None:
    imported(desk, "key,date,time,text\na,2061-01-05,18:00,Hola.\n")
    sheet = 'key,date,time,text,texto x\na,2061-01-05,18:00,"Uno.\nDos.","A\nB"\n'
    assert imported(desk, sheet, "--update").code == 0
    [post] = tomllib.loads(file(desk))["post"]
    assert (post["text"], post["variant"]["x"]["text"]) == ("Uno.\nDos.", "A\nB")


def test_a_corrected_row_without_a_key_never_becomes_a_second_post(desk: Stage) -> None:
    imported(desk, "date,time,text\n2061-01-05,18:00,Hola vecina.\n")
    typo = "date,time,text\n2061-01-05,18:00,Buenas vecina.\n"
    [(row, problem)] = problems(imported(desk, typo, "--json", "--update"))
    assert (row, "the very time of the post `hola-vecina`" in problem) == ("row 2", True)
    later = "date,time,text\n2061-01-07,18:00,Hola vecina.\n"
    [(row, problem)] = problems(imported(desk, later, "--json", "--update"))
    assert (row, "which another post has" in problem) == ("row 2", True)


def test_every_problem_is_told_by_its_row_and_nothing_is_written(desk: Stage) -> None:
    sheet = (
        "fecha,hora,texto,redes,archivo,formato\n"
        "2061-01-05,18:00,Bien.,fb,,\n"
        "2061-01-05,9,Hora.,fb,,\n"
        "2001-01-05,9:00,Pasado.,fb,,\n"
        "31/02/2061,9:00,Día.,fb,,\n"
        "2061-01-05,9:00,Red.,tiktok,,\n"
        "2061-01-05,9:00,Archivo.,fb,no.jpg,\n"
        "2061-01-05,9:00,Formato.,fb,,cartel\n"
        "2061-01-05,9:00,,fb,,\n"
        f"2061-01-05,9:00,{'largo ' * 100},x,,\n"
        "viernes,9:00,Día.,fb,,\n"
    )
    answer = imported(desk, sheet, "--json")
    told = dict(problems(answer))
    assert {key.partition(":")[0] for key in told} == {f"row {number}" for number in range(3, 12)}
    assert {it["file"] for it in answer.json["problems"]} == {"plan.csv"}
    assert told["row 4: due"] == "is past: 2001-01-05 09:00 there."
    assert told["row 6: channels"] == "`tiktok` is no channel of it."
    assert told["row 9"] == "has neither a text nor a file."
    assert file(desk) == HEAD


def test_a_date_that_may_be_two_days_is_refused_until_someone_says_which(desk: Stage) -> None:
    sheet = "fecha,hora,texto\n03/04/2061,18:00,Hola.\n"
    [(key, problem)] = problems(imported(desk, sheet, "--json"))
    assert key == "row 2: due"
    assert problem == "may be day 3 of month 4, or day 4 of month 3."
    assert imported(desk, sheet, "--dates", "day-first").code == 0
    assert "due = 2061-04-03T18:00:00" in file(desk)


def test_other_rows_show_that_the_month_stands_first(desk: Stage) -> None:
    sheet = "date,time,text\n03/04/2061,18:00,Hola.\n12/31/2061,18:00,Adiós.\n"
    assert imported(desk, sheet).code == 0
    assert "due = 2061-03-04T18:00:00" in file(desk)


def test_where_rows_show_both_orders_neither_is_taken(desk: Stage) -> None:
    sheet = "date,time,text\n03/04/2061,8:00,a\n12/31/2061,8:00,b\n31/12/2061,9:00,c\n"
    assert [key for key, _ in problems(imported(desk, sheet, "--json"))] == ["row 2: due"]


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2061-01-05T18:00", "2061-01-05T18:00"),
        ("2061-01-05 18:00:00", "2061-01-05T18:00"),
        ("2061-01-05T18:00:00Z", "2061-01-05T13:00"),
        ("5 de enero de 2061 18:00", "2061-01-05T18:00"),
        ("15.1.2061 a las 6 pm", "2061-01-15T18:00"),
        ("15/1/61 18h30", "2061-01-15T18:30"),
    ],
)
def test_a_day_and_a_time_may_stand_in_one_cell(desk: Stage, written: str, due: str) -> None:
    assert imported(desk, f"Fecha y hora,Texto\n{written},Hola.\n").code == 0
    assert f"due = {due}:00\n" in file(desk)


def test_rows_of_one_key_for_several_channels_are_one_post(desk: Stage) -> None:
    sheet = (
        "key,date,time,channel,text\n"
        "a,2061-01-05,18:00,facebook,Largo.\na,2061-01-05,18:30,x,Corto.\n"
    )
    assert imported(desk, sheet).code == 0
    assert file(desk).endswith(
        '[[post]]\nkey = "a"\ndue = 2061-01-05T18:00:00\ntext = "Largo."\n'
        f'[post.variant."{X}"]\ndue = 2061-01-05T18:30:00\ntext = "Corto."\n'
    )


def test_a_column_that_is_not_known_is_named_with_the_option_to_give(desk: Stage) -> None:
    sheet = "Salida,Texto,Interno\n2061-01-05 18:00,Hola.,x\n"
    answer = imported(desk, sheet, "--json")
    assert problems(answer) == [("", "has no column of the date.")]
    assert "--map date=COLUMN" in answer.json["problems"][0]["hint"]
    answer = imported(desk, sheet, "--map", "date=salida")
    assert answer.code == 0
    assert "Not read: Interno." in answer.err


def test_two_columns_of_one_meaning_are_not_chosen_between(desk: Stage) -> None:
    sheet = "date,time,text,caption\n2061-01-05,18:00,Hola.,Adiós.\n"
    assert [key for key, _ in problems(imported(desk, sheet, "--json"))] == [
        "column text",
        "column caption",
    ]
    assert imported(desk, sheet, "--map", "text=caption").code == 0
    assert 'text = "Adiós."' in file(desk)
    assert imported(desk, sheet, "--map", "colour=text").code == 2
    assert imported(desk, sheet, "--map", "text=nada").code == 2


def test_a_dry_run_shows_and_writes_nothing(desk: Stage) -> None:
    answer = imported(desk, "date,time,text\n2061-01-05,18:00,Hola.\n", "--dry-run", "--json")
    assert answer.json["posts"] == [
        {"rows": [2], "change": "add", "post": "hola", "due_at": "2061-01-05T23:00:00Z"}
    ]
    assert file(desk) == HEAD


def test_what_steers_a_terminal_or_a_file_is_refused_and_shown_harmless(desk: Stage) -> None:
    sheet = 'date,time,text\n2061-01-05,18:00,"a\x1b[31m\u202eb"\n2061-01-05,9:00,"""""""]\n[x]"\n'
    answer = imported(desk, sheet, "--json")
    assert "\x1b" not in answer.out + answer.err
    assert ("row 2: text", "holds a control character (U+001B, character 2).") in problems(answer)
    answer = imported(desk, sheet)
    assert answer.code == 3
    assert "\x1b" not in answer.out + answer.err
    assert file(desk) == HEAD
    assert imported(desk, 'date,time,text\n2061-01-05,9:00,"\'\'\'""""""]\n[x]\\"\n').code == 0
    assert desk.somos("check", SLUG).code == 0


def test_a_thousand_rows_take_no_time_to_speak_of(desk: Stage) -> None:
    rows = (f"{WHEN + timedelta(hours=at):%Y-%m-%d,%H:%M},Historia {at}.\n" for at in range(1000))
    assert imported(desk, "date,time,text\n" + "".join(rows), "--json").json["written"] is True
    assert file(desk).count("[[post]]") == 1000


def test_rows_that_are_over_of_others_or_of_a_rule_are_left_out(desk: Stage) -> None:
    rows = (
        "a,uno,2061-01-05,18:00,Hola.,published\n",
        "otra,dos,2061-01-06,18:00,Hola.,scheduled\n",
        "prueba,tres~2061-01-07,2061-01-07,18:00,Hola.,scheduled\n",
        "prueba,cuatro,2061-01-08,18:00,Hola.,cancelled\n",
        "prueba,cinco,2061-01-09,18:00,Hola.,scheduled\n",
    )
    answer = imported(desk, f"campaign,key,date,time,text,status\n{''.join(rows)}", "--json").json
    assert answer["left_out"] == [2, 3, 4, 5]
    assert [it["post"] for it in answer["posts"]] == ["cinco"]


def test_rows_that_are_not_to_go_out_are_left_out_in_the_words_of_the_desk(desk: Stage) -> None:
    words = ("Aprobado", "Borrador", "NO PUBLICAR", "Cancelado", "Publicado", "pendiente", "")
    rows = "".join(f"2061-01-0{day},18:00,Día {day}.,{it}\n" for day, it in enumerate(words, 1))
    answer = imported(desk, f"fecha,hora,texto,estado\n{rows}", "--json").json
    assert answer["left_out"] == [3, 4, 5, 6, 7]
    assert [it["rows"] for it in answer["posts"]] == [[2], [8]]


def test_a_status_that_nobody_understands_is_a_problem_of_its_row(desk: Stage) -> None:
    answer = imported(desk, "fecha,hora,texto,estado\n2061-01-05,18:00,Hola.,Ojo con este\n")
    assert answer.code == 3
    assert "`Ojo con este` says neither that it goes out nor that it does not" in answer.err
    assert "[[post]]" not in file(desk)


@pytest.mark.parametrize("line", ["Hola, vecina, vengan a las 6,x", "Hola,,,y más"])
def test_a_text_that_is_cut_at_its_own_comma_is_a_problem_of_its_row(
    desk: Stage, line: str
) -> None:
    answer = imported(desk, f"fecha,hora,texto,\n2061-01-05,18:00,{line}\n")
    assert answer.code == 3
    assert "row 2: has more cells than there are headers. Put quotes round" in " ".join(
        answer.err.split()
    )
    assert "[[post]]" not in file(desk)


def test_quotes_and_dashes_of_windows_are_what_they_look_like(desk: Stage) -> None:
    assert (
        imported(desk, "date,time,text\n2061-01-05,18:00,“Sí” – ¿no?\n".encode("cp1252")).code == 0
    )
    assert "“Sí” – ¿no?" in file(desk)


# Workbooks


def workbook(path: Path, rows: list[list[Any]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)


def test_rows_that_are_hidden_are_not_taken_for_looked_at(desk: Stage) -> None:
    rows = [
        ["fecha", "hora", "texto"],
        *([f"2061-01-0{day}", "18:00", "Sí."] for day in range(1, 5)),
    ]
    workbook(desk.folder / "plan.xlsx", rows)
    book = load_workbook(desk.folder / "plan.xlsx")
    for number in (3, 5, 9):
        book.active.row_dimensions[number].hidden = True  # type: ignore[union-attr]
    book.save(desk.folder / "plan.xlsx")
    answer = desk.somos("import", "plan.xlsx")
    assert answer.code == 3
    assert "rows 3, 5: are hidden. Show what is hidden" in " ".join(answer.err.split())


def test_a_workbook_has_real_dates_and_a_title_above_its_headers(desk: Stage) -> None:
    rows: list[list[Any]] = [
        ["Calendario de enero"],
        [],
        ["Fecha", "Hora", "Copy"],
        [WHEN.date(), time(18, 0), "Hola."],
        [WHEN, time(17, 59, 59, 999_999), "Vecinas."],
    ]
    workbook(desk.folder / "plan.xlsx", rows)
    answer = desk.somos("import", "plan.xlsx", "--json")
    assert answer.code == 0
    dues = [(it["rows"], it["due_at"]) for it in answer.json["posts"]]
    assert dues == [([4], "2061-01-05T23:00:00Z"), ([5], "2061-01-05T23:00:00Z")]


def test_a_formula_without_its_value_is_told_by_its_cell(desk: Stage) -> None:
    rows: list[list[Any]] = [["Fecha", "Hora", "Copy"], [WHEN, "18:00", '=CONCATENATE("a","b")']]
    workbook(desk.folder / "plan.xlsx", rows)
    [(row, problem)] = problems(desk.somos("import", "plan.xlsx", "--json"))
    assert (row, problem) == ("row 2", "holds a formula without its value in C2.")


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0" + bytes(600), b"a\0b", b'date,"text\n'],
    ids=["empty", "broken", "xls", "NUL", "open quote"],
)
def test_what_is_no_spreadsheet_is_told_in_words(desk: Stage, data: bytes) -> None:
    answer = imported(desk, data, "--json")
    assert answer.code == 3
    assert "Traceback" not in answer.err


def test_a_workbook_that_unpacks_without_end_is_not_unpacked(
    desk: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("somos_social.files.sheets.MOST_UNPACKED", 1000)
    workbook(desk.folder / "plan.xlsx", [["Fecha", "Texto"]])
    [(_, problem)] = problems(desk.somos("import", "plan.xlsx", "--json"))
    assert problem == "is too large once it is unpacked."
