package dev.pagewalk.kernel.shootdown;

/** Makes shootdowns that nobody has issued. */
public final class TestShootdowns {
    private TestShootdowns() {}

    /** @param number 1 or more */
    public static Shootdown of(SpaceTranslations space, long number) {
        Shootdown shootdown = new Shootdown(space, new FlushBatch(1), false);
        shootdown.issued(number, 0, 0);
        return shootdown;
    }
}
