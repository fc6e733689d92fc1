package dev.pagewalk.kernel.process;

import dev.pagewalk.kernel.space.AddressSpace;

/**
 * An address space, and how many processes run in it: several from a clone with CLONE_VM until all but one have ended or
 * executed another program. Threads of one process count as one.
 */
final class SharedSpace {
    private final AddressSpace space;
    private int users;

    SharedSpace(AddressSpace space) {
        this(space, 0);
    }

    SharedSpace(AddressSpace space, int users) {
        this.space = space;
        this.users = users;
    }

    AddressSpace space() {
        return space;
    }

    /** Processes that have not ended. */
    int users() {
        return users;
    }

    SharedSpace join() {
        users++;
        return this;
    }

    void leave() {
        users--;
    }
}
