/* The ten rules in one pass over the cases, by hand.
 *
 * A day is a number (1970-01-01 is 0); `never` is the day of a step that was not taken, later than every as-of day.
 * Each case gets four findings at most: `row`, `rule` and `due` need room for as many. */
#include <stddef.h>
#include <stdint.h>

typedef int32_t day;

enum rule {
    UPCOMING, COURSE_NEEDED, ENDED, ENDED_WITHOUT_COURSE, PAST_CELL_WINDOW,
    PAST_DECISION_LIMIT, RECOGNISED_LATE, EARLY_STEP, PAST_ADMISSION_LIMIT, PAST_CEREMONY_LIMIT
};

/* The tables are read at `day - first`. */
struct law {
    day as_of, upcoming_until, first, never;
    const day *probation_ends, *cell_window_ends, *recognition_limit, *admission_limit, *rank, *worked, *ceremony_days;
    const uint8_t *ceremony_from_issue;
};

/* The recorded steps, a column each, in the order in which the caller lists them. */
struct steps {
    const day *proposed_admission, *decided_admission, *received, *admitted, *certified, *proposed, *decided,
        *recognised_from, *left, *moved_out, *moved_in;
};

struct found {
    int32_t *row;
    int8_t *rule;
    day *due;
    size_t count;
};

static inline void say(struct found *found, int32_t row, enum rule rule, day due) {
    found->row[found->count] = row;
    found->rule[found->count] = (int8_t)rule;
    found->due[found->count] = due;
    found->count++;
}

static inline int away(const struct law *law, day out, day in) {
    return out <= law->as_of && !(in <= law->as_of && in >= out);
}

static inline void official(const struct law *law, const struct steps *steps, int32_t row, day ends,
                            struct found *found) {
    const day decided = steps->decided[row], proposed = steps->proposed[row];
    if (ends == law->never) return;
    if (decided <= law->as_of) {
        const day both = law->recognition_limit[law->cell_window_ends[ends - law->first] - law->first];
        if (decided > both) say(found, row, RECOGNISED_LATE, both);
    }
    if ((proposed <= law->as_of && proposed <= ends) || (decided <= law->as_of && decided <= ends))
        say(found, row, EARLY_STEP, ends + 1);
}

static inline void probationary(const struct law *law, const struct steps *steps, int32_t row, day ends,
                                struct found *found) {
    const day proposed = steps->proposed[row];
    const int untaught = steps->certified[row] > law->as_of, unproposed = proposed > law->as_of;
    if (ends <= law->as_of) {
        say(found, row, ENDED, ends);
        if (untaught) say(found, row, ENDED_WITHOUT_COURSE, ends);
        if (unproposed) {
            const day window = law->cell_window_ends[ends - law->first];
            if (window < law->as_of) say(found, row, PAST_CELL_WINDOW, window);
        }
    } else if (ends <= law->upcoming_until) {
        say(found, row, UPCOMING, ends);
        if (untaught) say(found, row, COURSE_NEEDED, ends);
    }
    if (!unproposed) {
        const day limit = law->recognition_limit[proposed - law->first];
        if (limit < law->as_of) say(found, row, PAST_DECISION_LIMIT, limit);
        if (ends != law->never && proposed <= ends) say(found, row, EARLY_STEP, ends + 1);
    }
}

static inline void not_admitted(const struct law *law, const struct steps *steps, int32_t row, struct found *found) {
    const day decided = steps->decided_admission[row];
    if (decided > law->as_of) {
        const day proposed = steps->proposed_admission[row];
        if (proposed > law->as_of) return;
        const day limit = law->admission_limit[proposed - law->first];
        if (limit < law->as_of) say(found, row, PAST_ADMISSION_LIMIT, limit);
        return;
    }
    const day begins = law->ceremony_from_issue[decided - law->first] ? decided : steps->received[row];
    if (begins > law->as_of) return;
    const day limit = law->worked[law->rank[begins - law->first] + law->ceremony_days[decided - law->first] - 1];
    if (limit < law->as_of) say(found, row, PAST_CEREMONY_LIMIT, limit);
}

/* Judge the rows from `from` to before `to`; gives the number of findings. */
size_t judge(const struct law *law, const struct steps *steps, int32_t from, int32_t to, int32_t *row, int8_t *rule,
             day *due) {
    struct found found = {row, rule, due, 0};
    for (int32_t at = from; at < to; at++) {
        if (steps->left[at] <= law->as_of || away(law, steps->moved_out[at], steps->moved_in[at])) continue;
        const day decided = steps->decided[at], admitted = steps->admitted[at];
        const int recognised =
            decided <= law->as_of || (decided == law->never && steps->recognised_from[at] <= law->as_of);
        if (recognised)
            official(law, steps, at, law->probation_ends[(admitted <= law->as_of ? admitted : law->never) - law->first],
                     &found);
        else if (admitted <= law->as_of)
            probationary(law, steps, at, law->probation_ends[admitted - law->first], &found);
        else
            not_admitted(law, steps, at, &found);
    }
    return found.count;
}
