/**
 * Futexes: tasks that wait for a word of user memory to be changed, and who wakes them. The words themselves belong to the
 * guest; the kernel only compares them.
 *
 * <p>No stop on the path of a load: threads come here by {@code futex(2)}, and where one of them ends.
 */
package dev.pagewalk.kernel.futex;
