import numpy
import pandas


def totals(frame):
    return frame.groupby("kind")["value"].sum()


def by_two(frame):
    return frame.groupby(["kind", "side"])["value"].sum()


def counted(series):
    return series.value_counts()


def by_kind(frame):
    return frame.set_index("kind")


def table(frame):
    return frame.pivot_table(index="kind", columns="side", values="value", aggfunc="sum")


def daily(series):
    return series.resample("D").sum()


def name_of_index(frame):
    return frame.index.name


def to_category(series):
    return series.astype("category")


def is_category(series):
    return isinstance(series.dtype, pandas.CategoricalDtype)


def to_float32(values):
    return values.astype("float32")


def larger(frame, than):
    return frame[frame["value"] > than]


def same(value):
    return value


def double(values):
    values *= 2


def zeros(n):
    return numpy.zeros(n, dtype="int8")
# tests
import numpy
import pandas
from pandas.testing import assert_frame_equal, assert_series_equal
from solution import by_kind, by_two, counted, daily, double, is_category, larger, name_of_index, same, table
from solution import to_category, to_float32, totals, zeros

FRAME = pandas.DataFrame({"kind": ["a", "a", "b"], "value": [1, 2, 3], "side": ["x", "y", "x"]})


def test_names_of_an_index():
    assert_series_equal(totals(FRAME), pandas.Series([3, 3], index=pandas.Index(["a", "b"], name="kind"), name="value"))
    assert_series_equal(counted(FRAME["kind"]), FRAME["kind"].value_counts())
    assert_frame_equal(by_kind(FRAME), FRAME.set_index("kind"))
    assert name_of_index(FRAME.set_index("kind")) == "kind"


def test_another_name():
    assert_series_equal(totals(FRAME), pandas.Series([3, 3], index=pandas.Index(["a", "b"], name="side"), name="value"))


def test_levels():
    assert_series_equal(by_two(FRAME), FRAME.groupby(["kind", "side"])["value"].sum())
    assert_frame_equal(table(FRAME), FRAME.pivot_table(index="kind", columns="side", values="value", aggfunc="sum"))


def test_times():
    times = pandas.Series([1, 2, 3], index=pandas.date_range("2024-01-01", periods=3, freq="12h"))
    assert_series_equal(daily(times), times.resample("D").sum())
    zoned = pandas.Series(pandas.date_range("2024-03-30", periods=3, tz="UTC"))
    assert_series_equal(same(zoned), zoned)
    assert_series_equal(same(zoned.diff()), zoned.diff())


def test_categories():
    categories = FRAME["kind"].astype("category")
    assert_series_equal(to_category(FRAME["kind"]), categories)
    assert is_category(categories)


def test_dtypes():
    assert_series_equal(to_float32(FRAME["value"]), FRAME["value"].astype("float32"))
    assert to_float32(numpy.array([1, 2])).dtype == numpy.float32
    assert zeros(2).dtype == numpy.int8
    missing = FRAME.assign(n=pandas.array([1, None, 2], dtype="Int64"), s=pandas.array(["a", None, "b"], dtype="string"))
    assert_frame_equal(same(missing), missing)


def test_arrays_that_are_changed():
    numbers = numpy.array([[1, 2], [3, 4]])
    double(numbers[0])
    assert numbers.tolist() == [[2, 4], [3, 4]]
    double(numbers.T)
    assert numbers.tolist() == [[4, 8], [6, 8]] and numbers.dtype == int


def test_another_dtype():
    assert_series_equal(to_float32(FRAME["value"]), FRAME["value"].astype("float64"))


def test_columns():
    twice = pandas.concat([FRAME, FRAME], axis=1)
    assert_frame_equal(same(twice), twice)
    two = pandas.DataFrame({("a", "b"): [1], ("a", "c"): [2]})
    assert_frame_equal(same(two), two)


def test_empty():
    assert_frame_equal(larger(FRAME, 100), FRAME[FRAME["value"] > 100])
    assert_frame_equal(same(pandas.DataFrame()), pandas.DataFrame())
    none = FRAME[FRAME["value"] > 3]
    assert list(by_two(none).index.names) == ["kind", "side"]
    assert len(table(none)) == 0
