"""What each resident's activity comes to, for terms that look at residents one by one."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.payment.by_row import values_by_row
from paysim.payment.prices import Priced
from paysim.payment.survey import Survey


def value_by_resident(activity: Activity, survey: Survey, priced: Priced) -> NDArray[np.int64]:
    """Return what the activity in a term's scope comes to in pence: shape (residents, financial years), not scaled.

    It adds up to what `paysim.payment.pricing.value` gives by period.
    """
    by_resident = np.zeros((len(survey.classes.of_resident), len(priced.factors)), dtype=np.int64)
    for values in values_by_row(activity, survey, [priced]):
        years = values["period"] // MONTHS_PER_YEAR
        np.add.at(by_resident, (activity.resident[values["row"]], years), values["pence"])
    return by_resident
