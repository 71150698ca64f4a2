"""Words that people write of their health: each was once read otherwise, lost or refused."""

from __future__ import annotations

import pytest

from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.people.health import FactValue, follow, read_facts
from nadflux.plans.language.person import read_person


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("history of cancer on metformin", {"past_cancer": True, "on_metformin": True}),
        ("history of cancer and on insulin", {"past_cancer": True, "on_insulin": True}),
        ("no cancer and on metformin", {"cancer": False, "on_metformin": True}),
        ("no cancer and diabetes", {"cancer": False, "diabetes": False}),
        ("not on insulin or on metformin", {"on_insulin": False, "on_metformin": False}),
        ("never had cancer", {"cancer": False, "past_cancer": False}),
        ("no current cancer", {"cancer": False}),
        ("no active eating disorder", {}),
        ("not currently anorexic", {}),
        ("no longer anorexic", {"eating_disorder": True}),
        ("not anorexic anymore", {"eating_disorder": True}),
        ("no longer has cancer", {"past_cancer": True}),
        ("no cancer since 2015", {"cancer": False, "past_cancer": True}),
        ("no eating disorder for 10 years", {"eating_disorder": True}),
        ("finished cancer treatment", {"past_cancer": True}),
        ("cured of cancer", {"past_cancer": True}),
        ("recovered from anorexia", {"eating_disorder": True}),
        ("basal cell carcinoma removed", {"past_cancer": True}),
        ("cancer/diabetes", {"cancer": True, "diabetes": True}),
        ("diabetes/hypertension", {"diabetes": True, "hypertension": True}),
        ("previously pregnant", {}),
        ("was pregnant", {}),
        ("had chemotherapy", {}),
        ("finished chemo last year", {"chemotherapy": False}),
        ("COVID last month", {}),
        ("no evidence of cancer", {"cancer": False}),
        ("cancer ruled out", {"cancer": False}),
        ("does not have diabetes", {"diabetes": False}),
        ("isn't pregnant", {"pregnant": False}),
        ("no kidney or liver disease", {"kidney_disease": False, "liver_disease": False}),
        ("no heart problems", {"cardiovascular_disease": False}),
        ("stopped metformin last year", {"on_metformin": False}),
        ("used to take warfarin", {"on_warfarin": False}),
        ("was on metformin", {"on_metformin": False}),
        ("stopped metformin and has diabetes", {"on_metformin": False, "diabetes": True}),
        ("finished prednisone last week", {}),
        ("stopped gliclazide", {}),
        ("stopped Lantus", {}),
        ("severe chronic kidney disease", {"kidney_failure": True}),
        ("severe hepatitis", {"severe_liver_disease": True}),
        ("severe heart failure", {"decompensated_heart_failure": True}),
        ("uncontrolled hypertension", {"uncontrolled_cardiovascular_disease": True}),
        ("uncontrolled angina", {"unstable_angina": True}),
        ("history of unstable angina", {"angina": True}),
        ("recent heart attack", {"recent_infarction": True}),
        ("heart attack in 2019", {"infarction": True}),
        ("pulmonary embolism 10 years ago", {"cardiovascular_disease": True}),
        ("recovering alcoholic", {"past_heavy_alcohol": True}),
        ("quit drinking 2 years ago", {"abstinent": True}),
        ("no alcohol", {"abstinent": True}),
        ("drinks 2 glasses of wine a day", {"alcohol": 2.0}),
        ("drinks five beers a day", {"alcohol": 5.0}),
        ("gestational diabetes", {"gestational_diabetes": True}),
        ("history of gestational diabetes", {}),
        ("18 weeks pregnant", {"pregnancy_week": 18.0}),
        ("6 weeks postpartum", {"postpartum_weeks": 6.0}),
        ("HbA1c 7.2%", {"hba1c": 7.2}),
        ("HbA1c 55 mmol/mol", {"hba1c_ifcc": 55.0}),
        ("warfarin INR 2.5", {"on_anticoagulant": True, "on_warfarin": True, "inr": 2.5}),
        ("on steroids for 6 weeks", {"steroid_weeks": 6.0}),
        ("BRCA1 positive", {"cancer_risk": True}),
        ("BRCA negative", {}),
        ("no folate deficiency", {}),
        ("no CHIP", {}),
        ("penicillin allergy", {"other_allergy": True}),
        ("allergic to niacin", {"allergy": True}),
        ("NKDA", {"no_drug_allergy": True}),
        ("hepatitis C", {"liver_disease": True}),
        ("CKD 3b", {"kidney_disease": True}),
        ("stage 4 chronic kidney disease", {"kidney_failure": True}),
        ("on blood pressure pills", {"on_antihypertensive": True}),
        ("simvastatin 40 mg at night", {"on_statin": True, "on_simvastatin": True}),
        ("ibuprofen as needed", {"on_nsaid": True}),
        ("losartan 50", {"on_antihypertensive": True, "on_arb": True}),
        ("Janumet", {"on_metformin": True, "on_dpp4_inhibitor": True}),
        ("Humira", {"on_immunosuppressant": True}),
        ("Lasix", {"on_antihypertensive": True, "on_diuretic": True}),
        ("seven medicines", {"medicines": 7.0}),
        ("takes no meds", {"medicines": 0.0}),
        ("BP 140 over 90", {"systolic": 140.0, "diastolic": 90.0}),
        ("platelets 90k", {"platelets": 90.0}),
        ("bipolar disorder", {"mental_illness": True}),
        ("type 2 diabetes mellitus", {"type_2_diabetes": True}),
        ("history of cancer and pregnant", None),
        ("possibly pregnant", None),
        ("suspected cancer", None),
        ("epilepsy-free", None),
    ],
)
def test_words_are_read_as_they_are_meant(text: str, facts: dict[str, FactValue] | None) -> None:
    assert read_facts(text) == facts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("PE in 2018", "is it over"),
        ("breast cancer in 2015", "is it over"),
        ("eGFR <30", "limit"),
        ("eGFR above 60", "limit"),
        ("mother had cancer", "family"),
    ],
)
def test_what_leaves_its_meaning_open_is_asked_back(text: str, says: str) -> None:
    with pytest.raises(ValueOutOfRangeError, match=says):
        read_facts(text)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("breast cancer, in remission", {"past_cancer": True}),
        ("pregnant (18 weeks)", {"pregnancy_week": 18.0}),
        ("warfarin (INR 2.5)", {"on_anticoagulant": True, "on_warfarin": True, "inr": 2.5}),
        ("no cancer, on metformin or insulin", {"cancer": False, "on_metformin": True, "on_insulin": True}),
        ("no liver or kidney problems", {"liver_disease": False, "kidney_disease": False}),
    ],
)
def test_words_set_apart_by_commas_and_brackets_belong_together(text: str, facts: dict[str, FactValue]) -> None:
    assert read_person(f"woman, 40 y, {text}").health == facts


