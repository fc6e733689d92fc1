// picolibc-printf: a C library's formatted output and input, from integers to doubles in software.
#include "platform.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

static void integers(void) {
    printf("[%d] [%5d] [%-5d] [%05d] [%+d]\n", 42, 42, 42, 42, 42);
    printf("[%u] [%x] [%#X] [%o]\n", UINT_MAX, 0xbeef, 0xbeef, 0755);
    printf("[%ld] [%ld] [%" PRIu64 "]\n", LONG_MIN, LONG_MAX, UINT64_MAX);
    printf("[%hhd] [%zu] [%c] [%%]\n", (signed char) 300, sizeof(long), 'x');
}

static void strings(void) {
    printf("[%s] [%10s] [%-10s] [%.3s] [%*s]\n", "walk", "walk", "walk", "walk", 6, "walk");
}

static void doubles(void) {
    printf("[%f] [%.3f] [%8.2f] [%e] [%g]\n", 3.14159265, 2.0 / 3, -1234.567, 6.02214076e23, 1e-10);
    printf("[%g] [%g] [%g]\n", 1.0 / 0.0, -0.0, 123456789.0);
}

// What is printed must be read as what it was; gives how many were not.
static int round_trips(void) {
    char text[64];
    int wrong = 0;
    unsigned long number = 1;
    for (int i = 0; i < 64; i++) {
        number = number * 6364136223846793005 + 1442695040888963407;
        unsigned long whole = 0;
        snprintf(text, sizeof text, "%#lx", number);
        wrong += sscanf(text, "%lx", &whole) != 1 || whole != number;

        double fraction = (double) (long) number / 1048576;
        snprintf(text, sizeof text, "%.17g", fraction);
        wrong += strtod(text, NULL) != fraction;
    }
    return wrong;
}

int main(int argc, char **argv) {
    integers();
    strings();
    doubles();
    for (int i = 1; i < argc; i++) {
        printf("argument %d: %s\n", i, argv[i]);
    }
    const char *text = argc > 1 ? argv[1] : "a text that is too long";
    char cut[8];
    int wanted = snprintf(cut, sizeof cut, "%s", text);
    printf("cut to [%s], %d characters of %d\n", cut, (int) strlen(cut), wanted);
    int wrong = round_trips();
    printf("read back wrong: %d\n", wrong);
    return wrong != 0;
}
