"""Records as rows of a table: one row a record, names and codes side by side. Made for frames, CSV and Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import batched_compat as batched
from typing import Any, Literal, TypeVar

import pyarrow as pa
