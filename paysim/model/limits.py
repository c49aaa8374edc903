"""The largest numbers that a system may hold: far beyond any care system, and safe in every array that they reach."""

LARGEST_NUMBER = 1e12
"""A trillion pounds is 10^14 pence, which 64-bit ledgers can add up ten thousand times."""

LARGEST_PRICE = 1e9
"""A billion pounds for one unit of activity: 10^11 pence, which leave room for factors in millionths."""

LARGEST_MARKET_FORCES_FACTOR = 3.0
"""More than twice the largest that was ever published: per cent in place of the factor are above it."""

WIDEST_NORMAL = 0.5
"""Coefficient of variation: cut off at zero, the mean of a normal time is then 0.4% more than is written."""

LARGEST_CV = 10.0
"""Coefficient of variation: no time in care varies as much, and most per cents in place of the ratio are above it."""

LARGEST_COUNT = 2**31 - 1
"""Residents and servers are numbered in 32 bits."""

MOST_NUMBERED = 2**15 - 1
"""Places, services, steps and codes are numbered in 16 bits."""

MOST_WAIT_SENSITIVE_CHOICES = 8
"""A resident's options of all choices that depend on waits are packed into 64 bits, eight bits for each."""

MOST_OPTIONS_TO_WAIT_FOR = 255
"""What eight bits can number beside 'not chosen yet'."""

LARGEST_SEED = 2**63 - 1
"""Random numbers are keyed by 64 bits."""

MOST_YEARS = 100
"""Years are keyed by eight bits."""

FIRST_YEAR = 1900
"""Earlier dates stand for none in extracts, such as 1800-01-01 and 1801-01-01 in Hospital Episode Statistics."""

LAST_YEAR = 9998 - MOST_YEARS
"""The latest in which a system may begin: dates end with the year 9999."""

MOST_REPLICATIONS = 1_000_000
"""Far below the number from which calibration replications count."""

ROUNDING = 1e-9
"""How far a sum of probabilities may miss 1 by rounding alone, and of its range, an intensity an end of it."""

SHARE_TOLERANCE = 1e-6
"""How far shares may be from adding up to 1: published shares carry about six decimals."""

MOST_WARM_UP_DAYS = 3653
"""Ten years."""
