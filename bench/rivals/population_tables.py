"""The tables of the population policy in whole numbers, for the rivals that are written in Python."""

MATRIX = (1, 2, 5, 3, 4, 7, 6, 8, 9)
YEARLY_CREDIT = (10, 10, 10, 10, 10, 10, 25, 25, 25, 25, 50, 50, 75, 75, 100, 100, 100)
"""In halves of a point."""
SHARE = (1, 2, 3, 4, 6)
"""In quarters."""
CREDIT_NEED = tuple(
    1000 * n // 2 for n in (20, 20, 30, 30, 30, 40, 40, 40, 100, 100, 200, 200, 300, 300, 375, 400, 400)
)
"""In thousandths."""
CEILING = (9, 10, 11, 13, 15)
ENTRY = (4, 6, 8, 9, 10)
ZONE_RATE = (0, 2, 5, 7)
"""In fortieths."""
BOX_RATE = (0, 0, 2, 4, 10, 8, 15, 20, 25, 40)
"""In two-hundredths, by the number of the box."""
ALLOWANCE = (*(250_000,) * 4, *(300_000,) * 4, *(540_000,) * 2, *(960_000,) * 2, *(1_260_000,) * 3, *(1_480_000,) * 2)
DATES = ("position_date", "rank_date", "sanction_end", "service_date")
UNIX = 719_163
"""The ordinal of 1970-01-01."""
