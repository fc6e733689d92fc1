package dev.pagewalk.kernel;

import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.UserLayout;
import java.util.function.Consumer;

/**
 * How a kernel behaves and to whom it talks.
 *
 * @param layout where things go in user space
 * @param hugePages which memory gets pages of 2 MiB
 * @param log takes lines meant for the person who runs the machine, such as a call that is not implemented
 * @param systemCallTrace takes a line per system call; null where nobody wants them
 */
public record KernelConfig(
        UserLayout layout, HugePages hugePages, Consumer<String> log, Consumer<String> systemCallTrace) {
    /** The default layout, and nobody to talk to. */
    public static KernelConfig quiet() {
        return new KernelConfig(UserLayout.DEFAULT, HugePages.NEVER, line -> {}, null);
    }
}
