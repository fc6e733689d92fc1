package dev.pagewalk.tools.jupiter;

import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.text.PrintableText;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.IncompleteExecutionException;

/** Gives each {@link GuestTest} method its guest, and checks in the end what every guest must keep. */
final class GuestExtension
        implements BeforeEachCallback, ParameterResolver, TestExecutionExceptionHandler, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(GuestExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        GuestTest wanted = AnnotationSupport.findAnnotation(method, GuestTest.class)
                .orElseThrow(() -> new ExtensionConfigurationException(method + " is no @GuestTest"));
        try {
            store(context).put(Guest.class, new GuestBoot(wanted, context.getRequiredTestClass()).boot());
        } catch (UserErrorException | IllegalArgumentException e) {
            throw new ExtensionConfigurationException(
                    "@GuestTest " + method.getName() + ": " + PrintableText.of(e.getMessage()), e);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Guest.class && guest(context) != null;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return guest(context);
    }

    /** What failed in a test is easier to understand beside the guest's last words. */
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (!(failure instanceof IncompleteExecutionException)) {
            failure.addSuppressed(new LastWords(guest(context).describe()));
        }
        throw failure;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Guest guest = guest(context);
        List<String> broken = guest == null ? List.of() : guest.brokenPromises();
        if (!broken.isEmpty()) {
            throw new AssertionError(
                    "the kernel is wrong: " + PrintableText.of(String.join("\n  ", broken)) + "\n" + guest.describe());
        }
    }

    /** Null where it could not be booted. */
    private static Guest guest(ExtensionContext context) {
        return store(context).get(Guest.class, Guest.class);
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    /** No failure of its own: what the failure beside it happened to. */
    private static final class LastWords extends Exception {
        private static final long serialVersionUID = 1L;

        LastWords(String text) {
            super(text, null, false, false);
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }
}
