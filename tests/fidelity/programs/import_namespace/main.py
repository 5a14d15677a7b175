# A package without __init__.py.
import space.inner
print(space.__path__, space.__file__, space.inner.X, space.__spec__.origin)
