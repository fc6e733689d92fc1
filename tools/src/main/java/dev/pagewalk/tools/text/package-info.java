/** Text that others wrote, as it may be shown: {@link dev.pagewalk.tools.text.PrintableText}. */
package dev.pagewalk.tools.text;
