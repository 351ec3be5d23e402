package io.canaryrun.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The classes in which Jackson and Gson look into others, made to tell {@link ReflectionLog}. */
final class ReflectionCalls {
  private static final ClassLoader LOADER = ReflectionCalls.class.getClassLoader();

  /**
   * Where a library begins to look into a class.
   *
   * @param owner the file of the class of that method
   * @param parameter the type of the parameter that names the class
   * @param accessor the method of that parameter that tells the class; empty: it is the class
   */
  private record Place(String owner, String method, ClassDesc parameter, String accessor) {
    boolean isIn(MethodModel method) {
      return method.methodName().equalsString(this.method) && index(method) >= 0;
    }

    int index(MethodModel method) {
      return method.methodTypeSymbol().parameterList().indexOf(parameter);
    }
  }

  private static final List<Place> PLACES =
      List.of(
          new Place(
              "com/fasterxml/jackson/databind/introspect/POJOPropertiesCollector.class",
              ConstantDescs.INIT_NAME,
              ClassDesc.of("com.fasterxml.jackson.databind.JavaType"),
              "getRawClass"),
          new Place(
              "com/google/gson/internal/ConstructorConstructor.class",
              "get",
              ClassDesc.of("com.google.gson.reflect.TypeToken"),
              "getRawType"),
          new Place(
              "com/google/gson/internal/bind/EnumTypeAdapter.class",
              ConstantDescs.INIT_NAME,
              ConstantDescs.CD_Class,
              ""));

  private ReflectionCalls() {}

  /** The bytes of each of them, by the name of its file. */
  static Map<String, byte[]> classes() {
    var classes = new TreeMap<String, byte[]>();
    PLACES.forEach(place -> classes.put(place.owner(), withCall(place)));
    return classes;
  }

  private static byte[] withCall(Place place) {
    var others = ClassHierarchyResolver.ofResourceParsing(LOADER);
    var format = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(others));
    return format.transformClass(
        format.parse(bytes(place.owner())),
        (library, element) -> {
          if (element instanceof MethodModel method && place.isIn(method)) {
            var call = new Call(place, place.index(method));
            library.transformMethod(method, MethodTransform.transformingCode(call));
          } else {
            library.with(element);
          }
        });
  }

  /** Of a class, as it is. */
  static byte[] bytes(String file) {
    try (var stream = LOADER.getResourceAsStream(file)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells the class before anything else is done. */
  private record Call(Place place, int index) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      code.aload(code.parameterSlot(index));
      if (!place.accessor().isEmpty()) {
        var type = MethodTypeDesc.of(ConstantDescs.CD_Class);
        code.invokevirtual(place.parameter(), place.accessor(), type);
      }
      code.invokestatic(
          ClassDesc.of(ReflectionLog.class.getName()),
          "looksInto",
          MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Class));
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }
}
