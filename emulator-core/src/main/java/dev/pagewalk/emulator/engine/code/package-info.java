/**
 * Guest code as engines keep it: decoded, by physical frame, with marks where somebody wants to be asked before it is executed. A store
 * into it empties what it touches, at once.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.emulator.engine.interpreter}, which fills these pages and executes from them.
 */
package dev.pagewalk.emulator.engine.code;
