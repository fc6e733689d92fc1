/**
 * A run with its inputs: {@link dev.pagewalk.tools.history.GuestHistory} lets it go forward, takes inputs and notes the position of each, and
 * goes back to any position by executing the run again from a checkpoint. {@link dev.pagewalk.tools.history.InputLogWriter} and {@link
 * dev.pagewalk.tools.history.InputLogReader} keep the inputs in a file.
 *
 * <p>What has been sent to the world is not sent again: {@link dev.pagewalk.tools.history.OnceOnly}. Beside the path of a load; from here
 * it goes on in {@link dev.pagewalk.emulator.Machine#run}.
 */
package dev.pagewalk.tools.history;
