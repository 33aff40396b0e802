/* The policy of policies/population.yaml by hand: one pass over the rows, one row at a time.
 * Numbers are whole: scores in hundredths, credit in thousandths, days as ordinals (1 is 0001-01-01). */

#include <stdbool.h>
#include <stdint.h>

struct given {
    const int32_t *absent_days, *base_pay;
    const bool *competency_passed;
    const int32_t *conduct_peer_1, *conduct_peer_2, *conduct_peer_3, *conduct_staff, *conduct_supervisor;
    const int32_t *credit, *education;
    const bool *exceptional_achievement, *mentor;
    const int32_t *position_date, *position_kind, *potential, *predicate_before, *predicate_last;
    const int32_t *projects_on_time;
    const int32_t *quality_peer_1, *quality_peer_2, *quality_peer_3, *quality_staff, *quality_supervisor;
    const int32_t *rank, *rank_date, *sanction_end, *sanction_level, *service_date, *subordinates, *training_hours;
    const bool *under_examination;
    const int32_t *zone;
};

struct answer {
    int32_t *merit_score, *box, *months_in_rank, *credit_total;
    bool *not_examined, *not_sanctioned, *good_last_year, *good_two_years, *credit_enough, *long_in_rank;
    bool *some_time_in_rank, *settled_in_post, *high_in_matrix, *below_ceiling, *trained, *present;
    bool *granted;
    int32_t *track, *new_rank, *amount;
};

enum { SMA, D3, S1, S2, S3 };
enum { BAIK = 3, SANGAT_BAIK = 4 };
enum { PELAKSANA, FUNGSIONAL, STRUKTURAL };
enum { LUAR_BIASA, FUNGSIONAL_TRACK, STRUKTURAL_TRACK, IJAZAH, REGULER };

static const int32_t MATRIX[3][3] = {{1, 2, 5}, {3, 4, 7}, {6, 8, 9}};
/* In halves of a point. */
static const int32_t YEARLY_CREDIT[17] = {10, 10, 10, 10, 10, 10, 25, 25, 25, 25, 50, 50, 75, 75, 100, 100, 100};
/* In quarters. */
static const int32_t SHARE[5] = {1, 2, 3, 4, 6};
static const int32_t CREDIT_NEED[17] = {10000, 10000, 15000, 15000, 15000, 20000, 20000, 20000, 50000,
                                        50000, 100000, 100000, 150000, 150000, 187500, 200000, 200000};
static const int32_t CEILING[5] = {9, 10, 11, 13, 15};
static const int32_t ENTRY[5] = {4, 6, 8, 9, 10};
/* In fortieths. */
static const int32_t ZONE_RATE[4] = {0, 2, 5, 7};
/* In two-hundredths. */
static const int32_t BOX_RATE[10] = {0, 0, 2, 4, 10, 8, 15, 20, 25, 40};
static const int32_t ALLOWANCE[17] = {250000, 250000, 250000, 250000, 300000, 300000, 300000, 300000, 540000,
                                      540000, 960000, 960000, 1260000, 1260000, 1260000, 1480000, 1480000};

/* Nearest; ties up. The arguments here are never negative. */
static inline int32_t half_up(int32_t n, int32_t d) { return (2 * n + d) / (2 * d); }

static inline int32_t half_even(int32_t n, int32_t d) {
    int32_t q = n / d, r = n - q * d, twice = 2 * r;
    return q + (twice > d || (twice == d && (q & 1)));
}

struct day { int32_t month, day; };

/* Month index (12 * year + month - 1) and day of the month of an ordinal: days counted from a first of March. */
static inline struct day day_of(int32_t ordinal) {
    uint32_t z = (uint32_t)ordinal + 305;
    uint32_t era = z / 146097, doe = z - era * 146097;
    uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    uint32_t mp = (5 * doy + 2) / 153;
    struct day found = {(int32_t)(12 * (yoe + era * 400) + mp + 2), (int32_t)(doy - (153 * mp + 2) / 5 + 1)};
    return found;
}

#ifdef DAYS_BY_TABLE
/* The same from a table of the days from 1890 on, filled on the first call: less arithmetic, more memory. */
enum { FIRST = 689967, DAYS = 65536 };
static struct day table[DAYS];
static void fill_table(void) {
    for (int32_t i = 0; i < DAYS && !table[DAYS - 1].month; i++) table[i] = day_of(FIRST + i);
}
static inline struct day day_at(int32_t ordinal) { return table[ordinal - FIRST]; }
#else
static void fill_table(void) {}
static inline struct day day_at(int32_t ordinal) { return day_of(ordinal); }
#endif

/* Whole months up to the day of decision. A day that its month lacks counts as that month's last. */
static inline int32_t months_until(struct day of, int32_t length, int32_t from) {
    struct day then = day_at(from);
    int32_t day = then.day < length ? then.day : length;
    return of.month - then.month - (day > of.day);
}

static inline int level_of(int32_t score, int32_t middle, int32_t high) { return (score >= middle) + (score >= high); }

