/** Text as it may be shown: others' ({@link dev.pagewalk.tools.text.PrintableText}), and in columns ({@link dev.pagewalk.tools.text.TextTable}). */
package dev.pagewalk.tools.text;
