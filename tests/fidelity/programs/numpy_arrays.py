# numpy works, its defaults are the usual ones.
import numpy as np
print(np.arange(6).reshape(2, 3) @ np.ones((3, 2)), np.get_printoptions()["precision"], np.geterr(), np.linalg.inv(np.array([[1.0, 2], [3, 4]])))
print(np.array([1, 2, 3]).dtype, np.float64(0.1) + 0.2, np.linspace(0, 1, 5), np.fft.fft([1, 2, 3]).round(3))
