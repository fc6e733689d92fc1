/**
 * What the engine has translated, for people: as it happens ({@link dev.pagewalk.tools.engine.EngineLogFile}), and as it stands ({@link
 * dev.pagewalk.tools.engine.RegionText}). Beside the path of a load.
 */
package dev.pagewalk.tools.engine;
