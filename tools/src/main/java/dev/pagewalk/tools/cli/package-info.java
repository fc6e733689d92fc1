/**
 * The command line: {@link dev.pagewalk.tools.cli.Main} and one class for each command. Only this package touches the
 * standard streams, the JVM's exit status and host threads; the commands' work is done in the packages beside it.
 *
 * <p>From {@code boot} the path of a load goes on in {@link dev.pagewalk.tools.run.GuestRun}.
 */
package dev.pagewalk.tools.cli;
