# Classes that exist before the program makes any.
print(sorted(cls.__name__ for cls in Exception.__subclasses__()))
print(sorted(cls.__name__ for cls in Warning.__subclasses__()), sorted(cls.__name__ for cls in OSError.__subclasses__()))
print(sorted(f"{cls.__module__}.{cls.__name__}" for cls in object.__subclasses__()))
