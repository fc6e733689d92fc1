// debug-threads: three threads with a task each, all in the midst of it when the last one arrives.
#include "threads.h"

struct worker {
    struct thread thread;
    const char *role;
    long steps; // done so far
    long result;
};

enum { PRIMES, SQUARES, STAIRS, WORKERS };

struct worker workers[WORKERS] = {
    [PRIMES] = {.role = "prime counter"},
    [SQUARES] = {.role = "square adder"},
    [STAIRS] = {.role = "stair climber"},
};

static volatile int arrived;
static const char *volatile last_to_come;

// All three are in their functions now: a good place to stop.
static void all_are_here(struct worker *last) {
    last_to_come = last->role;
}

static void meet(struct worker *worker) {
    int now = __atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
    if (now == WORKERS) {
        all_are_here(worker);
        futex_wake(&arrived, WORKERS);
    }
    while (now < WORKERS) {
        futex_wait(&arrived, now);
        now = arrived;
    }
}

static int is_prime(long n) {
    for (long divisor = 2; divisor * divisor <= n; divisor++) {
        if (n % divisor == 0) {
            return 0;
        }
    }
    return n > 1;
}

static void count_primes(void *argument) {
    struct worker *worker = argument;
    for (long n = 0; n < 100; n++) {
        if (n == 50) {
            meet(worker);
        }
        worker->result += is_prime(n);
        worker->steps++;
    }
}

static void add_squares(void *argument) {
    struct worker *worker = argument;
    for (long n = 1; n <= 50; n++) {
        if (n == 25) {
            meet(worker);
        }
        worker->result += n * n;
        worker->steps++;
    }
}

static long climb(struct worker *worker, long stairs) {
    if (stairs == 0) {
        meet(worker);
        return 0;
    }
    long above = climb(worker, stairs - 1);
    worker->steps++;
    return above + stairs;
}

static void climb_stairs(void *argument) {
    struct worker *worker = argument;
    worker->result = climb(worker, 4);
}

int main(int argc, char **argv) {
    (void) argc, (void) argv;
    start_thread(&workers[PRIMES].thread, count_primes, &workers[PRIMES]);
    start_thread(&workers[SQUARES].thread, add_squares, &workers[SQUARES]);
    start_thread(&workers[STAIRS].thread, climb_stairs, &workers[STAIRS]);
    for (int i = 0; i < WORKERS; i++) {
        join_thread(&workers[i].thread);
    }
    print_line("primes below 100: ", workers[PRIMES].result);
    print_line("squares up to 50: ", workers[SQUARES].result);
    print_line("stairs: ", workers[STAIRS].result);
    return 0;
}
