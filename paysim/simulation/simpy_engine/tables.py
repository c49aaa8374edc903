"""The Program as Python lists, which are faster to index one by one, and the look-ups that an episode makes."""

from bisect import bisect_left

from paysim.simulation import durations
from paysim.simulation.program import NOTHING, Program


class Tables:
    """What an episode looks up in a Program."""

    def __init__(self, program: Program) -> None:
        self.profiles = program.residents.profiles
        kind, a, b = (column.tolist() for column in program.durations)
        self._durations: list[tuple[int, float, float]] = list(zip(kind, a, b, strict=True))
        steps, choices, branches, mixes = program.steps, program.choices, program.branches, program.case_mixes
        self._duration, self._code, self._mix = steps.duration.tolist(), steps.code.tolist(), steps.case_mix.tolist()
        self.priority, self.patience = steps.priority.tolist(), steps.patience.tolist()
        self.unserved, self.instead = steps.unserved.tolist(), steps.instead.tolist()
        self._absence_row, self._absence = steps.absence_row.tolist(), steps.absence.tolist()
        self.group, self.certain, self.remembered = (
            choices.group.tolist(),
            choices.certain.tolist(),
            choices.remembered.tolist(),
        )
        self.sensitivity, self.share = choices.sensitivity.tolist(), choices.share.tolist()
        self._first_option, self.option, self._until = (
            choices.first.tolist(),
            choices.service.tolist(),
            choices.until.tolist(),
        )
        self._first_branch, self._to, self._delay = (
            branches.first.tolist(),
            branches.to.tolist(),
            branches.delay.tolist(),
        )
        self._holds, self._threshold = branches.holds.tolist(), branches.threshold.tolist()
        self._width, self._varies = branches.width.tolist(), branches.varies.tolist()
        self._branch_until = branches.until.tolist()
        self._first_over, self._over = branches.first_over.tolist(), branches.over.tolist()
        self._first_entry, self._entry_until = mixes.first.tolist(), mixes.until.tolist()
        self._entry_code, self._entry_duration = mixes.code.tolist(), mixes.duration.tolist()

    def days(self, duration: int, u: float) -> float:
        """Return the u-quantile of a numbered duration."""
        kind, a, b = self._durations[duration]
        return durations.sample(kind, a, b, u)

    def absence(self, step: int, kind: int) -> float | None:
        """Return the probability that a resident does not attend a step, None where all come."""
        row = self._absence_row[step]
        return None if row == NOTHING else self._absence[row][kind]

    def options(self, step: int) -> range:
        """Return the places of a step's options among all options."""
        return range(self._first_option[step], self._first_option[step + 1])

    def option_by_share(self, step: int, place: int, u: float) -> int:
        """Return the option that a uniform chooses where shares alone decide."""
        options = self.options(step)
        return bisect_left(self._until[place], u, options.start, options.stop)

    def code_and_duration(self, step: int, u_code: float, u_duration: float) -> tuple[int, float]:
        """Return the code that a step is recorded with and its duration in days."""
        code, duration, mix = self._code[step], self._duration[step], self._mix[step]
        if mix != NOTHING:
            entry = bisect_left(self._entry_until, u_code, self._first_entry[mix], self._first_entry[mix + 1])
            code = self._entry_code[entry]
            if duration == NOTHING:
                duration = self._entry_duration[entry]
        return code, self.days(duration, u_duration)

    def way_on(self, step: int, kind: int, wait: float, u_branch: float, u_delay: float) -> tuple[int, float, bool]:
        """Return the step that follows (or NOTHING), the delay before it in days, and whether the server is kept."""
        limits = self._over[self._first_over[step] : self._first_over[step + 1]]
        band = sum(wait > limit for limit in limits)
        for branch in range(self._first_branch[step], self._first_branch[step + 1]):
            threshold = self._threshold[branch] + band * self._width[branch] + kind * self._varies[branch]
            if u_branch <= self._branch_until[threshold]:
                return self._to[branch], self.days(self._delay[branch], u_delay), bool(self._holds[branch])
        return NOTHING, 0.0, False
