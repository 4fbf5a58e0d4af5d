"""What to forecast of an indicator each day, so that it can be kept and scored when the days have come."""

from __future__ import annotations

import numpy as np

from tocsin.measure.forecast import LEAST_TOLD, forecast
from tocsin.measure.series import Series
from tocsin.records import Outlook

MADE_BY = "measure/1"
HORIZON = 7  # days
HIGH = 0.9  # the quantile of all the past that the exceedance probabilities speak of


def outlook(watch: str, indicator: str, series: Series) -> Outlook | None:
    """The forecast of the week after a series, with the probability that a day is among its highest tenth.

    None where there is too little to forecast from, or nothing was known of the last week: a blind series is not
    forecast.
    """
    values = series.present()
    known = values[~np.isnan(values)]
    if len(known) < LEAST_TOLD or np.isnan(values[-HORIZON:]).all():
        return None
    threshold = float(np.quantile(known, HIGH, method="higher"))
    if threshold <= known.min():  # nothing stands out: ask for more than there has been
        threshold = float(np.nextafter(known.max(), np.inf)) if known.max() % 1 else float(known.max() + 1)
    return Outlook(
        watch=watch,
        indicator=indicator,
        day=series.dates[-1],
        threshold=threshold,
        forecasts=tuple(forecast(series, HORIZON, threshold)),
        made_by=MADE_BY,
    )
