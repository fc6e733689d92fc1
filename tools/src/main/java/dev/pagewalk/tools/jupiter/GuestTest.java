package dev.pagewalk.tools.jupiter;

import dev.pagewalk.tools.run.GuestsUnderTest;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method around a guest of its own, booted and before its first instruction: a parameter of type {@link Guest} gets
 * it, there and in {@code @BeforeEach} and {@code @AfterEach} methods.
 *
 * <p>After the test, what every guest must keep is checked, too: the TLB coherence sanitizer, which is on, has found
 * nothing, and all frames are back where the guest has ended.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(GuestExtension.class)
public @interface GuestTest {
    /** A guest of the catalog, a file, or a resource beside the test's class: ELF or assembly. */
    String image() default "";

    /** The guest itself in assembly, instead of {@link #image}. */
    String source() default "";

    /** The arguments after the program's name. */
    String[] args() default {};

    /** What is in its environment, each {@code KEY=VALUE}. */
    String[] env() default {};

    /** Files of the host's that it finds, each {@code GUEST=HOST}. */
    String[] files() default {};

    /** What has been typed already when it starts; see {@link Guest#type}. */
    String stdin() default "";

    /** Emulated cores, 1 to 64; 0 for as many as {@code boot} has. */
    int harts() default 0;

    /** Such as {@code 64M}; empty for what {@code boot} has, as below. */
    String ram() default "";

    /** {@code sv39}, {@code sv48} or {@code sv57}. */
    String paging() default "";

    /** The timing profile's name. */
    String profile() default "";

    /** {@code auto}, {@code interpreter} or {@code translator}; nothing that a guest does or costs depends on it. */
    String engine() default "";

    /** The shootdown policy's name. */
    String shootdown() default "";

    /** {@code cow} or {@code eager}. */
    String fork() default "";

    /** Further options of {@code boot} that describe a machine, each {@code --name=value} or {@code --name}. */
    String[] options() default {};

    /** The test fails where the guest runs on for longer, in cycles since power-on. */
    long maxCycles() default GuestsUnderTest.MOST_CYCLES;
}
