package org.portolan.template;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.reflect.MissingWrapper;
import com.github.mustachejava.reflect.ReflectionObjectHandler;
import com.github.mustachejava.util.Wrapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles templates in which a name that does not exist is an error, a {@link MustacheException}, and not an empty text. Where
 * partials come from and how values are escaped is a subclass's.
 */
public abstract class StrictMustache extends DefaultMustacheFactory {
    @SuppressWarnings("this-escape") // The setter keeps what it is given and calls nothing.
    protected StrictMustache() {
        setObjectHandler(new StrictNames());
    }

    private static final class StrictNames extends ReflectionObjectHandler {
        @Override
        public @Nullable Wrapper find(String name, @Nullable List<@Nullable Object> scopes) {
            Wrapper found = super.find(name, scopes);
            if (found == null || found instanceof MissingWrapper) {
                throw new MustacheException("unknown name {{" + name + "}}");
            }
            return found;
        }
    }
}
