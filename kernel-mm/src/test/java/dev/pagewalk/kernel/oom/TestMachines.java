package dev.pagewalk.kernel.oom;

import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.testing.TestMachine;

/** Machines that differ from the usual one. */
final class TestMachines {
    private TestMachines() {}

    static TestMachine.Options huge() {
        return TestMachine.options().hugePages(HugePages.ALWAYS);
    }

    static TestMachine.Options eager() {
        return TestMachine.options().fork(ForkStrategy.EAGER);
    }

    static TestMachine.Options withInput(String text) {
        return TestMachine.options().input(text);
    }
}
