"""Identity numbers: every fault is seen, nothing is repaired silently, and the truth is among the candidates."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.identity.id_faults import one_fault_candidates
from matchers.identity.id_numbers import (
    STRIDE,
    birth_date_of,
    clean,
    issuing_division_verdict,
    sex_of,
    upgrade,
    verdicts,
)
from tests.matchers.made_registers import fifteen, number

SOUND = st.builds(
    lambda day, sequence, division: number(day.strftime("%Y%m%d"), sequence, str(division)),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
    st.integers(529901, 529988),
)
OF_THE_1900S = SOUND.filter(lambda sound: sound[6:8] == "19")


def column(*texts: str | None) -> pa.Array:
    return pa.array(texts, pa.string())


def verdict(text: str | None) -> str:
    return str(verdicts(column(text))[0].as_py())


def candidates(text: str) -> list[str]:
    return list(one_fault_candidates(column(text))["candidate"].to_pylist())


@given(SOUND)
def test_a_sound_number_is_sound(sound: str) -> None:
    assert verdict(sound) == "sound"


def one_by_one(text: str) -> str:
    """The verdict on 18 characters, as the standard words it."""
    if len(set(text)) == 1:
        return "placeholder"
    if not text[:17].isdigit():
        return "characters"
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return "date"
    if not 1900 <= born.year <= 2099:
        return "date"
    total = sum(pow(2, 17 - place) * "0123456789X".index(character) for place, character in enumerate(text))
    return "sound" if total % 11 == 1 else "checksum"


@given(SOUND, st.integers(6, 13), st.text("0123456789X", min_size=1, max_size=4))
def test_what_is_seen_at_a_glance_is_what_the_standard_says(sound: str, place: int, other: str) -> None:
    damaged = (sound[:place] + other + sound[place + len(other) :])[:18]
    resealed = damaged[:17] + next((last for last in "0123456789X" if one_by_one(damaged[:17] + last) == "sound"), "0")
    assert verdicts(column(damaged, resealed)).to_pylist() == [one_by_one(damaged), one_by_one(resealed)]


@given(SOUND, st.integers(0, 17), st.integers(1, 10))
def test_every_wrong_digit_is_caught_and_the_truth_is_a_candidate(sound: str, place: int, step: int) -> None:
    characters = "0123456789X" if place == 17 else "0123456789"
    wrong = characters[(characters.index(sound[place]) + step) % len(characters)]
    damaged = sound[:place] + wrong + sound[place + 1 :]
    if damaged != sound:
        assert verdict(damaged) in {"checksum", "date"}
        assert sound in candidates(damaged)


@given(SOUND, st.integers(0, 16))
def test_every_swap_is_caught_and_the_truth_is_a_candidate(sound: str, place: int) -> None:
    damaged = sound[:place] + sound[place + 1] + sound[place] + sound[place + 2 :]
    if damaged != sound:
        assert verdict(damaged) in {"checksum", "date", "characters"}
        assert sound in candidates(damaged)


@given(SOUND)
def test_a_lost_check_character_has_one_candidate(sound: str) -> None:
    assert candidates(sound[:17]) == [sound]


@given(SOUND, st.sampled_from(["OIL", "oil"]))
def test_letters_for_digits_are_read_back(sound: str, letters: str) -> None:
    damaged = sound[:17].replace("0", letters[0]).replace("1", letters[1]) + sound[17]
    if damaged != sound:
        cleaned = clean(column(damaged))
        assert verdicts(cleaned).to_pylist() == ["characters"]
        assert sound in one_fault_candidates(cleaned)["candidate"].to_pylist()


@given(st.lists(SOUND, min_size=1, max_size=4), st.integers(0, 16))
def test_candidates_are_sound_distinct_and_of_their_row(sounds: list[str], place: int) -> None:
    damaged = [s[:place] + str((int(s[place]) + 1) % 10) + s[place + 1 :] for s in sounds]
    found = one_fault_candidates(column(*damaged))
    assert set(verdicts(found["candidate"]).to_pylist()) == {"sound"}
    pairs = list(zip(found["index"].to_pylist(), found["candidate"].to_pylist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert all((index, sound) in pairs for index, sound in enumerate(sounds))
    assert all(sum(a != b for a, b in zip(damaged[i], c, strict=True)) in {1, 2} for i, c in pairs)


@given(OF_THE_1900S)
def test_fifteen_digits_upgrade_to_the_number_they_became(sound: str) -> None:
    assert verdict(fifteen(sound)) == "sound_15"
    assert upgrade(column(fifteen(sound), sound, sound[:17])).to_pylist() == [sound, sound, None]


@given(SOUND)
def test_a_number_says_sex_and_birth_date(sound: str) -> None:
    assert sex_of(column(sound)).to_pylist() == ["1" if int(sound[16]) % 2 else "2"]
    born = date(int(sound[6:10]), int(sound[10:12]), int(sound[12:14]))
    assert birth_date_of(column(sound)).to_pylist() == [born]


@given(
    SOUND,
    st.sampled_from(["{}", " {}", "'{}", "\u3000{}\t", "’{}"]),
    st.sampled_from(["wide", "narrow"]),
    st.sampled_from(["small", "large"]),
)
def test_cleaning_undoes_width_blanks_case_and_apostrophes(sound: str, around: str, width: str, case: str) -> None:
    text = sound.lower() if case == "small" else sound
    text = "".join(chr(ord(character) + 0xFEE0) for character in text) if width == "wide" else text
    assert clean(column(around.format(text))).to_pylist() == [sound]


@given(st.lists(st.none() | st.text(max_size=20), max_size=8))
def test_anything_can_be_cleaned_and_judged(texts: list[str | None]) -> None:
    cleaned = clean(column(*texts))
    assert [text is None for text in cleaned.to_pylist()] == [text is None for text in texts]
    assert clean(cleaned).to_pylist() == cleaned.to_pylist() or any("'" in (text or "") for text in texts)
    assert verdicts(cleaned).null_count == 0
    assert set(one_fault_candidates(cleaned)["index"].to_pylist()) <= set(range(len(texts)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11010519491231002X", "sound"),  # the example of GB 11643
        ("110105491231002", "sound_15"),
        (None, "blank"),
        ("", "blank"),
        ("0", "placeholder"),
        ("111111111111111", "placeholder"),
        ("000000000000000000", "placeholder"),
        ("123456789012345678", "placeholder"),
        ("不详", "placeholder"),
        ("5.20102E+17", "length"),
        ("11010519491231002", "length"),
        ("1101051949123100XX", "characters"),
        ("11010519491231O02X", "characters"),
        ("11010549123100X", "characters"),
        ("一一零一零五", "characters"),  # 18 bytes of UTF-8
        ("11010519490229002X", "date"),
        ("110105194913310021", "date"),
        ("110105189912310021", "date"),
        ("110105491331002", "date"),
        ("110105194912310021", "checksum"),
    ],
)
def test_verdict(text: str | None, expected: str) -> None:
    assert verdict(text) == expected


def test_leap_days() -> None:
    days = column(*(number(day, 1) for day in ("20000229", "19960229", "19000229", "19950229")))
    assert verdicts(days).to_pylist() == ["sound", "sound", "date", "date"]


def test_a_number_is_never_repaired_by_cleaning() -> None:
    assert clean(column("52990119700101O11x", "1.1E+17", "①")).to_pylist() == ["52990119700101O11X", "1.1E+17", "①"]


def test_issuing_divisions() -> None:
    texts = column(number("19700101", 1), "11010519491231002X", "110105491231002", number("19700101", 1, "529989"), "1")
    expected = ["reserved", "known", "known", "unknown", None]
    assert issuing_division_verdict(texts, {"110105"}).to_pylist() == expected


def test_slices_chunks_and_dictionaries_are_columns_too() -> None:
    texts = column("x", number("19700101", 1), None, "110105491231002", "y")
    expected = ["sound", "blank", "sound_15"]
    assert verdicts(texts.slice(1, 3)).to_pylist() == expected
    assert verdicts(pa.chunked_array([texts.slice(1, 1), texts.slice(2, 2)])).to_pylist() == expected
    assert verdicts(texts.slice(1, 3).dictionary_encode()).to_pylist() == expected
    assert clean(column("ｘ", " 1", "2").slice(1)).to_pylist() == ["1", "2"]


def test_rows_beyond_one_stride_keep_their_places() -> None:
    sound = number("19700101", 1)
    texts = np.full(STRIDE + 3, sound, dtype=object)
    texts[-1] = sound[:17]
    found = one_fault_candidates(pa.array(texts, pa.string()))
    assert found.to_pylist() == [{"index": STRIDE + 2, "candidate": sound, "fault": "lost_check"}]
    assert verdicts(pa.array(texts, pa.string())).to_pylist()[-2:] == ["sound", "length"]


@pytest.mark.parametrize(
    "wrapped",
    [
        '="529901197708084500"',
        "'529901197708084500'",
        "\u202a529901197708084500\u202c",
        "身份证:529901197708084500",
        "公民身份号码：５２９９０１１９７７０８０８４５００",
        "(529901197708084500)",
    ],
)
def test_a_number_in_a_wrapping_is_taken_out_of_it(wrapped: str) -> None:
    cleaned = clean(pa.array([wrapped]))
    assert cleaned.to_pylist() == ["529901197708084500"]
    assert verdicts(cleaned).to_pylist() == ["sound"]


@pytest.mark.parametrize(
    "damaged", ["529901197708084500、529901195002214538", "身份证529901197708084500第2页", "E29901197708084500"]
)
def test_nothing_is_taken_out_of_what_is_not_one_number_in_a_wrapping(damaged: str) -> None:
    assert verdicts(clean(pa.array([damaged]))).to_pylist()[0] not in ("sound", "sound_15")


@pytest.mark.parametrize(
    ("paper", "verdict"),
    [
        ("E12345678", "paper"),
        ("EA1234567", "paper"),
        ("H0123456789", "paper"),
        ("M01234567", "paper"),
        ("ZZZ529982010588", "paper"),
        ("军字第1234567号", "paper"),
        ("P520012345", "paper"),
        ("810000199408230021", "sound"),
        ("830000199501010010", "checksum"),
        ("52990119", "length"),
        ("I29901197708084500", "characters"),
        ("王小芳", "length"),
    ],
)
def test_papers_of_other_kinds_are_told_from_damaged_numbers(paper: str, verdict: str) -> None:
    assert verdicts(clean(pa.array([paper]))).to_pylist() == [verdict]
