/*
 * test_threads — built rules and tickets that nobody changes are shared between threads.
 *
 * Each thread retains the policies, asks and counts on its own, and drops its reference; what the
 * threads counted merges into what one of them counts alone. Run under ThreadSanitizer by the step
 * `races` of run.sh, this finds whatever two of them would write.
 */
#include <pthread.h>

#include "sla_support.h"

enum { N_THREADS = 4, N_TICKETS = 12, ROUNDS = 25 };

typedef struct worker {
    csq_policies *policies;
    csq_ticket *const *tickets;
    uint32_t first; /* of the tickets that it counts */
    csq_tally *tally;
    uint32_t n_answers;
    bool failed;
} worker;

static csq_tally *new_tally(csq_policies *policies)
{
    static const uint32_t attributes[] = {CSQ_TICKET_PRIORITY};
    const csq_tally_options options = {
        .size = sizeof options, .n_attributes = 1, .attributes = attributes};
    csq_tally *tally = NULL;
    return csq_tally_new(policies, &options, NULL, &tally, NULL) == CSQ_OK ? tally : NULL;
}

/* cmocka's assertions are for the first thread only. */
static void *work(void *user)
{
    worker *one = user;
    for (int round = 0; round < ROUNDS && !one->failed; round++) {
        csq_policies *policies = csq_policies_retain(one->policies);
        for (uint32_t i = 0; i < N_TICKETS; i++) {
            csq_answer answer = {.size = sizeof answer};
            one->failed |= csq_policies_answer(policies, one->tickets[i], 0, sla_at("Fri 12:00"),
                                               &answer, NULL) != CSQ_OK;
            one->n_answers += answer.phase != CSQ_PHASE_NOT_APPLICABLE;
        }
        csq_tally_reset(one->tally);
        for (uint32_t i = one->first; i < N_TICKETS; i += N_THREADS) {
            one->failed |=
                csq_tally_add(one->tally, one->tickets[i], sla_at("Fri 12:00"), NULL) != CSQ_OK;
        }
        csq_policies_free(policies);
    }
    return NULL;
}

static void threads_share_policies_and_tickets(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_ticket *tickets[N_TICKETS];
    for (uint32_t i = 0; i < N_TICKETS; i++) {
        tickets[i] = sla_ticket(world.schema, i + 1,
                                i % 3 == 0 ? "Mon 09:00 created priority=high; Tue 10:00 set "
                                             "status=solved"
                                           : "Tue 09:00 created; Tue 10:00 set status=pending; "
                                             "Wed 11:00 set status=open");
    }
    csq_policies *policies =
        sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    csq_tally *expected = new_tally(policies);
    for (uint32_t i = 0; i < N_TICKETS; i++) {
        assert_status(CSQ_OK, csq_tally_add(expected, tickets[i], sla_at("Fri 12:00"), NULL));
    }
    worker workers[N_THREADS];
    pthread_t threads[N_THREADS];
    for (uint32_t i = 0; i < N_THREADS; i++) {
        workers[i] = (worker){policies, tickets, i, new_tally(policies), 0, false};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    csq_tally *together = new_tally(policies);
    for (uint32_t i = 0; i < N_THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(workers[i].failed);
        assert_int_equal(workers[i].n_answers, ROUNDS * N_TICKETS);
        assert_status(CSQ_OK, csq_tally_merge(together, workers[i].tally, NULL));
        csq_tally_free(workers[i].tally);
    }
    assert_true(sla_is_same_tally(together, expected));
    csq_tally_free(together);
    csq_tally_free(expected);
    for (uint32_t i = 0; i < N_TICKETS; i++) {
        csq_ticket_free(tickets[i]);
    }
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_policies_and_tickets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
