def who(): return (__name__, __file__, __package__)
