package io.canaryrun.fake;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The fakes are for one thread; this lets a daemon on real threads use them, a call at a time. */
public final class OneAtATime {
  private OneAtATime() {}

  /** The same, with all other fakes that this gives waiting meanwhile. */
  public static <T> T of(Class<T> port, T fake) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              synchronized (OneAtATime.class) {
                try {
                  return method.invoke(fake, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              }
            }));
  }
}
