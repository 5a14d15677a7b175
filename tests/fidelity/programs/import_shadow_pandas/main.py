# A package called pandas takes the place of the library, and numpy stays.
import pandas, numpy
print(pandas.MINE, pandas.__path__, numpy.__name__)
