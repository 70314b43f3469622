"""Makes scipy.mat, scipy_compressed.mat and big_endian.mat (scipy 1.17)."""

import numpy as np
import scipy.io
import scipy.sparse

values = {
    "d": np.array([[1, 2.5], [-3, np.inf], [0, 5]]),
    "f": np.array([[0.1, -2], [3, 4]], np.float32),
    "i8": np.array([[-128, 127]], np.int8),
    "u8": np.array([[0, 255]], np.uint8),
    "i16": np.array([[-32768], [32767]], np.int16),
    "u16": np.array([[65535]], np.uint16),
    "i32": np.array([[-(2**31)]], np.int32),
    "u32": np.array([[2**32 - 1]], np.uint32),
    "i64": np.array([[-(2**53) - 1, 7]], np.int64),
    "u64": np.array([[2**64 - 1]], np.uint64),
    "python_int": 200,
    "python_float": 0.25,
    "l": np.array([[True, False, True], [False, False, True]]),
    "z": np.array([[1 + 2j, 3 - 4j]]),
    "s": "sigmoid",
    "empty": "",
    "accents": "naïve Ω 𝄞",
    "strings": np.array(["go", "nogo"]),
    "nothing": np.zeros((0, 3)),
    "cube": np.arange(1, 25).reshape(2, 3, 4, order="F").astype(float),
    "trailing": np.zeros((4, 2, 1), np.float32),
    "c": np.array([[1, "two"], [np.array([3, 4]), "x"]], dtype=object),
    "st": {"name": "x", "value": np.array([[1.0], [2.0]]), "inner": {"deep": True}},
    "sp": scipy.sparse.csc_matrix(([10, 30, 24.5], ([0, 2, 1], [0, 0, 3])), (3, 4)),
    "last": "end",
}
scipy.io.savemat("scipy.mat", values)
scipy.io.savemat("scipy_compressed.mat", values, do_compression=True)


def swapped_element(kind: int, data: bytes) -> bytes:
    """A big-endian element; scipy itself writes only this machine's order."""
    padding = b"\0" * (-len(data) % 8)
    return kind.to_bytes(4, "big") + len(data).to_bytes(4, "big") + data + padding


def swapped_matrix(
    name: str, array: np.ndarray, mx: int, mi: int, flags: int = 0
) -> bytes:
    order = array.astype(array.dtype.newbyteorder(">")).tobytes(order="F")
    body = (
        swapped_element(6, np.array([mx | flags << 8, 0], ">u4").tobytes())
        + swapped_element(5, np.array(array.shape, ">i4").tobytes())
        # A small element: length above, type below.
        + len(name).to_bytes(2, "big")
        + b"\0\1"
        + name.encode().ljust(4, b"\0")
        + swapped_element(mi, order)
    )
    return swapped_element(14, body)


header = b"MATLAB 5.0 MAT-file, big-endian".ljust(124) + b"\1\0MI"
with open("big_endian.mat", "wb") as file:
    file.write(header)
    file.write(swapped_matrix("d", values["d"], 6, 9))
    file.write(swapped_matrix("f", values["f"], 7, 7))
    file.write(swapped_matrix("i64", values["i64"], 14, 12))
    file.write(swapped_matrix("l", values["l"].astype(np.uint8), 9, 2, flags=2))
    text = np.array([[ord(c) for c in "sigmoid"]], np.uint16)
    file.write(swapped_matrix("s", text, 4, 17))
    # Whole doubles stored as 16-bit integers, as MATLAB does.
    file.write(swapped_matrix("n", np.array([[1, 2, -3]], np.int16), 6, 3))
assert scipy.io.loadmat("big_endian.mat")["d"][1, 1] == np.inf
