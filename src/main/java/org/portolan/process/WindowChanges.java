package org.portolan.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.process.AttachedTerminal.Size;

/**
 * Tells the terminal's size, at first and whenever the window changed (SIGWINCH). The JVM's signals are reached by
 * reflection: their class is not part of the platform's API, and where it is missing the first size stays.
 */
public final class WindowChanges implements AutoCloseable {
    private final Supplier<Optional<Size>> look;
    private final Consumer<Size> tell;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;
    private final @Nullable Object before;

    private WindowChanges(Supplier<Optional<Size>> look, Consumer<Size> tell) {
        this.look = look;
        this.tell = tell;
        this.before = handle(Proxy.newProxyInstance(
                WindowChanges.class.getClassLoader(), new Class<?>[] {handlerType()}, changed()));
        this.thread = Thread.ofPlatform().daemon().name("window-size").unstarted(this::follow);
    }

    /**
     * Begins to report; reports nothing where there is no size.
     *
     * @param look asks the terminal
     * @param tell gets each size that differs from the last; what it throws is not passed on: the command continues as it is
     */
    public static AutoCloseable follow(Supplier<Optional<Size>> look, Consumer<Size> tell) {
        if (handlerType() == Runnable.class) {
            look.get().ifPresent(tell);
            return () -> {};
        }
        WindowChanges changes = new WindowChanges(look, tell);
        changes.thread.start();
        return changes;
    }

    @SuppressWarnings("ReferenceEquality") // that is how a proxy is equal to itself
    private InvocationHandler changed() {
        return (handler, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(handler);
                    case "equals" -> handler == arguments[0];
                    default -> "window changes";
                };
            }
            changes.release();
            return null;
        };
    }

    private void follow() {
        Size last = new Size(0, 0);
        try {
            while (true) {
                Optional<Size> now = look.get();
                if (now.isPresent() && !now.get().equals(last)) {
                    last = now.get();
                    tell(last);
                }
                changes.acquire();
                changes.drainPermits();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Size size) {
        try {
            tell.accept(size);
        } catch (RuntimeException refused) {
            // The command may have ended in between; its own stream tells.
        }
    }

    /** The handler's interface; Runnable where the JVM has none. */
    private static Class<?> handlerType() {
        try {
            return Class.forName("sun.misc.SignalHandler");
        } catch (ClassNotFoundException none) {
            return Runnable.class;
        }
    }

    /** Sets the handler of SIGWINCH; the one before, or null when the JVM does not hand the signal out. */
    private static @Nullable Object handle(@Nullable Object handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Object window = signal.getConstructor(String.class).newInstance("WINCH");
            return signal.getMethod("handle", signal, handlerType()).invoke(null, window, handler);
        } catch (ReflectiveOperationException unavailable) {
            return null;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        if (before != null) {
            handle(before);
        }
    }
}
