"""How the forecasts that were kept have done against what came."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tocsin.cli.app import app
from tocsin.cli.jsonl import emit
from tocsin.cli.saying import say
from tocsin.cli.workspace import HERE, AsJson, Where, opened
from tocsin.config import load_workspace

if TYPE_CHECKING:
    from tocsin.assess import Scoreboard
    from tocsin.measure import Score


@app.command
def scoreboard(*, workspace: Where = HERE, watch: str | None = None, json: AsJson = False) -> int:
    """Score the forecasts that earlier runs kept against what came: CRPS, coverage, Brier score, reliability.

    Every run keeps the week's forecast of each indicator as it was issued; a later run brings the days that judge it.
    Skill is against climatology (all the days known then), Brier skill against their base rate: above 0 is better.
    In brackets is where skill and coverage may lie but for chance (95 %), from three weeks on.

    Example: `tocsin scoreboard --watch taiwan-strait --workspace desk`

    Parameters
    ----------
    watch
        Only of this watch.
    """
    from tocsin.assess import scoreboard as score
    from tocsin.cli.desk import today_of
    from tocsin.cli.watching import watch_of, watches_of

    desk = load_workspace(workspace)
    chosen = [watch_of(desk, watch)] if watch else watches_of(desk)
    with opened(desk, readonly=True) as store:
        for each in chosen:
            board = score(store, each, today_of(desk))
            if not json:
                print(f"{each.name}: {_kept(board)}")
            elif not board.together:
                emit({"watch": each.name, "indicator": None, "kept": board.kept, "count": 0})
            for indicator, found in board.scores.items():
                for one in found:
                    say({"watch": each.name, "indicator": indicator, **asdict(one)}, json, _words(indicator, one))
            for one in board.together if len(board.scores) > 1 or not json else ():
                line = {"watch": each.name, "indicator": None, **asdict(one)}
                say(line, json, _words("all together", one) + _reliability(one))
    return 0


def _kept(board: Scoreboard) -> str:
    if not board.kept:
        return "no forecast is kept yet; tocsin run keeps one a day of each indicator that is known well enough."
    return f"{board.kept} weekly forecast{'' if board.kept == 1 else 's'} kept" + (
        "." if board.together else ", none of which has met its days yet."
    )


def _words(indicator: str, score: Score) -> str:
    target = "lead days" if score.target == "days" else "week total"
    told = f"  {indicator:<24} {target:<10} {score.count:>5} scored  CRPS {score.crps:<8g} skill {_signed(score.skill)}"
    if score.skill_interval:
        told += f" [{_signed(score.skill_interval[0])}, {_signed(score.skill_interval[1])}]"
    told += f"  90 % intervals held {score.coverage:4.0%}"
    if score.coverage_interval:
        told += f" [{score.coverage_interval[0]:.0%}, {score.coverage_interval[1]:.0%}]"
    told += f"  {1 - score.beyond:.0%} climatology"
    return told + (f"  Brier {score.brier:.3f} skill {_signed(score.brier_skill)}" if score.brier is not None else "")


def _reliability(score: Score) -> str:
    """The points of the reliability diagram, one a line."""
    return "".join(
        f"\n    said {point.said:4.0%}  came {point.came:4.0%}  of {point.count}" for point in score.reliability
    )


def _signed(number: float | None) -> str:
    return "–" if number is None else f"{number:+.2f}"
