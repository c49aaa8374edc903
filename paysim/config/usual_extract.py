"""What the three kinds of extract usually look like: names of columns, rules and values.

Sources: NHS Digital, Hospital Episode Statistics data dictionaries for admitted patient care, outpatients and accident
and emergency (columns and values); NHS Digital, Secondary Uses Service, Payment by Results extracts (SUSHRG, spell
numbers); NHS Data Model and Dictionary, 'Admission method', 'Patient classification', 'A&E department type' and
'Attended or did not attend'.
"""

from collections.abc import Mapping

from paysim.model.extract import ExtractKind, Rule

_RESIDENCE = ("LSOA11", "LSOA21", "LSOA01", "LSOA", "SOAL", "RESLADST_ONS", "RESLADST", "CCG_RESIDENCE")
_PERSON = ("TOKEN_PERSON_ID", "PSEUDO_HESID", "ENCRYPTED_HESID", "HESID", "PSEUDO_NHS_NUMBER", "PSEUDONYM")
_PROVIDER = ("PROCODE", "PROCODE5", "PROCODE3", "PROCODET")
_CODE = ("SUSHRG", "HRG")

COLUMNS: Mapping[ExtractKind, Mapping[str, tuple[str, ...]]] = {
    "admitted": {
        "record": ("PROVSPNOPS", "PROVSPNO", "SUSSPELLID"),
        "provider": _PROVIDER,
        "residence": _RESIDENCE,
        "person": _PERSON,
        "age": ("ADMIAGE", "STARTAGE", "AGE"),
        "sex": ("SEX",),
        "code": ("SPELLHRG", *_CODE),
        "start": ("ADMIDATE",),
        "start_time": ("ADMITIME",),
        "end": ("DISDATE",),
        "end_time": ("DISTIME",),
        "days": ("SPELDUR",),
    },
    "outpatients": {
        "record": ("ATTENDKEY", "ATTENDNO"),
        "provider": _PROVIDER,
        "residence": _RESIDENCE,
        "person": _PERSON,
        "age": ("APPTAGE", "AGE"),
        "sex": ("SEX",),
        "code": _CODE,
        "start": ("APPTDATE",),
        "start_time": ("APPTTIME",),
    },
    "emergency": {
        "record": ("AEKEY", "AEATTENDNO", "ATTENDNO"),
        "provider": _PROVIDER,
        "residence": _RESIDENCE,
        "person": _PERSON,
        "age": ("ARRIVALAGE", "ATTENDAGE", "AGE"),
        "sex": ("SEX",),
        "code": _CODE,
        "start": ("ARRIVALDATE",),
        "start_time": ("ARRIVALTIME",),
        "end_time": ("DEPTIME",),
        "minutes": ("DEPDUR",),
    },
}
"""The names that columns usually have; the first that a file has counts."""

ONLY: Mapping[ExtractKind, Mapping[str, tuple[str, ...]]] = {
    "admitted": {},
    "outpatients": {"ATTENDED": ("5", "6")},
    "emergency": {},
}
"""Rows that count, where the file has the column: appointments that were attended, on time (5) or late but seen (6)."""

_ELECTIVE_ADMISSION = ("11", "12", "13")
_EMERGENCY_ADMISSION = ("21", "22", "23", "24", "25", "28", "2A", "2B", "2D")

RULES: Mapping[ExtractKind, tuple[Rule, ...]] = {
    "admitted": (
        # A day case is admitted electively: NHS Data Model and Dictionary, 'Patient classification'.
        Rule("day_case", {"CLASSPAT": ("2",), "ADMIMETH": _ELECTIVE_ADMISSION}),
        Rule("regular_attender", {"CLASSPAT": ("3", "4")}),
        Rule("maternity", {"CLASSPAT": ("5",)}),
        Rule("maternity", {"ADMIMETH": ("31", "32")}),
        Rule("birth", {"ADMIMETH": ("82", "83", "2C")}),
        Rule("transfer", {"ADMIMETH": ("81",)}),
        Rule("elective", {"ADMIMETH": _ELECTIVE_ADMISSION}),
        Rule("non_elective_short", {"ADMIMETH": _EMERGENCY_ADMISSION}, shorter_than_days=2),
        Rule("non_elective", {"ADMIMETH": _EMERGENCY_ADMISSION}),
    ),
    "outpatients": (
        Rule("outpatient_first", {"FIRSTATT": ("1",)}),
        Rule("outpatient_follow_up", {"FIRSTATT": ("2",)}),
        Rule("outpatient_first_remote", {"FIRSTATT": ("3",)}),
        Rule("outpatient_follow_up_remote", {"FIRSTATT": ("4",)}),
    ),
    "emergency": (
        Rule("ae_type_1", {"AEDEPTTYPE": ("01", "1")}),
        Rule("ae_type_2", {"AEDEPTTYPE": ("02", "2")}),
        Rule("ae_type_3", {"AEDEPTTYPE": ("03", "3", "04", "4")}),
    ),
}
"""How the point of delivery usually follows from other columns: the first rule that holds counts."""

OPTIONAL = ("non_elective_short",)
"""Points of delivery that are told apart only where a map has a step for them."""
