// picolibc-qsort: a C library sorts numbers and records by the guest's own comparison, and finds them again.
#include "platform.h"

#include <string.h>

#define NUMBERS 5000

struct walk {
    const char *name;
    int levels;
};

static struct walk walks[] = {
    {"Sv57", 5}, {"x86-64", 4}, {"Sv32", 2}, {"Sv48", 4}, {"Sv39", 3}, {"VAX", 2}, {"LA57", 5}, {"i386", 2},
};

static long numbers[NUMBERS];
static long comparisons;

static int by_value(const void *one, const void *other) {
    long a = *(const long *) one;
    long b = *(const long *) other;
    comparisons++;
    return (a > b) - (a < b);
}

static int by_levels_and_name(const void *one, const void *other) {
    const struct walk *a = one;
    const struct walk *b = other;
    return a->levels != b->levels ? a->levels - b->levels : strcmp(a->name, b->name);
}

static long sum(void) {
    long sum = 0;
    for (int i = 0; i < NUMBERS; i++) {
        sum += numbers[i];
    }
    return sum;
}

int main(int argc, char **argv) {
    (void) argc;
    (void) argv;
    srand(1);
    for (int i = 0; i < NUMBERS; i++) {
        numbers[i] = rand() % 10000 - 5000;
    }
    long before = sum();
    qsort(numbers, NUMBERS, sizeof numbers[0], by_value);
    int unordered = 0;
    for (int i = 1; i < NUMBERS; i++) {
        unordered += numbers[i - 1] > numbers[i];
    }
    printf("%d numbers, out of order: %d, the sum is %s\n", NUMBERS, unordered, sum() == before ? "the same" : "another");
    printf("comparisons: %s\n", comparisons < 20 * NUMBERS ? "fewer than 20 for each" : "too many");

    int missing = 0;
    for (int i = 0; i < NUMBERS; i++) {
        long *found = bsearch(&numbers[i], numbers, NUMBERS, sizeof numbers[0], by_value);
        missing += found == NULL || *found != numbers[i];
    }
    long absent = 5001;
    printf("not found again: %d, found by mistake: %d\n", missing,
           bsearch(&absent, numbers, NUMBERS, sizeof numbers[0], by_value) != NULL);

    size_t count = sizeof walks / sizeof walks[0];
    qsort(walks, count, sizeof walks[0], by_levels_and_name);
    for (size_t i = 0; i < count; i++) {
        printf("%d levels: %s\n", walks[i].levels, walks[i].name);
    }
    return unordered != 0 || missing != 0;
}
