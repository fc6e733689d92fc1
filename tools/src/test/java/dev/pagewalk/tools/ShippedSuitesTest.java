package dev.pagewalk.tools;

import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectUris;
import org.junit.platform.suite.api.Suite;

/** The guests that come with Pagewalk, each a test of its own in the build's report. */
@Suite
@IncludeEngines("pagewalk")
@SelectUris({"pagewalk:catalog", "pagewalk:conformance"})
class ShippedSuitesTest {}
