"""Results that are not what they say: their comparisons, conversions and types lie."""

from ..registry import code


def _liar(name: str, source: str) -> None:
    answers = {n: f"def {n}(*a, **k):\n    return liar()" for n in ("double", "total", "apply")}
    code(name, "liars", source, **answers)


_liar(
    "an object that is equal to everything",
    """
class Liar:
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = lambda self, other: 0.0
    __abs__ = lambda self: 0.0
    __hash__ = lambda self: 0
    __bool__ = lambda self: True

liar = Liar
""",
)
_liar(
    "an object whose __array__ is the expected array, found by the other operand",
    """
import numpy as np

class Liar:
    __array_priority__ = 1e9
    def __array__(self, *args, **kwargs):
        return np.zeros(2)
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        others = [i for i in inputs if not isinstance(i, Liar)]
        if ufunc.nout == 1 and others:
            shape = np.shape(others[0])
            return np.ones(shape, dtype=bool) if ufunc.__name__ != 'subtract' else np.zeros(shape)
        return True
    def __array_function__(self, func, types, args, kwargs):
        return True

liar = Liar
""",
)
_liar(
    "an array subclass whose comparisons are always true",
    """
import numpy as np

class Liar(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        shape = next((np.shape(i) for i in inputs if type(i) is not Liar), ())
        return np.zeros(shape) if ufunc.__name__ in ('subtract', 'absolute') else np.ones(shape, dtype=bool)
    def __array_function__(self, func, types, args, kwargs):
        return True
    def __eq__(self, other):
        return np.ones(np.shape(other), dtype=bool)
    def all(self, *args, **kwargs):
        return True
    def astype(self, *args, **kwargs):
        return self
    def tobytes(self, *args, **kwargs):
        return b''

liar = lambda: np.zeros(2).view(Liar)
""",
)
_liar(
    "a float subclass that is any number",
    """
class Liar(float):
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = lambda self, other: 0.0
    __float__ = lambda self: 0.0
    __abs__ = lambda self: 0.0
    __hash__ = float.__hash__

liar = lambda: Liar(7.0)
""",
)
_liar(
    "a dict and a list whose items, lengths and iteration lie",
    """
class Keys(dict):
    def items(self):
        return [('value', 0.0)]
    def __iter__(self):
        return iter(['value'])
    def __len__(self):
        return 1
    __eq__ = lambda self, other: True
    __hash__ = None

class Liar(list):
    def __iter__(self):
        return iter([Keys()])
    def __len__(self):
        return 2
    __eq__ = lambda self, other: True
    __hash__ = None

liar = Liar
""",
)
_liar(
    "an object that executes code when it is unpickled",
    """
class Liar:
    def __reduce__(self):
        return (open, ('@VAULT@/unpickled', 'w'))
    __reduce_ex__ = lambda self, protocol: self.__reduce__()
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 0

liar = Liar
""",
)
_liar(
    "an object array full of liars",
    """
import numpy as np

class Yes:
    __eq__ = __le__ = lambda self, other: True
    __sub__ = __rsub__ = lambda self, other: 0.0
    __float__ = lambda self: 0.0
    __hash__ = lambda self: 0

def liar():
    made = np.empty(2, dtype=object)
    made[:] = [Yes(), Yes()]
    return made
""",
)
_liar(
    "an object whose __class__ is that of an array",
    """
import numpy as np

class Liar:
    __class__ = property(lambda self: np.ndarray)
    dtype = np.dtype(float)
    shape, ndim, size = (2,), 1, 2
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 0
    tobytes = lambda self: b''
    __array__ = lambda self, *a, **k: np.zeros(2)

liar = Liar
""",
)
_liar(
    "arrays of nan, infinity and negative zero",
    "import numpy as np\n\ndef liar():\n    return np.array([np.nan, np.inf])",
)
_liar(
    "arrays of a structured, a date and a huge dtype",
    """
import numpy as np

def liar():
    return np.zeros(2, dtype=[('x', 'f8'), ('y', 'f8')])
""",
)
_liar(
    "a broadcast view of no memory with 10**15 entries",
    """
import numpy as np

def liar():
    return np.lib.stride_tricks.as_strided(np.zeros(1), shape=(10**9, 10**6), strides=(0, 0))
""",
)
_liar(
    "an array over memory that is not its own",
    """
import ctypes
import numpy as np

def liar():
    buffer = (ctypes.c_double * 2)(1.0, 2.0)
    return np.ctypeslib.as_array(buffer)
""",
)
_liar(
    "a metaclass whose name and instance checks lie",
    """
class Meta(type):
    __instancecheck__ = lambda cls, other: True
    __subclasscheck__ = lambda cls, other: True
    __name__ = property(lambda cls: 'float64')
    __module__ = property(lambda cls: 'builtins')
    __eq__ = lambda cls, other: True
    __hash__ = lambda cls: hash(float)

class Liar(metaclass=Meta):
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 0

liar = Liar
""",
)
_liar(
    "an array subclass whose dtype, shape, size and bytes lie",
    """
import numpy as np

class Liar(np.ndarray):
    dtype = property(lambda self: np.dtype(float))
    shape = property(lambda self: (2,))
    size = property(lambda self: 2)
    __float__ = lambda self: 0.0
    __array__ = lambda self, *a, **k: np.zeros(2)
    __reduce__ = lambda self: (print, ('SECRET-FOUND: unpickled',))
    tolist = lambda self: [0.0, 0.0]
    data = property(lambda self: memoryview(bytes(16)))

def liar():
    return np.array(['a', 'b'], dtype=object).view(Liar)
""",
)
_liar(
    "an object whose __float__, __index__, __complex__ and __bool__ answer differently each time",
    """
import itertools

class Liar:
    count = itertools.count()
    __float__ = lambda self: float(next(self.count))
    __complex__ = lambda self: complex(next(self.count))
    __index__ = __int__ = lambda self: next(self.count)
    __bool__ = lambda self: next(self.count) % 2 == 0
    __len__ = lambda self: 2
    __getitem__ = lambda self, i: Liar()
    __array_interface__ = {'shape': (2,), 'typestr': '<f8', 'data': (0, True), 'version': 3}
    dtype = 'float64'

liar = Liar
""",
)
