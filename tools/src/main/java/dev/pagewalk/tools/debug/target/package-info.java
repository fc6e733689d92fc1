/**
 * What a debugger can ask of a guest and do to it, whatever the protocol: {@link dev.pagewalk.tools.debug.target.DebugTarget} and its
 * vocabulary.
 */
package dev.pagewalk.tools.debug.target;
