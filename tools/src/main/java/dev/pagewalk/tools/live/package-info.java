/**
 * A guest in touch with the world while it runs: {@link dev.pagewalk.tools.live.LiveRun} lets the machine's thread turn from the guest to what
 * has come meanwhile and back, between two instructions. {@link dev.pagewalk.tools.live.ConsoleFeed} hands over what has been typed, {@link
 * dev.pagewalk.tools.live.DebuggerLink} answers a debugger.
 */
package dev.pagewalk.tools.live;
