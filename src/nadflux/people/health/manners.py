"""Manners in which people speak of facts of health: denied, past, stopped, of the family, and words without effect."""

from __future__ import annotations

import re

NUMBER = r"\d+(?:[.,]\d+)?"
_LENGTH = rf"(?:{NUMBER}|a|an|few|a\s+few|several|many)\s*(?:years?|yrs?|y|months?|weeks?|wks?|days?)"
_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*"
_THEIR = r"(?:his|her|their|my)"

NOT = (
    r"(?:(?:does|do|did|is|are|has|have)(?:\s+not|n['’]?t)|no|not|non|without|denies|neither|nor|negative\s+for|"
    r"free\s+(?:of|from))"
)
DENIED = re.compile(
    rf"{NOT}(?:\s+(?:any|known|evidence\s+of|signs?\s+of|symptoms?\s+of|have|has|got|take|use|on|suffer\s+from))*\b[\s-]*",
    re.IGNORECASE,
)
NEVER = re.compile(
    rf"(?:never(?:\s+(?:had|been(?:\s+on)?|taken|used|has|have))?|{NOT}(?:\s+any)?\s+(?:(?:past|previous|known|personal)\s+)?"
    r"(?:history\s+of|hx\s+of)|has(?:\s+not|n['’]?t)\s+(?:ever\s+)?had)(?:\s+any)?\b[\s-]*",
    re.IGNORECASE,
)
NOW = re.compile(r"(?:current(?:ly)?|active|now|at\s+present|at\s+the\s+moment|presently)\b", re.IGNORECASE)
PAST = re.compile(
    r"(?:(?:past\s+|previous\s+|personal\s+|prior\s+)?(?:history|hx)\s+of|past|previous(?:ly)?(?:\s+had)?|former(?:ly)?|prior|"
    r"used\s+to\s+have|once\s+had|(?:has\s+|have\s+)?had|ex|s/p|status\s+post|recovered\s+from|recovering\s+from|cured\s+of|healed|"
    r"was(?!\s+(?:diagnosed|found|treated|put|prescribed)))\b[\s-]*",
    re.IGNORECASE,
)
STOPPED = re.compile(
    r"(?:(?:has\s+|have\s+)?(?:stopped|quit|finished|completed|discontinued|came\s+off|weaned\s+off)(?:\s+(?:taking|using))?|"
    r"used\s+to\s+(?:take|use|be\s+on)|no\s+longer|off)(?:\s+(?:on|has|have|takes?|uses?))?\b[\s-]*",
    re.IGNORECASE,
)
RESUMES = re.compile(
    r"(?:and\s+)?(?:is\s+|are\s+)?(?:now\s+|currently\s+)?"
    r"(?:on|takes?|taking|has(?!n['’]?t)|have(?!n['’]?t)|uses?|using|treated\s+with)\b(?!\s+(?:not|never|no|had|been))",
    re.IGNORECASE,
)
"""Words after which a denial or a past does not go on: *no cancer and on metformin*."""
ENDS = re.compile(r"(?:but|with|except|although)\b", re.IGNORECASE)
OR = re.compile(r"\b(?:or|nor)\s*$", re.IGNORECASE)

OVER = re.compile(
    rf"(?:in\s+(?:full\s+|complete\s+)?remission|survivors?|in\s+the\s+past|resolved|cured|healed|reversed|(?:surgically\s+)?removed|years\s+ago|"
    rf"(?:(?:[2-9]|[1-9]\d)(?:[.,]\d+)?|a\s+few|several|many)\s*(?:y|yrs?|years?)\s+ago|"
    rf"as\s+an?\s+(?:teen(?:ager)?|adolescent)|in\s+{_THEIR}\s+(?:teens|youth|twenties|20s|30s|40s|thirties|forties)|"
    r"in\s+(?:youth|childhood))\b",
    re.IGNORECASE,
)
"""After a condition: it is past."""
DATED = re.compile(
    rf"(?:{_LENGTH}\s+ago|last\s+(?:year|month|week|spring|summer|autumn|fall|winter)|yesterday|recently|"
    rf"(?:in\s+)?(?:{_MONTH}\s+)?{_YEAR}|this\s+(?:year|month|week))\b",
    re.IGNORECASE,
)
"""After a condition: it began then; nobody says whether it is over."""
LASTS = re.compile(
    rf"(?:(?:since|for)\s+(?:the\s+last\s+|about\s+|over\s+)?(?:{_LENGTH}|(?:{_MONTH}\s+)?{_YEAR}|{_MONTH})|{_LENGTH}|"
    r"long[\s-]term|for\s+life)\b",
    re.IGNORECASE,
)
NO_MORE = re.compile(r"(?:any\s?more|any\s+longer)\b", re.IGNORECASE)
RULED_OUT = re.compile(r"(?:(?:has\s+been\s+|was\s+|is\s+)?(?:ruled\s+out|excluded)|negative)\b", re.IGNORECASE)

