# Registrations of abstract classes are the usual ones.
import collections.abc, numbers, abc
class Mine: pass
print(isinstance([], collections.abc.Sequence), issubclass(int, numbers.Integral), abc.get_cache_token() >= 0, isinstance(Mine(), collections.abc.Hashable))
collections.abc.Sequence.register(Mine); print(isinstance(Mine(), collections.abc.Sequence))
