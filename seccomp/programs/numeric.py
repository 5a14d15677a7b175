"""numpy with all its threads: linear algebra, FFT, random numbers, files, maps."""
import tempfile

import numpy as np

rng = np.random.default_rng(1)
matrix = rng.random((400, 400))
print(np.allclose(np.linalg.inv(matrix) @ matrix, np.eye(400)), np.linalg.svd(matrix)[1].shape)
print(np.abs(np.fft.ifft(np.fft.fft(matrix)) - matrix).max() < 1e-9, np.sort(rng.integers(0, 10, 5)).tolist())
with tempfile.TemporaryDirectory() as place:
    np.save(f"{place}/m.npy", matrix)
    print(np.load(f"{place}/m.npy", mmap_mode="r").shape, np.memmap(f"{place}/map", mode="w+", shape=1000).sum())
    np.savetxt(f"{place}/m.txt", matrix[:2])
    print(np.loadtxt(f"{place}/m.txt").shape)
huge = np.zeros(1 << 27, dtype=np.int8)
huge[::4096] = 1
print(int(huge.sum()), np.random.rand(2).shape)
