// debug-unmap: one hart takes a page away while another one still has its translation.
#include "threads.h"

enum { NOT_MAPPED = -12 }; // ENOMEM, from mincore

static volatile long *page;
static volatile int touched;
static volatile int finished;

// On hart 1: reads the page once, and stays there without looking at it again.
static void toucher(void *argument) {
    long *seen = argument;
    stay_on_hart(1);
    *seen = *page;
    touched = 1;
    futex_wake(&touched, 1);
    while (!finished) {
    }
}

static void before_unmap(void) {
    print("both harts know the page\n");
}

static void after_unmap(void) {
    print("the page is gone\n");
}

int main(int argc, char **argv) {
    struct thread thread;
    long seen = 0;
    char resident;
    (void) argc, (void) argv;
    stay_on_hart(0);
    page = map_pages(PAGE);
    *page = 42;
    start_thread(&thread, toucher, &seen);
    while (!touched) {
        futex_wait(&touched, 0);
    }
    before_unmap();
    system_call(CALL_MUNMAP, (long) page, PAGE, 0, 0, 0, 0);
    after_unmap();
    finished = 1;
    join_thread(&thread);
    print_line("the other hart had read ", seen);
    return system_call(CALL_MINCORE, (long) page, PAGE, (long) &resident, 0, 0, 0) != NOT_MAPPED;
}