void population(int64_t rows, int32_t as_of, int32_t length, const struct given *in, const struct answer *out) {
    const struct day today = day_of(as_of);
    fill_table();
    for (int64_t i = 0; i < rows; i++) {
        int32_t peers = half_up(in->quality_peer_1[i] + in->quality_peer_2[i] + in->quality_peer_3[i], 3);
        int32_t quality = half_up(12 * in->quality_supervisor[i] + 5 * peers + 3 * in->quality_staff[i], 20);
        peers = half_up(in->conduct_peer_1[i] + in->conduct_peer_2[i] + in->conduct_peer_3[i], 3);
        int32_t conduct = half_up(12 * in->conduct_supervisor[i] + 5 * peers + 3 * in->conduct_staff[i], 20);
        int32_t merit = half_even(7 * quality + 3 * conduct, 10);
        int32_t absent = in->absent_days[i];
        int32_t performance = merit - 25 * absent;
        int32_t box = MATRIX[level_of(performance, 7000, 8500)][level_of(in->potential[i], 6500, 8250)];

        int32_t in_rank = months_until(today, length, in->rank_date[i]);
        int32_t in_post = months_until(today, length, in->position_date[i]);
        int32_t in_service = months_until(today, length, in->service_date[i]);

        int32_t rank = in->rank[i], last = in->predicate_last[i], before = in->predicate_before[i];
        int32_t counted = in_rank < 0 ? 0 : in_rank > 12 ? 12 : in_rank;
        int32_t credit = in->credit[i] + half_up(YEARLY_CREDIT[rank] * SHARE[last] * counted * 125, 12);

        int32_t kind = in->position_kind[i], education = in->education[i], next = rank < 16 ? rank + 1 : 16;
        bool competent = in->competency_passed[i];
        bool not_examined = !in->under_examination[i];
        bool not_sanctioned = !(in->sanction_level[i] >= 2 && as_of <= in->sanction_end[i]);
        bool good_last = last >= BAIK;
        bool good_two = good_last && before >= BAIK;
        bool credit_enough = credit >= CREDIT_NEED[rank];
        bool long_in_rank = in_rank >= 48;
        bool some_time = in_rank >= 24;
        bool settled = in_post >= 12;
        bool high = box >= 7;
        bool below_ceiling = rank < CEILING[education];
        bool trained = in->training_hours[i] >= 24 && competent;
        bool present = absent <= 10;

        bool granted = true;
        int32_t track = REGULER, new_rank = next;
        bool open = not_examined && not_sanctioned && good_last;
        if (open && in->exceptional_achievement[i] && high && rank < 16)
            track = LUAR_BIASA;
        else if (open && kind == FUNGSIONAL && credit_enough && some_time && good_two && trained && rank < 16)
            track = FUNGSIONAL_TRACK;
        else if (open && kind == STRUKTURAL && settled && some_time && good_two && rank < 15 && box >= 4)
            track = STRUKTURAL_TRACK;
        else if (open && rank < ENTRY[education] && competent && settled && present) {
            track = IJAZAH;
            new_rank = ENTRY[education];
        } else
            granted = open && long_in_rank && good_two && below_ceiling && present;

        int32_t pay = in->base_pay[i], amount = 0;
        if (high && good_last && not_sanctioned)
            amount += half_up(pay * BOX_RATE[box], 200);
        if (in->zone[i] != 0 && settled && present)
            amount += half_up(pay * ZONE_RATE[in->zone[i]], 40);
        int32_t projects = in->projects_on_time[i];
        if (projects >= 1 && good_last && not_examined)
            amount += 400000 * (projects < 5 ? projects : 5);
        int32_t span = in->subordinates[i];
        if (kind == STRUKTURAL && span >= 5 && box >= 4)
            amount += 50000 * (span < 20 ? span : 20);
        if (absent == 0 && not_sanctioned)
            amount += 500000;
        if (in->mentor[i] && settled && merit >= 9000)
            amount += 750000;
        if (education >= S2 && trained && present)
            amount += 600000;
        if (in_service >= 30 * 12 && not_sanctioned && not_examined)
            amount += 450000;
        if (trained && some_time)
            amount += 300000;
        if (conduct >= 9000 && not_sanctioned)
            amount += 350000;
        if (last == SANGAT_BAIK && before == SANGAT_BAIK && not_sanctioned && not_examined)
            amount += half_up(pay, 8);
        if (kind == FUNGSIONAL && competent && credit_enough && good_last)
            amount += ALLOWANCE[rank];

        out->merit_score[i] = merit;
        out->box[i] = box;
        out->months_in_rank[i] = in_rank;
        out->credit_total[i] = credit;
        out->not_examined[i] = not_examined;
        out->not_sanctioned[i] = not_sanctioned;
        out->good_last_year[i] = good_last;
        out->good_two_years[i] = good_two;
        out->credit_enough[i] = credit_enough;
        out->long_in_rank[i] = long_in_rank;
        out->some_time_in_rank[i] = some_time;
        out->settled_in_post[i] = settled;
        out->high_in_matrix[i] = high;
        out->below_ceiling[i] = below_ceiling;
        out->trained[i] = trained;
        out->present[i] = present;
        out->granted[i] = granted;
        out->track[i] = track;
        out->new_rank[i] = new_rank;
        out->amount[i] = amount;
    }
}