FAMILY = re.compile(
    r"(?:no\s+)?(?:family\s+history|family|mother|father|sister|brother|parents?|aunt|uncle|cousin|siblings?|mom|mum|dad|"
    r"son|daughter|grand\w+)\b(?:'s)?",
    re.IGNORECASE,
)
IGNORED = re.compile(
    r"(?:and|or|on|has|have|having|of|takes?|taking|treated|by|also|currently|now|known|(?:newly\s+|recently\s+)?diagnosed|"
    r"under|undergoing|receiving|gets|uses?|using|prescribed|the|an?|is|who|for|therapy|treatment|drugs?|medication|"
    r"disease|(?:well|poorly|diet)[\s-]controlled|controlled|managed|uncontrolled|stable|mild|moderate|severe|chronic|"
    r"long[\s-]?standing|confirmed|active|without\s+complications|uncomplicated|usually|regularly|regular|occasional(?:ly)?|sometimes|daily|diet|tablets?|"
    r"pills?|was(?=\s+(?:diagnosed|found|treated|put|prescribed))|found|put|to|be|as\s+an?\s+adult)(?![\w])",
    re.IGNORECASE,
)
DOSE = re.compile(
    rf"(?:(?:XR|ER|SR|XL|LA|CR|MR|IR)\b\s*)?"
    rf"(?:{NUMBER}\s*(?:(?:mg|g|µg|mcg|units?|IU|puffs?)(?:\s*/\s*(?:d|day|week))?\b|(?=\s*(?:$|once\b|twice\b|daily\b|at\b))))?"
    r"\s*(?:(?:once|twice|three\s+times)?\s*"
    r"(?:daily|weekly|nightly|a\s+day|a\s+week|per\s+day|per\s+week|every\s+day|bid|tid|qd|od|bd)\b)?"
    r"\s*(?:at\s+(?:night|bedtime)|in\s+the\s+(?:morning|evening)|as\s+needed|prn|occasionally|sometimes)?",
    re.IGNORECASE,
)
PRESSURE = re.compile(
    r"(?:(?:resting\s+)?(?:blood\s+pressure|BP))\s*(?:of|is|=|:)?\s*(\d{2,3})\s*(?:/|over)\s*(\d{2,3})(?:\s*mm\s?Hg)?",
    re.IGNORECASE,
)
NO_MEDICINES = re.compile(
    r"(?:(?:takes\s+)?(?:no|without)|not\s+(?:on|taking)(?:\s+any)?|does(?:\s+not|n['’]?t)\s+take(?:\s+any)?)"
    r"(?:\s+(?:regular|daily|prescription|prescribed|current|other))?\s+"
    r"(?:medicines?|medications?|meds|drugs?|pills|tablets)\b|"
    r"(?:medicines?|medications?|meds)\s*:\s*none\b",
    re.IGNORECASE,
)
LISTED_DENIAL = re.compile(
    r"\b(?:no|without|denies|neither|never\s+had)\s+[^,;]+(?:,\s*[^,;]+)*,?\s+(?:or|nor)\s+[^,;]+", re.IGNORECASE
)
GOES_ON = re.compile(
    r"\s*[,(]\s*(?=(?:(?:now\s+|currently\s+)?(?:in\s+(?:full\s+|complete\s+)?remission\b|(?:resolved|cured|healed)\s*(?:[,;)]|$))|"
    r"(?:well[\s-])?controlled\s*(?:[,;)]|$)))|(?<=pregnant)\s*[,(]\s*(?=\d+\s*(?:weeks?|wks?|months?)\b)",
    re.IGNORECASE,
)
"""Between a condition and words on it that a comma or a bracket sets apart."""
_ORGANS = r"kidney|renal|liver|heart|lung|thyroid|gallbladder"
SHARED = re.compile(
    rf"\b({_ORGANS})\s*(,|or|and)\s+(?=(?:(?:{_ORGANS})\s*(?:,|or|and)\s+)*(?:{_ORGANS})\s+(disease|problem|problems)\b)",
    re.IGNORECASE,
)
"""A word that organs share, as in *no kidney or liver disease*."""
RECENT = re.compile(r"\b(?:weeks?|wks?|days?|yesterday|recently)\b", re.IGNORECASE)
LIMIT = r"(?:<|>|≤|≥|above|below|under|over|less\s+than|more\s+than|greater\s+than|at\s+least|at\s+most)\s*=?\s*"
COUNTS = {
    word: str(count)
    for count, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2
    )
}