@pytest.mark.parametrize("text", ["may be pregnant", "possible lupus", "epilepsy-free", "lives with a diabetic"])
def test_words_that_are_left_over_refuse_the_whole(text: str) -> None:
    with pytest.raises(NadfluxError):
        read_person(f"woman, 40 y, {text}")


def test_who_writes_who_they_are_does_not_speak_of_the_family() -> None:
    assert read_person("father, 45 y").sex == "man"


@pytest.mark.parametrize(
    ("known", "name", "value"),
    [
        ({"hba1c": 7.2}, "diabetes", True),
        ({"hba1c": 6.0}, "prediabetes", True),
        ({"hba1c_ifcc": 55.0}, "diabetes", True),
        ({"pregnancy_week": 18.0}, "pregnant", True),
        ({"postpartum_weeks": 6.0}, "pregnant", False),
        ({"gestational_diabetes": True}, "pregnant", True),
        ({"on_insulin": True}, "diabetes", True),
        ({"abstinent": True}, "alcohol", 0.0),
        ({"steroid_weeks": 6.0}, "on_long_steroids", True),
        ({"steroid_weeks": 1.0}, "on_long_steroids", False),
        ({"qtc": 510.0}, "long_qt", True),
        ({"recent_infarction": True}, "infarction", True),
        ({"weeks_since_infarction": 20.0}, "recent_infarction", False),
        ({"on_metformin": True, "on_lithium": True}, "named_medicines", 2.0),
    ],
)
def test_what_follows_from_words(known: dict[str, FactValue], name: str, value: FactValue) -> None:
    assert follow(known)[name] == value
