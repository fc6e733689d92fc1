// debug-fork: parent and child write the same copy-on-write page, and the child replaces itself by a new program.
#include "guest.h"

// Alone in its page, so that nothing else breaks the sharing.
struct {
    volatile long value;
    char rest[PAGE - sizeof(long)];
} shared __attribute__((aligned(4096))) = {.value = 1};

static char *const again[] = {"debug-fork", "again", 0};
static char *const nothing[] = {0};

static void set_shared(long value) {
    shared.value = value;
}

static long fork(void) {
    enum { SIGCHLD = 17 };
    return system_call(CALL_CLONE, SIGCHLD, 0, 0, 0, 0, 0);
}

static void child_work(void) {
    set_shared(10);
    set_shared(11);
    set_shared(12);
    print_line("child: ", shared.value);
    system_call(CALL_EXECVE, (long) "/proc/self/exe", (long) again, (long) nothing, 0, 0, 0);
    print("no exec\n");
    exit_process(1);
}

static int parent_work(long child) {
    int status = -1;
    set_shared(20);
    set_shared(21);
    if (system_call(CALL_WAIT4, child, (long) &status, 0, 0, 0, 0) != child) {
        print("no child\n");
        return 1;
    }
    print_line("parent: ", shared.value);
    return status >> 8 != 7;
}

// What the child becomes: it starts with the data of the file.
static int after_exec(void) {
    print_line("after exec: ", shared.value);
    return 7;
}

int main(int argc, char **argv) {
    (void) argv;
    if (argc > 1) {
        return after_exec();
    }
    set_shared(2);
    set_shared(3);
    print_line("before the fork: ", shared.value);
    long child = fork();
    if (child == 0) {
        child_work();
    }
    return parent_work(child);
}
