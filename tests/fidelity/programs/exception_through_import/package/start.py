from . import deep
def run():
    import package.broken
