"""Assess a watch from what is stored: its indicators as series, their departures, and warnings with their evidence.

A run of the pipeline carries what it knows from day to day (`assess`); a reader's question is answered from the records
alone (`chart`). Both come to the same.
"""

from tocsin.assess.assessment import Assessment, assess
from tocsin.assess.changes import last_day
from tocsin.assess.charts import Chart, chart
from tocsin.assess.judged import Scoreboard, scoreboard

__all__ = ["Assessment", "Chart", "Scoreboard", "assess", "chart", "last_day", "scoreboard"]
