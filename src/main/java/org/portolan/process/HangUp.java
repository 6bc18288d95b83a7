package org.portolan.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** The signal HUP, on which services read their configuration again. */
public final class HangUp {
    private HangUp() {}

    /**
     * Has something done at each signal, instead of ending the program.
     *
     * @return false when the JVM does not hand the signal out
     */
    public static boolean each(Runnable what) {
        // By reflection: the compiler warns of this interface, and there is no other.
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    what.run();
                    return null;
                }
                return switch (method.getName()) {
                    case "equals" -> arguments != null && isSame(proxy, arguments[0]);
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "HUP";
                };
            };
            Object made = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), made);
            return true;
        } catch (ReflectiveOperationException unavailable) {
            return false;
        }
    }

    /** Not what its equals says, which this answers. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }
}
