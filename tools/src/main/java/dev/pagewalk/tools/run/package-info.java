/**
 * One guest, from its image's name to its exit status: {@link dev.pagewalk.tools.run.ImageSource} finds and loads the
 * image, {@link dev.pagewalk.tools.run.GuestRun} runs it, {@link dev.pagewalk.tools.run.Screenshot} is what its screen showed. What a user did wrong is a {@link
 * dev.pagewalk.tools.run.UserErrorException}. The commands and the test runner call this package.
 */
package dev.pagewalk.tools.run;
