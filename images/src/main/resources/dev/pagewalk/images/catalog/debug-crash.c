// debug-crash: a pointer has become wrong, and three calls further down something is stored through it.
#include "guest.h"

struct account {
    const char *owner;
    long *balance;
};

static long money = 100;
static struct account accounts[] = {{"ada", &money}, {"bob", (long *) 0x123450}};

static void deposit(struct account *account, long amount) {
    *account->balance = amount;
}

static void pay_all(long amount) {
    for (int i = 0; i < 2; i++) {
        deposit(&accounts[i], amount);
    }
}

int main(int argc, char **argv) {
    (void) argc, (void) argv;
    print("paying\n");
    pay_all(50);
    print_line("paid: ", money);
    return 0;
}
