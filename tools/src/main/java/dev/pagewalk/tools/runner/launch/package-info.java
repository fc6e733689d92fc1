/**
 * Suites from the command line: {@link dev.pagewalk.tools.runner.launch.SuiteLaunch} has the JUnit launcher run what the user
 * chose, and shows how it goes.
 */
package dev.pagewalk.tools.runner.launch;
