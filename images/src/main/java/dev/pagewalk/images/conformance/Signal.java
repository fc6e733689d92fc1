package dev.pagewalk.images.conformance;

/** What Linux makes of the traps that the manual demands. Source: Linux, signal(7). */
enum Signal {
    SIGILL(4),
    SIGTRAP(5),
    SIGBUS(7),
    SIGSEGV(11);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
